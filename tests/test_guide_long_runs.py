"""The guide to long runs: its blocks run and give what they show."""

import doctest
from pathlib import Path

import pytest

GUIDE = Path(__file__).parents[1] / "docs" / "guide"
PAGES = sorted(path.name for path in GUIDE.glob("long-runs*.md"))
FLAGS = doctest.ELLIPSIS


@pytest.mark.parametrize("name", PAGES)
def test_every_block_gives_what_it_shows(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = str(GUIDE / name)
    results = doctest.testfile(path, module_relative=False, encoding="utf-8", optionflags=FLAGS)
    assert results.failed == 0
    assert results.attempted > 25


def test_every_language_shows_the_same_code():
    parser = doctest.DocTestParser()
    code = [
        [example.source for example in parser.get_examples((GUIDE / name).read_text("utf-8"))]
        for name in PAGES
    ]
    assert all(each == code[0] for each in code)
