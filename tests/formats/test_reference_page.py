"""The reference page says how to read a file without symvec: that must be true."""

import re
from pathlib import Path

import numpy as np
import pytest

from symvec.vectors import Vectors
from symvec.vocabulary import Vocabulary, WordRows

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "native-file.md"


@pytest.mark.skipif(not PAGE.exists(), reason="the documentation is not there")
def test_the_code_of_the_page_runs(tmp_path, monkeypatch):
    rows = WordRows(Vocabulary.from_words(["Tübingen", "tea"]))
    Vectors(rows, np.eye(2, dtype=np.float32)).save(tmp_path / "model.safetensors")
    monkeypatch.chdir(tmp_path)
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    names = {}
    exec(code, names)  # our own page
    assert names["first_word"] == "Tübingen"
    assert names["first_vector"].tolist() == [1.0, 0.0]
    assert names["description"]["rows"]["kind"] == "words"
