"""Each single change of a saved file is found, and found in words."""

import numpy as np
import pytest

from symvec.errors import FormatError
from symvec.formats import load
from symvec.text.tokenisers import Tokeniser
from symvec.vectors import Vectors
from symvec.vocabulary import Vocabulary, WordRows


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    path = tmp_path_factory.mktemp("model") / "model"
    rows = WordRows(Vocabulary.from_words(["tea", "coffee", "한국어"], counts=[3, 2, 1]))
    table = np.array([[1, 2], [3, 4], [5, 6]], dtype=np.float32)
    Vectors(rows, table, tokeniser=Tokeniser(), provenance={"seed": 1}).save(path)
    load(path)
    return path.read_bytes()


def refused(path, content):
    path.write_bytes(content)
    with pytest.raises(FormatError) as caught:
        load(path)
    assert caught.value.exit_code == 3
    assert str(path) in str(caught.value)
    assert "byte" in str(caught.value) or "header" in str(caught.value)


@pytest.mark.parametrize("mask", [0x01, 0x20, 0xFF])
def test_each_changed_byte_is_found(tmp_path, content, mask):
    path = tmp_path / "model"
    for place in range(len(content)):
        changed = bytearray(content)
        changed[place] ^= mask
        refused(path, changed)


def test_each_cut_is_found(tmp_path, content):
    for length in range(len(content)):
        refused(tmp_path / "model", content[:length])


def test_what_was_added_or_taken_out_is_found(tmp_path, content):
    path = tmp_path / "model"
    refused(path, content + b"\0")
    refused(path, b"\0" + content)
    refused(path, content[8:])
    refused(path, content + content)
    for place in range(0, len(content), 7):
        refused(path, content[:place] + content[place + 1 :])
        refused(path, content[:place] + b" " + content[place:])
