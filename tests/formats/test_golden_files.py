"""Files that other programs made open, and give the numbers that those programs gave."""

import json
import struct
from pathlib import Path

import numpy as np
import pytest

from symvec.errors import FormatError
from symvec.formats import load
from symvec.vocabulary import HashedRows, SubwordRows, WordOrNgramRows, WordRows

FOLDER = Path(__file__).parents[1] / "golden" / "formats"
EXPECTED = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))
KINDS = {
    "fasttext.bin": SubwordRows,
    "fasttext-labels.bin": SubwordRows,
    "fasttext-words.bin": WordRows,
    "finalfusion-buckets.fifu": WordOrNgramRows,
    "finalfusion-fasttext.fifu": SubwordRows,
    "finalfusion-listed.fifu": WordOrNgramRows,
    "floret.bin": HashedRows,
    "floret.floret": HashedRows,
    "floret-fasttext.bin": SubwordRows,
    "gensim-fasttext.bin": SubwordRows,
    "gensim-fasttext.model": SubwordRows,
}


@pytest.mark.parametrize("name", EXPECTED)
def test_the_numbers_are_those_of_the_program_that_wrote_them(name):
    vectors = load(FOLDER / name)
    assert isinstance(vectors.rows, KINDS.get(name, WordRows))
    # A text file has as many digits as the program wrote.
    tolerance = 1e-5 if name in ("floret.vec", "floret.floret") else 1e-7
    for word, numbers in EXPECTED[name].items():
        assert np.allclose(vectors[word], np.float32(numbers), rtol=2e-6, atol=tolerance), word


@pytest.mark.parametrize("name", [name for name in EXPECTED if name.startswith("gensim-w")])
def test_what_gensim_stored_is_not_changed_by_a_bit(name):
    vectors = load(FOLDER / name)
    for word, numbers in EXPECTED[name].items():
        assert vectors[word].tolist() == numbers


def test_counts_come_along():
    for name in ("gensim-words.kv", "fasttext.bin"):
        vectors = load(FOLDER / name)
        word_id = vectors.key_to_index["the"]
        assert (
            vectors.vocabulary.counts[word_id] == {"gensim-words.kv": 16, "fasttext.bin": 80}[name]
        )


def test_a_quantised_model_is_refused_with_what_to_do():
    with pytest.raises(FormatError, match=r"is quantised .*fasttext print-word-vectors"):
        load(FOLDER / "fasttext.ftz")


def test_a_side_file_that_is_missing_is_named(tmp_path):
    path = tmp_path / "gensim-beside.kv"
    path.write_bytes((FOLDER / path.name).read_bytes())
    with pytest.raises(Exception, match=r"gensim-beside.kv.vectors.npy is not there") as caught:
        load(path)
    assert caught.value.exit_code == 3


def test_a_floret_table_is_asked_with_a_list_of_words(tmp_path):
    (tmp_path / "words.txt").write_text("cat\nmat\ntea\n", encoding="utf-8")
    vectors = load(FOLDER / "floret.floret", vocabulary=tmp_path / "words.txt")
    assert {word for word, _ in vectors.most_similar("cats")} == {"cat", "mat", "tea"}


def test_listed_ngrams_of_finalfusions_two_packages_are_read_alike(tmp_path):
    content = (FOLDER / "finalfusion-listed.fifu").read_bytes()
    stated, ngrams = struct.unpack_from("<QxxxxxxxxQ", content, 28)
    # The one in Python leaves the rows of n-grams out of the length, the one in Rust does not.
    whole = content[:28] + struct.pack("<Q", stated + 8 * ngrams) + content[36:]
    (tmp_path / "model.fifu").write_bytes(whole)
    first, second = load(FOLDER / "finalfusion-listed.fifu"), load(tmp_path / "model.fifu")
    assert first.rows.places.rows.tolist() == second.rows.places.rows.tolist()
    assert first.table.tobytes() == second.table.tobytes()
    assert len(set(second.rows.places.rows.tolist())) < ngrams  # some share a row
