"""What supports a neighbour, on the command line."""

import pytest


def test_neighbours_are_supported(answer, run, tiny_model, tiny_corpus) -> None:
    said = answer("why", tiny_model, "Tea", "-k", 3, "--corpus", tiny_corpus, "--also", tiny_model)
    assert [part["ranks"] for part in said["neighbours"]] == [[1], [2], [3]]
    assert all(part["shared_contexts"] and len(part["lines"]) == 2 for part in said["neighbours"])
    table = run("why", tiny_model, "tea", "-k", 2, "--also", tiny_model)
    assert "rank 1" in table.stdout
    assert run("why", tiny_model, "xyz").exit_code == 4
    assert run("why", tiny_model, "tea", "--corpus", "nothing.txt").exit_code == 3


def test_similar_says_why_of_each_word(answer, run, tiny_model, tiny_corpus) -> None:
    options = ("-k", 3, "--why", "--corpus", tiny_corpus)
    assert answer("similar", tiny_model, "Tea", *options) == answer(
        "why", tiny_model, "Tea", "-k", 3, "--corpus", tiny_corpus
    )
    said = answer("similar", tiny_model, "Tea", "coffee", *options)
    assert [part["word"] for part in said["answers"]] == ["Tea", "coffee"]
    assert all(len(part["neighbours"]) == 3 for part in said["answers"])
    mixed = run("similar", tiny_model, "tea", "xyz", *options)
    assert mixed.exit_code == 4
    assert "beside both" in mixed.stdout


def test_ranks_in_models_of_lines_drawn_anew(answer, run, tiny_model, tiny_corpus) -> None:
    options = ("-k", 2, "--why", "--corpus", tiny_corpus, "--bootstraps", 2)
    said = answer("similar", tiny_model, "tea", *options)
    ranks = [part["bootstrap_ranks"] for part in said["neighbours"]]
    assert [len(found) for found in ranks] == [2, 2]
    assert answer("similar", tiny_model, "tea", *options) == said
    assert "of 2" in run("similar", tiny_model, "tea", *options).stdout


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--bootstraps", 2, "--why"], "give it, --corpus FILE"),
        (["--bootstraps", 2], "add --why"),
        (["--why", "--in", "a cup of tea"], "leave --in out"),
        (["--why", "--corpus", "-", "--bootstraps", -1], "1 or more, got -1"),
    ],
)
def test_what_does_not_go_together_is_said(run, tiny_model, options, said) -> None:
    result = run("similar", tiny_model, "tea", *options)
    assert result.exit_code == 2, result.output
    assert said in result.stderr


def test_a_formula_has_no_why(run, tiny_model) -> None:
    result = run("similar", tiny_model, "tea - coffee + milk", "--why")
    assert result.exit_code == 2
    assert "is a formula" in result.stderr
