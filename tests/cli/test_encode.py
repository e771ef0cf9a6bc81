"""A text encoded on the command line."""

import json
from dataclasses import replace

import numpy as np
import pytest

from elmo_case import tiny_encoder
from symvec import Tokeniser
from symvec.formats.encoded import open_encoded


@pytest.fixture
def elmo(tmp_path):
    tiny_encoder().save(tmp_path / "elmo.safetensors")
    return tmp_path / "elmo.safetensors"


@pytest.fixture
def text(tmp_path):
    (tmp_path / "text.txt").write_bytes(
        "The Bank.\n\nof bl\udcffck tea".encode("utf-8", "surrogateescape")
    )
    return tmp_path / "text.txt"


def test_a_text_becomes_rows(answer, run, elmo, text, tmp_path) -> None:
    said = answer("encode", elmo, text, "-o", tmp_path / "e", "--layers", "2,0")
    assert (said["sentences"], said["words"], said["row_shape"]) == (2, 5, [2, 12])
    opened = open_encoded(tmp_path / "e")
    assert opened.words(0) == ["The", "Bank"]
    assert opened.words(1)[1] == "bl\udcffck"
    expected = tiny_encoder().encode([["The", "Bank"]])[0][[2, 0]].swapaxes(0, 1)
    assert np.array_equal(opened[0], expected.astype(np.float16))
    assert run("encode", elmo, text, "-o", tmp_path / "e").exit_code == 1


def test_lines_are_cut_as_the_elmos_text_was(answer, text, tmp_path) -> None:
    cut = Tokeniser(lowercase=True).to_metadata()
    replace(tiny_encoder(), provenance={"tokeniser": cut}).save(tmp_path / "own")
    answer("encode", tmp_path / "own", text, "-o", tmp_path / "a")
    assert open_encoded(tmp_path / "a").words(0) == ["the", "bank"]
    answer("encode", tmp_path / "own", text, "-o", tmp_path / "b", "--tokeniser", "whitespace")
    assert open_encoded(tmp_path / "b").words(0) == ["The", "Bank."]


def test_the_carried_state_can_be_asked_for(answer, elmo, text, tmp_path) -> None:
    carry = ("--state", "carry", "--batch-size", 1, "--dtype", "float32", "--layers", "all")
    answer("encode", elmo, text, "-o", tmp_path / "e", *carry)
    opened = open_encoded(tmp_path / "e")
    sentences = [opened.words(n) for n in range(len(opened))]
    expected = tiny_encoder().encode(sentences, state="carry", batch_size=1)
    assert np.array_equal(opened[1], expected[1].swapaxes(0, 1))
    description = json.loads((tmp_path / "e" / "description.json").read_text())
    assert description["state"] == "carry"


def test_products_of_bfloat16_can_be_asked_for(answer, elmo, text, tmp_path) -> None:
    options = ("--dtype", "float32", "--layers", "all")
    for precision in ("float32", "bfloat16"):
        folder = tmp_path / precision
        answer("encode", elmo, text, "-o", folder, "--precision", precision, *options)
        encoder = tiny_encoder().with_precision(precision)
        expected = encoder.encode([["The", "Bank"]])[0].swapaxes(0, 1)
        assert np.array_equal(open_encoded(folder)[0], expected)
        assert json.loads((folder / "description.json").read_text())["precision"] == precision
    exact, near = (open_encoded(tmp_path / name)[0] for name in ("float32", "bfloat16"))
    assert (exact != near).any()
    np.testing.assert_allclose(near, exact, atol=0.01)


@pytest.mark.parametrize("has_instruction", [True, False])
def test_who_gains_nothing_by_bfloat16_is_told(
    run, elmo, text, tmp_path, monkeypatch, has_instruction
) -> None:
    name = "symvec.kernels.bfloat16_products.multiplies_bfloat16"
    monkeypatch.setattr(name, lambda: has_instruction)
    said = run("encode", elmo, text, "-o", tmp_path / "e", "--precision", "bfloat16")
    assert said.exit_code == 0
    assert ("no faster than float32" in " ".join(said.stderr.split())) != has_instruction


def test_what_cannot_be_encoded_is_said(run, elmo, text, tiny_model, tmp_path, monkeypatch) -> None:
    out = ("-o", tmp_path / "e")
    for words, code, message in [
        (("encode", tiny_model, text, *out), 2, "holds vectors of words; encode wants an ELMo"),
        (("encode", elmo, text, *out, "--layers", "x"), 2, "must be 'mixed', 'all' or numbers"),
        (("encode", elmo, text, *out, "--layers", "7"), 2, "numbers from 0 to 2, got [7]"),
        (
            ("encode", elmo, text, *out, "--state", "carry"),
            2,
            "batch_size belongs to state='carry'",
        ),
        (("encode", elmo, tmp_path / "none", *out), 3, "no such file or folder"),
        (("encode", tmp_path / "none", text, *out), 3, "No such file"),
    ]:
        result = run(*words)
        assert (result.exit_code, message in result.stderr) == (code, True), result.stderr
    long = tmp_path / "long.txt"
    long.write_text("a " * 100_001)
    result = run("encode", elmo, long, *out)
    assert "line 1 of" in result.stderr
    assert "has 100,001 words, and a line is a sentence" in result.stderr
    assert not (tmp_path / "e").exists()
