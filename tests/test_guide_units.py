"""The guide to words, phrases and items: its blocks run and give what they show."""

import doctest
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "guide" / "words-phrases-items.md"


def test_every_block_gives_what_it_shows(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    results = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert results.failed == 0
    assert results.attempted > 15
