"""Words, spaces and periods laid on each other on the command line."""

import xml.etree.ElementTree as ET

import pytest

import symvec

WORDS = (
    *("man", "king", "woman", "queen", "rule", "coffee", "tea", "milk", "are", "drunk", "in"),
    *("ships", "sail", "the", "sea", "to", "spain", "and", "france"),
)


@pytest.fixture
def dictionary(tmp_path):
    path = tmp_path / "dictionary.txt"
    path.write_text("".join(f"{word} {word}\n" for word in WORDS))
    return path


def test_a_model_is_its_own_translation(answer, run, tiny_model, dictionary, tmp_path) -> None:
    said = answer(
        "align", tiny_model, tiny_model, "--dictionary", dictionary, "--word", "land", "-k", 2,
        "-o", tmp_path / "both", "--held-out", 0.1,
    )  # fmt: skip
    assert [(part["measure"], part["value"]) for part in said["precision"]] == [
        ("precision at 1", 1),
        ("precision at 5", 1),
    ]
    assert said["precision"][0]["found"] == 2
    assert said["translations"][0]["translations"][0]["word"] == "land"
    source, target = (
        symvec.load(tmp_path / "both" / f"{n}.safetensors") for n in ("source", "target")
    )
    assert source["tea"] @ target["tea"] == pytest.approx(1, abs=1e-5)
    table = run("align", tiny_model, tiny_model, "--dictionary", dictionary, "--held-out", 0)
    assert "pairs that the map was fitted to" in table.stdout


def test_a_dictionary_of_other_words(run, tiny_model, tmp_path) -> None:
    path = tmp_path / "other.txt"
    path.write_text("x y\nz w\n")
    result = run("align", tiny_model, tiny_model, "--dictionary", path)
    assert result.exit_code == 2
    assert "no pair of which both words are in the models" in result.stderr
    result = run("align", tiny_model, tiny_model, "--dictionary", tmp_path / "nothing")
    assert result.exit_code == 3


def test_links_are_in_brackets(answer, run, tiny_model) -> None:
    said = answer("links", tiny_model, "king xyz tea", "tea king")
    assert [(link["first"], link["second"]) for link in said["links"]] == [
        ("king", "king"),
        ("tea", "tea"),
    ]
    assert said["similarities"][1] == [None, None]
    lines = run("links", tiny_model, "king xyz tea", "tea king").stdout.splitlines()
    assert lines[2].split()[0] == "king"
    assert lines[2].split()[2] == "[1.00]"
    assert lines[3].split() == ["xyz", "–", "–"]


def test_a_drawing_holds_text_and_nothing_that_acts(run, tmp_path) -> None:
    hostile = ["<script>alert(1)</script>", "tea&\x1b[31m", "plain"]
    model = tmp_path / "hostile.safetensors"
    symvec.train([hostile] * 5, min_count=1, vector_size=8, epochs=1).save(model)
    drawing = tmp_path / "links.svg"
    result = run("links", model, "<script>alert(1)</script>", "plain", "--svg", drawing)
    assert result.exit_code == 0
    text = drawing.read_text(encoding="utf-8")
    root = ET.fromstring(text)
    assert root.tag.endswith("svg")
    assert "<script" not in text
    assert "\x1b" not in text


def test_a_drawing_that_cannot_be_written(run, tiny_model, tmp_path) -> None:
    result = run("links", tiny_model, "tea", "tea", "--svg", tmp_path / "no folder" / "a.svg")
    assert result.exit_code == 1
    assert "does not exist" in result.stderr


def test_nothing_drifts_between_a_model_and_itself(answer, run, tiny_model) -> None:
    said = answer("drift", tiny_model, tiny_model, "-k", 3)
    assert said["periods"] == 2
    assert [part["similarity"] for part in said["moved"]] == [pytest.approx(1)] * 3
    (tea,) = answer("drift", tiny_model, tiny_model, tiny_model, "--word", "tea")["moved"]
    assert len(tea["steps"]) == 2
    assert run("drift", tiny_model).exit_code == 2
    assert "near it at last" in run("drift", tiny_model, tiny_model).stdout
