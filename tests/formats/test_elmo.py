from dataclasses import replace

import numpy as np
import pytest

from symvec.contextual import Architecture, ContextualEncoder, Weights, learn_characters
from symvec.contextual.characters import ByteCharacters
from symvec.contextual.weights import shapes
from symvec.errors import FormatError
from symvec.files import write_tensors
from symvec.formats.elmo import open_encoder

SIZES = Architecture(
    characters=261, character_size=2, most_characters=7, filters=((1, 3),), highways=1, layers=1,
    cell_size=3, projection_size=2,
)  # fmt: skip


def encoder(seed=0, sizes=SIZES, characters=None):
    random = np.random.default_rng(seed)
    tensors = {n: random.normal(0, 0.5, s).astype(np.float32) for n, s in shapes(sizes)}
    weights = Weights.from_tensors(tensors, sizes)
    return ContextualEncoder(
        sizes, weights, characters or ByteCharacters(), provenance={"by": "us"}
    )


def test_what_is_saved_opens_as_it_was(tmp_path):
    path = tmp_path / "elmo.safetensors"
    encoder().save(path)
    opened = open_encoder(path)
    assert opened.architecture == SIZES
    assert opened.provenance == {"by": "us"}
    sentences = [["a", "bank"], [], ["강"]]
    for ours, theirs in zip(encoder().encode(sentences), opened.encode(sentences), strict=True):
        assert np.array_equal(ours, theirs)


def test_how_words_are_read_is_kept(tmp_path):
    for kind in ("code-points", "jamo"):
        characters = learn_characters(kind, ["배가", "눈이"], min_count=1)
        sizes = replace(SIZES, characters=characters.count)
        made = encoder(sizes=sizes, characters=characters)
        made.save(tmp_path / kind)
        opened = open_encoder(tmp_path / kind)
        assert opened.characters == characters
        sentences = [["배가", "바다"], [""]]
        for ours, theirs in zip(made.encode(sentences), opened.encode(sentences), strict=True):
            assert np.array_equal(ours, theirs)


def test_the_same_encoder_gives_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        encoder().save(tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_file_cut_short_or_changed_anywhere_is_refused(tmp_path):
    path = tmp_path / "elmo.safetensors"
    encoder().save(path)
    whole = path.read_bytes()
    for length in range(0, len(whole), 97):
        path.write_bytes(whole[:length])
        with pytest.raises(FormatError):
            open_encoder(path)
    for place in range(0, len(whole), 89):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(FormatError):
            open_encoder(path)


def test_other_safetensors_files_are_refused(tmp_path):
    write_tensors(tmp_path / "x", {"a": np.zeros(2, np.float32)}, {})
    with pytest.raises(FormatError, match=r"not one of symvec's ELMos"):
        open_encoder(tmp_path / "x")
    write_tensors(tmp_path / "y", {}, {"symvec.format": "symvec elmo 2"})
    with pytest.raises(FormatError, match=r"version 2 .* reads version 1; install a newer symvec"):
        open_encoder(tmp_path / "y")
    write_tensors(tmp_path / "z", {}, {"symvec.format": "symvec elmo 1"})
    with pytest.raises(FormatError, match=r"its parts do not fit together"):
        open_encoder(tmp_path / "z")
