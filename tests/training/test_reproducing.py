import filecmp

import numpy as np
import pytest

import symvec
from symvec.errors import InputError
from symvec.training.algorithms import ALGORITHMS
from symvec.training.reproducing import differences, trained_again

SMALL = {"vector_size": 8, "min_count": 2}
WAYS = [
    *({"algorithm": algorithm} for algorithm in ALGORITHMS if algorithm != "elmo"),
    {"objective": "hierarchical-softmax", "seed": 3},
    {"algorithm": "cbow", "subwords": "chars", "bucket": 100, "alpha": 0.03},
    {"phrases": 1, "phrases_min_count": 2, "held_out": 0.2},
    {"tokeniser": "whitespace", "max_vocabulary": 9},
    {"items": True},
]


@pytest.fixture(scope="module")
def text(tmp_path_factory):
    path = tmp_path_factory.mktemp("text") / "text.txt"
    random = np.random.default_rng(0)
    lines = [" ".join(f"W{n}" for n in line) for line in random.zipf(1.5, (300, 12)) % 60]
    path.write_text("\n".join(lines))
    return path


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_each_way_of_training_can_be_gone_again(text, tmp_path, way):
    paths = [tmp_path / "first", tmp_path / "again"]
    symvec.train(text, **SMALL | way, threads=2).save(paths[0])
    first = symvec.load(paths[0])
    again = trained_again(first, [text], threads=1)
    assert list(differences(first, again)) == []
    again.save(paths[1])
    assert filecmp.cmp(*paths, shallow=False)


def test_lists_of_tokens_come_again_from_their_text(text):
    sentences = [line.split() for line in text.read_text().splitlines()]
    first = symvec.train(sentences, **SMALL)
    again = trained_again(first, [text])
    assert again.tokeniser is None
    # The text's last line has no end, so that its bytes are one less.
    assert [each.partition(":")[0] for each in differences(first, again)] == [
        "corpus.bytes_read",
        "corpus.sha256",
    ]


def test_another_text_is_named_as_the_cause(text, tmp_path):
    first = symvec.train(text, **SMALL)
    other = tmp_path / "other.txt"
    other.write_text(text.read_text() + "\nW1 Wnew Wnew")
    told = list(differences(first, trained_again(first, [other])))
    assert told[0].startswith("corpus.bytes_read: ")
    assert any(each.startswith("corpus.sha256: ") for each in told)
    assert f"words: {len(first)} there, {len(first) + 1} here, {len(first)} in both" in told
    assert told[-1].startswith(f"table: of shape ({len(first)}, 8) there")


def test_other_versions_and_numbers_are_named(text):
    first = symvec.train(text, **SMALL)
    table = first.table.copy()
    table[3, 2] += 0.5
    provenance = {**first.provenance, "versions": {"symvec": "9.9"}}
    other = symvec.Vectors(first.rows, table, tokeniser=first.tokeniser, provenance=provenance)
    told = list(differences(other, first))
    assert told[0].startswith("versions.symvec: 9.9 there, ")
    assert told[-1].startswith("table: 1 numbers (")
    assert "differ, by 0.5 at most" in told[-1]


def test_vectors_that_do_not_say_how_they_were_made(text):
    first = symvec.train(text, **SMALL)
    other = symvec.Vectors(first.rows, first.table)
    with pytest.raises(InputError, match="these vectors do not say with what settings they were"):
        trained_again(other, [text])


def test_what_threads_raced_to_make_cannot_be_made_again(text):
    vectors = symvec.train(text, **SMALL, schedule="hogwild", threads=2)
    with pytest.raises(InputError, match=r"schedule='hogwild', which makes no two runs the same"):
        trained_again(vectors, [text])
