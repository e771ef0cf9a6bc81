import hashlib

import numpy as np
import pytest

import symvec
from symvec.sparse import cooccurrence, one_hot, ppmi, truncated_svd

SMALL = {"algorithm": "svd", "vector_size": 8, "min_count": 1}


def two_worlds(sentences=400):
    """Return sentences each of which keeps to one of two groups of ten words."""
    random = np.random.default_rng(0)
    groups = [[f"{group}{n}" for n in range(10)] for group in ("land", "sea")]
    return groups, [
        [groups[n % 2][word] for word in random.integers(0, 10, 12)] for n in range(sentences)
    ]


def digest(vectors):
    return hashlib.sha256(vectors.table.tobytes()).hexdigest()


def test_words_that_share_contexts_come_to_lie_together():
    groups, sentences = two_worlds()
    vectors = symvec.train(sentences, **SMALL | {"vector_size": 2})
    for group in groups:
        for word, nearest in zip(group, vectors.most_similar(group, topn=9), strict=True):
            assert {neighbour for neighbour, _ in nearest} == set(group) - {word}


@pytest.mark.parametrize("threads", [2, 3, 8])
def test_the_number_of_threads_changes_no_byte(threads):
    _, sentences = two_worlds(100)
    alone = symvec.train(sentences, threads=1, **SMALL)
    together = symvec.train(sentences, threads=threads, **SMALL)
    assert digest(alone) == digest(together)
    assert alone.provenance == together.provenance
    assert digest(alone) != digest(symvec.train(sentences, threads=1, seed=2, **SMALL))


def test_the_road_by_sparse_matrices_comes_to_the_same():
    _, sentences = two_worlds(200)
    vectors = symvec.train(sentences, **SMALL)
    matrix = ppmi(cooccurrence(sentences, vectors.vocabulary))
    found = truncated_svd(matrix, 8)
    np.testing.assert_allclose(found.dense_rows(0.5), vectors.table, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(found.values, vectors.provenance["singular_values"], rtol=1e-5)
    word = "sea3"
    mapped = one_hot([word], vectors.vocabulary) @ matrix @ found.linear_map(0.5)
    cosine = float(
        mapped[0] @ vectors[word] / np.linalg.norm(mapped) / np.linalg.norm(vectors[word])
    )
    assert cosine > 0.99


@pytest.mark.parametrize(
    "setting", [{"eigenvalue_weight": 0.0}, {"context_smoothing": 1.0}, {"ppmi_shift": 2.0}]
)
def test_each_setting_changes_the_vectors(setting):
    _, sentences = two_worlds(100)
    assert digest(symvec.train(sentences, **SMALL)) != digest(
        symvec.train(sentences, **SMALL | setting)
    )


def test_more_dimensions_than_words_are_zero():
    vectors = symvec.train([["a", "b", "c"], ["b", "d"]] * 3, **SMALL | {"vector_size": 50})
    assert vectors.table.shape == (4, 50)
    assert not vectors.table[:, 4:].any()
    assert np.isfinite(vectors.table).all()


@pytest.mark.parametrize(
    "sentences", [[["lone"]] * 3, [["lone"] * 40], [["a"], ["b"]], [["a", "b"]]]
)
def test_corpora_with_next_to_nothing(sentences):
    vectors = symvec.train(sentences, **SMALL)
    assert len(vectors) == len({word for sentence in sentences for word in sentence})
    assert np.isfinite(vectors.table).all()


def test_stages_are_told():
    stages = []
    symvec.train(two_worlds(50)[1], progress=lambda told: stages.append(told.stage), **SMALL)
    assert "counting" in stages
    assert "factorising" in stages
