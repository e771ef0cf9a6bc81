"""The blocks of the guide run and give what they show."""

import doctest
from pathlib import Path

import pytest

GUIDE = Path(__file__).parents[1] / "docs" / "guide"
CHAPTERS = ["one-hot-to-embedding.md", "one-hot-to-embedding.ko.md"]


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_block_gives_what_it_shows(name):
    results = doctest.testfile(str(GUIDE / name), module_relative=False, encoding="utf-8")
    assert results.failed == 0
    assert results.attempted > 20


def test_words_in_context_give_what_they_show():
    pytest.importorskip("torch", reason="the chapter trains an ELMo, which needs PyTorch")
    results = doctest.testfile(
        str(GUIDE / "words-in-context.md"), module_relative=False, encoding="utf-8"
    )
    assert results.failed == 0
    assert results.attempted > 25


def test_words_in_context_are_the_same_in_both_languages():
    parser = doctest.DocTestParser()
    english, korean = (
        [
            (example.source, example.want)
            for example in parser.get_examples((GUIDE / name).read_text("utf-8"))
        ]
        for name in ("words-in-context.md", "words-in-context.ko.md")
    )
    assert english == korean


def test_the_blocks_about_algorithms_give_what_they_show():
    results = doctest.testfile(
        str(GUIDE / "which-algorithm.md"), module_relative=False, encoding="utf-8"
    )
    assert results.failed == 0
    assert results.attempted > 8


def test_both_languages_show_the_same_code():
    parser = doctest.DocTestParser()
    code = [
        [example.source for example in parser.get_examples((GUIDE / name).read_text("utf-8"))]
        for name in CHAPTERS
    ]
    assert code[0] == code[1]


@pytest.mark.parametrize("name", ["one-hot-cost.svg", "words-in-context.svg"])
def test_the_plots_are_there(name):
    assert (GUIDE / name).read_text("utf-8").startswith("<svg")
