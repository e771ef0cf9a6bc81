"""The guide to training an ELMo gives what it shows."""

import doctest
from pathlib import Path

import pytest

pytest.importorskip("torch")

GUIDE = Path(__file__).parents[1] / "docs" / "guide"
PAGE = GUIDE / "training-elmo.md"


def test_every_block_gives_what_it_shows():
    results = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert results.failed == 0
    assert results.attempted > 4


def test_both_languages_show_the_same():
    parser = doctest.DocTestParser()
    english, korean = (
        [(example.source, example.want) for example in parser.get_examples(text)]
        for text in (PAGE.read_text("utf-8"), (GUIDE / "training-elmo.ko.md").read_text("utf-8"))
    )
    assert english == korean
