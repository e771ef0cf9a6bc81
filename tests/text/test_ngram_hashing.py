import json
from pathlib import Path

import pytest

from symvec.text.ngram_hashing import fnv1a, murmur3
from symvec.text.ngrams import BEGIN, END, Characters, encode, ngrams

GOLDEN = Path(__file__).parents[1] / "golden" / "subwords"


def cases(name):
    return json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", cases("fasttext"))
def test_ngrams_and_rows_are_fasttexts(case):
    cutting = Characters(case["min_n"], case["max_n"])
    vocabulary = case["vocabulary"]
    for word, expected in case["words"].items():
        is_known = word in vocabulary
        found = ngrams(cutting, encode(word))
        assert found == [encode(ngram) for ngram in expected["ngrams"][is_known:]]
        row_ids = [len(vocabulary) + fnv1a(ngram) % case["bucket"] for ngram in found]
        assert row_ids == expected["row_ids"][is_known:]


@pytest.mark.parametrize("case", cases("floret"))
def test_rows_are_florets(case):
    cutting = Characters(case["min_n"], case["max_n"])
    for word, expected in case["words"].items():
        if word == "</s>":
            continue  # it has no rows there
        found = [BEGIN + encode(word) + END, *ngrams(cutting, encode(word))]
        assert found == [encode(ngram) for ngram in expected["ngrams"]]
        row_ids = [
            value % case["bucket"]
            for ngram in found
            for value in murmur3(ngram, 2166136261, case["hash_count"])
        ]
        assert row_ids == expected["row_ids"]


def test_hashes_of_nothing_and_of_signed_bytes():
    assert fnv1a(b"") == 2166136261
    # With unsigned bytes it would be 84696351 for 0xC3 alone.
    assert fnv1a(b"\xc3") != ((2166136261 ^ 0xC3) * 16777619) & 0xFFFFFFFF


# The reference implementation's own answer to all lengths about the blocks of 16 bytes.
def test_murmur_at_each_length_of_the_tail():
    assert len({tuple(murmur3(b"abcdefghijklmnopqrstuvwxyz"[:n], 7, 4)) for n in range(27)}) == 27
