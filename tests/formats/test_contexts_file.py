import numpy as np
import pytest

import symvec
from elmo_case import tiny_encoder
from symvec.errors import FileError, FormatError, InputError
from symvec.files import open_tensors, write_tensors
from symvec.formats.contexts import open_contexts, save_contexts
from symvec.vectors import Vectors
from symvec.vectors.contexts import fit_context_map, fit_encoder_map
from symvec.vocabulary import Vocabulary, WordRows

WORDS = ["bank", "river", "money", "loan"]
MODEL = Vectors(
    WordRows(Vocabulary.from_words(WORDS)),
    np.random.default_rng(3).normal(size=(4, 5)).astype(np.float32),
)
TEXT = [["bank", "river"], ["money", "bank", "loan"]] * 20
ELMO = tiny_encoder()


@pytest.fixture
def neighbours(tmp_path):
    path = tmp_path / "city.contexts.safetensors"
    save_contexts(fit_context_map(MODEL, TEXT, window=2), path, provenance={"corpus": "text"})
    return path


@pytest.fixture
def read_by_elmo(tmp_path):
    ELMO.save(tmp_path / "elmo.safetensors")
    path = tmp_path / "elmo.contexts.safetensors"
    save_contexts(fit_encoder_map(MODEL, ELMO, TEXT), path, encoder_name="elmo.safetensors")
    return path


def test_a_map_opens_as_it_was(neighbours):
    opened = open_contexts(neighbours, MODEL)
    expected = fit_context_map(MODEL, TEXT, window=2)
    assert opened.window == 2
    assert np.array_equal(opened.at(TEXT[1], 1), expected.at(TEXT[1], 1))


def test_a_map_of_an_elmo_finds_it_beside_itself_or_is_given_it(read_by_elmo, tmp_path):
    expected = fit_encoder_map(MODEL, ELMO, TEXT).at(TEXT[1], 1)
    assert np.array_equal(open_contexts(read_by_elmo, MODEL).at(TEXT[1], 1), expected)
    moved = (tmp_path / "elmo.safetensors").rename(tmp_path / "moved")
    with pytest.raises(FileError, match=r"reads with the ELMo 'elmo.safetensors', which is not be"):
        open_contexts(read_by_elmo, MODEL)
    for given in (moved, ELMO):
        assert np.array_equal(
            open_contexts(read_by_elmo, MODEL, encoder=given).at(TEXT[1], 1), expected
        )
    with pytest.raises(InputError, match=r"was fitted with another encoder"):
        open_contexts(read_by_elmo, MODEL, encoder=tiny_encoder(seed=9))
    MODEL.save(tmp_path / "model")
    with pytest.raises(InputError, match=r"the encoder must be an ELMo, got vectors of words"):
        open_contexts(read_by_elmo, MODEL, encoder=tmp_path / "model")


def test_an_encoder_without_a_name_has_to_be_given(tmp_path):
    save_contexts(fit_encoder_map(MODEL, ELMO, TEXT), tmp_path / "c")
    with pytest.raises(InputError, match=r"an ELMo whose file it does not name; give it"):
        open_contexts(tmp_path / "c", MODEL)


def test_a_map_of_another_model_is_refused(neighbours):
    turned = Vectors(MODEL.rows, np.ascontiguousarray(MODEL.table[:, ::-1]))  # of the same lengths
    renamed = Vectors(WordRows(Vocabulary.from_words([*WORDS[:3], "gold"])), MODEL.table)
    for other in (turned, renamed):
        with pytest.raises(InputError, match=r"was fitted for another model; fit one for this"):
            open_contexts(neighbours, other)


@pytest.mark.parametrize("kind", ["neighbours", "read_by_elmo"])
def test_a_file_cut_short_or_changed_anywhere_is_refused(kind, request):
    path = request.getfixturevalue(kind)
    whole = path.read_bytes()
    for length in range(0, len(whole), 97):
        path.write_bytes(whole[:length])
        with pytest.raises(FormatError):
            open_contexts(path, MODEL)
    for place in range(0, len(whole), 89):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(FormatError):
            open_contexts(path, MODEL)


def rewritten(path, target, *, tensors=None, **changes):
    file = open_tensors(path)
    metadata = {k: v for k, v in file.metadata.items() if not k.startswith("symvec.sha256")}
    for old, new in changes.values():
        assert any(old in value for value in metadata.values())
        metadata = {name: value.replace(old, new) for name, value in metadata.items()}
    write_tensors(target, {**file.tensors, **(tensors or {})}, metadata)
    return target


def test_parts_that_do_not_fit_are_named(neighbours, tmp_path):
    small = {"matrix": np.zeros((2, 2))}
    with pytest.raises(FormatError, match=r"'matrix' must be float64 of shape \(5, 5\), got .*"):
        open_contexts(rewritten(neighbours, tmp_path / "a", tensors=small), MODEL)
    with pytest.raises(FormatError, match=r"there is no kind of map 'other'"):
        open_contexts(
            rewritten(neighbours, tmp_path / "b", kind=('"neighbours"', '"other"')), MODEL
        )
    with pytest.raises(FormatError, match=r"has version 2 of the format, this symvec reads vers"):
        open_contexts(rewritten(neighbours, tmp_path / "c", v=("contexts 1", "contexts 2")), MODEL)
    for wrong in ("0", "true", "null", '"2"'):
        changed = rewritten(
            neighbours, tmp_path / "d", window=('"window": 2', f'"window": {wrong}')
        )
        with pytest.raises(FormatError, match=r"a window of"):
            open_contexts(changed, MODEL)


def test_other_files_say_what_they_are(neighbours, tmp_path):
    ELMO.save(tmp_path / "elmo")
    with pytest.raises(FormatError, match=r"not a map that `symvec contexts` wrote"):
        open_contexts(tmp_path / "elmo", MODEL)
    with pytest.raises(FormatError, match=r"is a map that `symvec contexts` wrote, and has no "):
        symvec.load(neighbours)
    with pytest.raises(InputError, match=r"the provenance cannot be stored as JSON"):
        save_contexts(fit_context_map(MODEL, TEXT), tmp_path / "e", provenance={"a": {1, 2}})
