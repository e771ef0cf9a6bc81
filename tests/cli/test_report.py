"""Models side by side on the command line."""

import pytest


@pytest.fixture
def pairs(tmp_path):
    path = tmp_path / "ws|353.txt"
    path.write_text("coffee tea 9\nking queen 8\ncoffee king 1\nx y 3\n")
    return path


def test_scores_of_two_models(answer, tiny_model, pairs) -> None:
    said = answer("report", f"a={tiny_model}", f"b={tiny_model},{tiny_model}", "--pairs", pairs)
    first, second = said["scores"]
    assert (first["model"], first["found"], first["total"]) == ("a", [3], 4)
    assert first["difference"] is None
    assert first["real"] is None
    assert (second["difference"], second["real"], second["spread"]) == (0, False, 0)
    assert second["values"] == [first["value"]] * 2


def test_markdown_is_escaped(run, tiny_model, pairs) -> None:
    lines = run("report", tiny_model, "--pairs", pairs, "-f", "markdown").stdout.splitlines()
    assert lines[0].startswith(r"| ws\|353.txt | Spearman | 95 % |")
    assert lines[1] == "| --- | ---: | ---: | ---: | ---: |"
    assert len(lines) == 3


def test_all_kinds_of_test_sets(answer, run, tiny_model, tmp_path, pairs) -> None:
    categories, odd, lists = (tmp_path / name for name in ("c.txt", "o.txt", "w.json"))
    categories.write_text("tea drink\ncoffee drink\nking royal\nqueen royal\n")
    odd.write_text("tea coffee king\n")
    lists.write_text('{"x": ["tea"], "y": ["king"], "a": ["milk"], "b": ["queen"]}')
    sets = ("--categories", categories, "--odd-words", odd, "--weat", lists)
    said = answer("report", tiny_model, *sets, "--associations", "x,y,a,b")["scores"]
    assert [part["measure"] for part in said] == ["purity", "accuracy", "effect size"]
    assert [part["value"] for part in said[:2]] == [1, 1]
    assert said[2]["p_value"] == 0.5
    table = run("report", tiny_model, "--weat", lists, "--associations", "x,y,a,b")
    assert "0.5000" in table.stdout


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ([], "give at least one test set"),
        (["--weat", "lists.json"], "give both of them"),
        (["--pairs", "nothing.txt"], "cannot open 'nothing.txt'"),
    ],
)
def test_what_a_report_needs(run, tiny_model, words, reason) -> None:
    result = run("report", tiny_model, *words)
    assert result.exit_code in (2, 3)
    assert reason in result.stderr


def test_a_name_is_there_once(run, tiny_model, pairs) -> None:
    result = run("report", tiny_model, tiny_model, "--pairs", pairs)
    assert result.exit_code == 2
    assert "twice" in result.stderr


def test_a_model_against_itself(answer, run, tiny_model) -> None:
    said = answer("diff", tiny_model, tiny_model, "-k", 2)
    assert said["mean_overlap"] == 1
    assert said["mean_similarity"] == pytest.approx(1)
    assert len(said["moved"]) == 2
    (tea,) = answer("diff", tiny_model, tiny_model, "--word", "tea")["moved"]
    assert tea["neighbours_in_a"] == tea["neighbours_in_b"]
    assert "near it in B" in run("diff", tiny_model, tiny_model).stdout
