import json
from pathlib import Path

import pytest

import symvec


@pytest.fixture
def pairs(tmp_path) -> Path:
    path = tmp_path / "pairs.txt"
    path.write_text("coffee\ttea\t9\nking\tqueen\t8\ncoffee\tking\t1\ncoffee\tmoon\t3\n")
    return path


@pytest.fixture
def analogies(tmp_path) -> Path:
    path = tmp_path / "analogies.txt"
    path.write_text(": family\nman king woman queen\n: gram1\nship ships sail sails\n")
    return path


def test_scores_are_those_of_the_vectors(answer, tiny_model, pairs, analogies) -> None:
    said = answer("evaluate", tiny_model, "--pairs", pairs, "--analogies", analogies)
    vectors = symvec.load(tiny_model)
    score = symvec.evaluate_pairs(vectors, pairs)
    assert said["pairs"] == [
        {
            "name": "pairs.txt",
            "spearman": score.spearman,
            "spearman_low": 1,
            "spearman_high": 1,
            "pearson": score.pearson,
            "found": 3,
            "total": 4,
            "bad_lines": [],
        }
    ]
    (told,) = said["analogies"]
    assert told["restrict_vocabulary"] == 30_000
    assert [(part["name"], part["asked"], part["total"]) for part in told["sections"]] == [
        ("family", 1, 1),
        ("gram1", 0, 1),
    ]
    assert told["syntactic"]["accuracy"] == {"3cosadd": None, "3cosmul": None}
    assert told["all"]["asked"] == 1


def test_a_table_for_people_tells_how_much_counted(run, tiny_model, pairs, analogies) -> None:
    out = run("evaluate", tiny_model, "--pairs", pairs, "--analogies", analogies).stdout
    assert "3 of 4" in out
    assert "0 of 1" in out
    assert "–" in out


def test_flat_records_have_the_same_keys(run, tiny_model, pairs, analogies) -> None:
    out = run(
        "evaluate", tiny_model, "--pairs", pairs, "--analogies", analogies, "-f", "jsonl"
    ).stdout
    records = [json.loads(line) for line in out.splitlines()]
    assert {tuple(record) for record in records} == {
        ("test_set", "section", "measure", "value", "low", "high", "found", "total")
    }
    assert {record["measure"] for record in records} == {
        "spearman",
        "pearson",
        "3cosadd",
        "3cosmul",
    }


def test_lines_that_are_no_pairs_are_a_warning(run, tiny_model, pairs) -> None:
    pairs.write_text("coffee\ttea\t9\nking\tqueen\n")
    result = run("evaluate", tiny_model, "--pairs", pairs)
    assert result.exit_code == 0
    assert result.stderr.startswith("warning: pairs.txt: 1 line was passed over; line 2: expected")


def test_nothing_to_score_by_is_wrong_usage(run, tiny_model) -> None:
    result = run("evaluate", tiny_model)
    assert result.exit_code == 2
    assert "--pairs or --analogies" in result.stderr


def test_a_missing_test_set(run, tiny_model) -> None:
    result = run("evaluate", tiny_model, "--pairs", "no-such-file")
    assert result.exit_code == 3
    assert result.stderr == "error: cannot open 'no-such-file': No such file or directory\n"


def test_words_that_were_never_seen_are_asked_by_their_ngrams_if_wanted(
    answer, tiny_corpus, tmp_path
) -> None:
    model, questions = tmp_path / "ngrams", tmp_path / "questions.txt"
    settings = {"subwords": "chars", "bucket": 500, "vector_size": 8, "epochs": 2}
    symvec.train(tiny_corpus, **settings).save(model)
    questions.write_text("man king woman queen\nman kings woman queen\nman king woman queens\n")

    def asked(*options: str) -> tuple[int, int]:
        (score,) = answer("evaluate", model, "--analogies", questions, *options)["analogies"]
        return score["all"]["asked"], score["all"]["total"]

    assert asked() == (1, 3)
    assert asked("--unseen") == (2, 3)  # what is looked for has to be there


def test_every_kind_of_test_set_in_every_format(answer, run, tiny_model, tmp_path, pairs) -> None:
    files = {name: tmp_path / name for name in ("categories", "odd", "lists", "words", "senses")}
    files["categories"].write_text("tea drink\ncoffee drink\nking royal\nqueen royal\n")
    files["odd"].write_text("tea coffee king\n")
    files["lists"].write_text('{"x": ["tea"], "y": ["king"], "a": ["milk"], "b": ["queen"]}')
    words = ("tea", "king", "coffee", "man", "queen")
    files["words"].write_text("".join(f"{word} {word}\n" for word in words))
    files["senses"].write_text(
        "the king drinks [tea]\tthe queen drinks [tea]\tT\n"
        "the king drinks [tea]\tthe ship sails the [tea]\tF\n" * 3
    )
    options = ("--categories", files["categories"], "--odd-words", files["odd"])
    options += ("--weat", files["lists"], "--associations", "x,y,a,b")
    options += ("--lexicon", files["words"], "--target", tiny_model)
    options += ("--context-pairs", files["senses"], "--pairs", pairs)
    said = answer("evaluate", tiny_model, *options)["others"]
    assert [(part["test_set"], part["measure"], part["total"]) for part in said] == [
        ("categories", "purity", 4),
        ("odd", "accuracy", 1),
        ("x y a b", "effect size", 2),
        ("words", "precision at 1", 1),
        ("senses", "accuracy", 6),
    ]
    assert said[3]["value"] == 1  # the same model on both sides
    assert said[4]["found"] == [6]
    assert all(part["low"] <= part["value"] <= part["high"] for part in said if part["low"])
    lines = run("evaluate", tiny_model, *options, "-f", "jsonl").stdout.splitlines()
    records = [json.loads(line) for line in lines]
    assert len({tuple(record) for record in records}) == 1
    assert {"spearman", "purity", "precision at 1"} <= {record["measure"] for record in records}
    shown = run("evaluate", tiny_model, *options, "-f", "markdown").stdout
    assert shown.count("\n| --- |") == 6
    reported = answer("report", tiny_model, tiny_model.name + "=" + str(tiny_model), *options)
    for part in reported["scores"]:
        assert part["difference"] in (None, 0)


def test_an_option_that_needs_another(run, tiny_model, tmp_path) -> None:
    result = run("evaluate", tiny_model, "--lexicon", "words.txt")
    assert result.exit_code == 2
    assert "--lexicon and --target" in result.stderr
    assert "give both of them" in result.stderr
