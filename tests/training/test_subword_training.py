import numpy as np
import pytest

import symvec
from symvec.kernels.compiling import UNCOMPILED

SENTENCES = [
    ["teapot", "teacup", "coffeepot", "are", "drunk"],
    ["sailing", "sailors", "sailed", "the", "sea"],
    ["한국어", "한국말", "배우다", "배운다"],
] * 40
SETTINGS = {"vector_size": 12, "window": 3, "min_count": 1, "epochs": 3, "sample": 0, "bucket": 500}
ROWS = [
    {"subwords": "chars"},
    {"subwords": "graphemes", "ngram_rows": "hashed", "hash_count": 2},
    {"subwords": "jamo"},
]


@pytest.mark.skipif(UNCOMPILED, reason="uncompiled kernels run on one thread")
@pytest.mark.parametrize("algorithm", ["skipgram", "cbow"])
@pytest.mark.parametrize("rows", ROWS, ids=lambda rows: rows["subwords"])
def test_the_same_bytes_at_any_number_of_threads(algorithm, rows):
    tables = [
        symvec.train(SENTENCES, algorithm=algorithm, threads=threads, **SETTINGS, **rows).table
        for threads in (1, 2, 3, 8, 1)
    ]
    assert len({table.tobytes() for table in tables}) == 1
    assert np.isfinite(tables[0]).all()


def test_the_rows_of_words_are_learned_and_those_of_no_word_stay():
    once = symvec.train(SENTENCES, subwords="chars", **SETTINGS | {"epochs": 1})
    more = symvec.train(SENTENCES, subwords="chars", **SETTINGS | {"epochs": 2})
    used = np.unique(once.rows.word_rows().row_ids)
    changed = (once.table != more.table).any(axis=1)
    assert changed[used].all()
    assert not np.delete(changed, used).any()


@pytest.mark.parametrize("rows", [*ROWS, {"subwords": "chars", "ngram_rows": "listed"}])
def test_words_never_seen_have_vectors_before_and_after_saving(rows, tmp_path):
    settings = SETTINGS | rows
    if rows.get("ngram_rows") == "listed":
        del settings["bucket"]
    vectors = symvec.train(SENTENCES, **settings)
    vectors.save(tmp_path / "model.safetensors")
    again = symvec.load(tmp_path / "model.safetensors")
    for word in ("teapots", "teapot", "한국"):
        assert again[word].tobytes() == vectors[word].tobytes()
    assert again.word_matrix.tobytes() == vectors.word_matrix.tobytes()
    assert "teapots" in again
    assert "teapots" not in again.key_to_index
    assert again.provenance["settings"]["subwords"] == rows["subwords"]


def test_many_words_that_share_rows_do_not_grow_without_bound():
    # Each word has the n-gram of each other one: their changes of a round are all alike.
    random = np.random.default_rng(1)
    words = [f"abcdefgh{number:03d}" for number in range(300)]
    sentences = [random.choice(words, 30).tolist() for _ in range(200)]
    settings = {"alpha": 0.05, "epochs": 2, "vector_size": 16, "min_count": 1, "bucket": 5000}
    vectors = symvec.train(sentences, subwords="chars", **settings)
    assert vectors.norms.max() < 20
