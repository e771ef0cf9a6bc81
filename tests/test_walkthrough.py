import re

import pytest

from symvec.errors import InputError
from symvec.walkthrough import walk


def test_the_example_holds_what_the_article_says():
    steps = list(walk())
    text = "\n".join(line for step in steps for line in step.lines)
    assert [step.title[:2] for step in steps] == [f"{n}." for n in range(1, 9)]
    assert "[0, 0, 0, 0, 1, 2, 3, 4, 4, 4]" in text
    assert "(10, 8)" in text
    assert "(1, 3) -> (1, 3, 100)" in text
    assert "weight (64, 100)" in text
    assert "it cannot follow another layer: attach it to the ids directly" in text
    assert "False" not in text
    assert text.count("True") >= 5


def test_a_sentence_of_ones_own():
    steps = list(walk("커피 더 커피"))
    assert "  커피 = 0, 더 = 1" in steps[0].lines
    assert "  [0, 1, 0]" in steps[0].lines
    assert "shape (3, 2)" in steps[1].lines[0]


def test_a_single_word_is_enough_and_none_is_told():
    assert len(list(walk("tea"))) == 8
    with pytest.raises(InputError, match="the sentence has no words"):
        list(walk("  "))


def test_the_error_falls_and_the_lookup_costs_less():
    steps = list(walk(seed=3))
    first, last = map(float, re.findall(r"(\d+\.\d+) to (\d+\.\d+)", steps[6].lines[3])[0])
    assert last < first
    costs = " ".join(steps[7].lines[1:3])
    assert re.findall(r"([\d,]+) bytes", costs) == ["4,000,000", "80"]


def test_the_same_seed_walks_the_same_way():
    assert [step.lines for step in walk(seed=1)][:7] == [step.lines for step in walk(seed=1)][:7]
