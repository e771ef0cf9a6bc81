"""The commands that put other questions than neighbours to vectors, and the ways to ask those."""

import json

import pytest

import symvec
from symvec.vectors.formula import similar_to_formulas


def test_a_formula_is_answered(answer, tiny_model) -> None:
    said = answer("similar", tiny_model, "king - man + woman", "tea", "-k", 2)
    vectors = symvec.load(tiny_model)
    expected = similar_to_formulas(vectors, ["king - man + woman", "tea"], 2)
    assert [
        [(part["word"], part["similarity"]) for part in asked["neighbours"]]
        for asked in said["answers"]
    ] == expected
    assert said["answers"][0]["word"] == "king - man + woman"


def test_a_formula_with_an_unknown_word(run, tiny_model) -> None:
    result = run("similar", tiny_model, "kingg - man", "tea", "-f", "json")
    assert result.exit_code == 4
    assert json.loads(result.stdout)["unknown"] == [{"word": "kingg", "suggestions": ["king"]}]


def test_a_formula_that_is_none(run, tiny_model) -> None:
    result = run("similar", tiny_model, "king -")
    assert result.exit_code == 2
    assert "the formula 'king -' needs a word at its end" in result.stderr


def test_answers_among_the_words_of_a_file(answer, run, tiny_model, tmp_path) -> None:
    file = tmp_path / "words.txt"
    file.write_text("tea\n\nking\n", encoding="utf-8")
    (said,) = answer("similar", tiny_model, "coffee", "--restrict-to", file)["answers"]
    assert {part["word"] for part in said["neighbours"]} == {"tea", "king"}
    both = run("similar", tiny_model, "tea", "--restrict-to", file, "--restrict-vocabulary", 3)
    assert both.exit_code == 2
    assert "not both" in both.stderr
    missing = run("similar", tiny_model, "tea", "--restrict-to", tmp_path / "nothing")
    assert missing.exit_code == 3
    assert "cannot read" in missing.stderr


@pytest.mark.parametrize("engine", ["usearch", "faiss"])
def test_an_engine_says_its_recall(answer, run, tiny_model, tmp_path, monkeypatch, engine) -> None:
    pytest.importorskip(engine)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    said = answer("similar", tiny_model, "coffee", "-k", 3, "--engine", engine)
    assert said["engine"] == {"name": engine, "from_cache": False, "recall": 1.0}
    exact = answer("similar", tiny_model, "coffee", "-k", 3)
    (found,), (true,) = said["answers"], exact["answers"]
    assert [part["word"] for part in found["neighbours"]] == [
        part["word"] for part in true["neighbours"]
    ]
    table = run("similar", tiny_model, "coffee", "-k", 3, "--engine", engine).stdout
    assert table.splitlines()[-1].split() == [engine, "1.000"]


def test_the_odd_one(answer, run, tiny_model) -> None:
    said = answer("odd", tiny_model, "coffee", "tea", "milk", "king")
    assert said["odd"] == "king"
    assert said["words"][0]["word"] == "king"
    assert run("odd", tiny_model, "tea", "xyzxyz").exit_code == 4
    assert run("odd", tiny_model, "-", stdin="").exit_code == 2


def test_a_matrix(answer, run, tiny_model, tmp_path) -> None:
    said = answer("matrix", tiny_model, "tea", "coffee")
    assert said["similarities"][0][0] == pytest.approx(1)
    assert said["similarities"][0][1] == said["similarities"][1][0]
    others = tmp_path / "others.txt"
    others.write_text("king\n")
    rows = run("matrix", tiny_model, "tea", "--against", others, "-f", "tsv").stdout.splitlines()
    assert [row.split("\t")[:2] for row in rows] == [["word", "other"], ["tea", "king"]]


def test_two_texts(answer, run, tiny_model) -> None:
    same = answer("compare", tiny_model, "Tea and coffee", "coffee, and tea")
    assert same["word_movers_distance"] == pytest.approx(0, abs=1e-9)
    assert same["soft_cosine"] == pytest.approx(1)
    assert same["sentence_cosine"] == pytest.approx(1)
    nothing = answer("compare", tiny_model, "xyz", "tea")
    assert nothing["word_movers_distance"] is nothing["sentence_cosine"] is None
    assert nothing["missing"] == ["xyz"]
    assert "xyz" in run("compare", tiny_model, "xyz", "tea").stdout


def test_the_nearest_lines(answer, tiny_model, tiny_corpus) -> None:
    said = answer("sentences", tiny_model, tiny_corpus, "coffee and tea", "-k", 3)
    assert len(said["lines"]) == 3
    assert all("coffee" in line["text"] for line in said["lines"])
    empty = answer("sentences", tiny_model, "-", "tea", stdin="")
    assert empty["lines"] == []
