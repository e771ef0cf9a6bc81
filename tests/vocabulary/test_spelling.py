import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symvec.vocabulary import Vocabulary
from symvec.vocabulary.spelling import LONGEST_WORD, edit_distances, fold


def distance(a, b):
    """Optimal string alignment, as in a textbook."""
    rows = [[i + j if i * j == 0 else 0 for j in range(len(b) + 1)] for i in range(len(a) + 1)]
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            rows[i][j] = min(
                rows[i - 1][j] + 1,
                rows[i][j - 1] + 1,
                rows[i - 1][j - 1] + (a[i - 1] != b[j - 1]),
            )
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


@given(st.text("abcé", max_size=7), st.lists(st.text("abcé", max_size=7), max_size=8))
def test_distances_agree_with_the_textbook(word, others):
    assert edit_distances(word, others).tolist() == [distance(word, other) for other in others]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("cofee", ["coffee"]),
        ("ocffee", ["coffee"]),
        ("COFFEE", ["coffee"]),
        ("tubingen", ["Tübingen"]),
        ("tübingen", ["Tübingen"]),
        ("한국아", ["한국어"]),
        ("xylophone", []),
        ("", []),
        ("x" * 1000, []),
    ],
)
def test_near_spellings(asked, expected):
    words = ["tea", "coffee", "Tübingen", "한국어", "cake", "y" * (LONGEST_WORD + 1)]
    assert Vocabulary.from_words(words).suggestions(asked) == expected


def test_nearer_words_first_then_frequent_ones():
    vocabulary = Vocabulary.from_words(["cast", "cats", "cat", "card", "czar"])
    assert vocabulary.suggestions("CATS", n=9) == ["cats", "cast", "cat"]
    assert vocabulary.suggestions("cas", n=2) == ["cast", "cats"]
    assert vocabulary.suggestions("cas", n=0) == []
    assert Vocabulary.from_words([]).suggestions("cas") == []


def test_rare_words_that_begin_alike_are_found_in_a_large_vocabulary():
    words = [f"{i:x}q" for i in range(60_000)] + ["zürich"]
    vocabulary = Vocabulary.from_words(words)
    begin = time.perf_counter()
    assert vocabulary.suggestions("zürihc") == ["zürich"]
    assert vocabulary.suggestions("ZÜRICH") == ["zürich"]
    assert vocabulary.suggestions("xürich") == []  # begins otherwise, and is not frequent
    assert time.perf_counter() - begin < 2


def test_fold():
    assert fold("ABC") == "abc"
    assert fold("Çà") == "ca"
    assert fold("Straße") == "strasse"
    assert edit_distances("a", []).dtype == np.int16
