"""The guide to training an ELMo gives what it shows."""

import doctest
from pathlib import Path

import pytest

pytest.importorskip("torch")

PAGE = Path(__file__).parents[1] / "docs" / "guide" / "training-elmo.md"


def test_every_block_gives_what_it_shows():
    results = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert results.failed == 0
    assert results.attempted > 4
