import json

import numpy as np
import pytest
from test_elmo import SIZES, encoder

import symvec
from symvec.errors import FileError, FormatError
from symvec.formats import load as load_vectors
from symvec.formats.anything import summarise


def test_vectors_and_elmos_open_by_one_name(tiny_model, tmp_path):
    assert isinstance(symvec.load(tiny_model), symvec.Vectors)
    encoder().save(tmp_path / "elmo.safetensors")
    opened = symvec.load(tmp_path / "elmo.safetensors")
    assert isinstance(opened, symvec.ContextualEncoder)
    assert opened.architecture == SIZES


def test_a_published_elmo_is_a_folder(tmp_path):
    pytest.importorskip("h5py", reason="the extra elmo (h5py) is not installed")
    from symvec.formats.allennlp import write_published_elmo

    write_published_elmo(encoder(), tmp_path)
    assert symvec.load(str(tmp_path)).architecture == SIZES


def test_what_wants_vectors_says_what_an_elmo_is(tmp_path):
    encoder().save(tmp_path / "elmo.safetensors")
    with pytest.raises(FormatError, match=r"is an ELMo: its words have vectors only in a sentence"):
        load_vectors(tmp_path / "elmo.safetensors")


def test_a_damaged_elmo_is_refused(tmp_path):
    path = tmp_path / "elmo.safetensors"
    encoder().save(path)
    whole = path.read_bytes()
    for length in (0, 5, 9, 100, len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(FormatError):
            symvec.load(path)


def test_a_folder_that_is_no_elmo_is_asked_for_a_table(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps({"lstm": 1}))
    with pytest.raises(FileError, match=r"expected one table"):
        symvec.load(tmp_path)


def test_a_folder_is_as_large_as_its_files_together(tmp_path):
    np.save(tmp_path / "table.npy", np.eye(3, dtype=np.float32))
    (tmp_path / "words.txt").write_text("a\nb\nc\n")
    expected = sum(path.stat().st_size for path in tmp_path.iterdir())
    assert summarise(tmp_path).size_bytes == expected
