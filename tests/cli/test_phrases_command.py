import json

import pytest

import symvec


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("phrases")
    lines = [f"new york times w{n % 30}\nnew york w{n % 31}\ntea w{n % 29}" for n in range(120)]
    (folder / "text").write_text("\n".join(lines * 2) + "\nnew york" * 60 + "\ntea" * 900)
    path = folder / "model.safetensors"
    vectors = symvec.train(
        folder / "text",
        phrases=2,
        phrases_threshold=3,
        phrases_min_count=20,
        vector_size=8,
        epochs=1,
    )
    vectors.save(path)
    return path


def test_phrases_are_listed_best_first(answer, model):
    said = answer("phrases", model)
    assert said["learned"] == 3
    assert said["scoring"] == "word2phrase"
    assert said["threshold"] == 3
    assert {record["phrase"]: record["pass"] for record in said["phrases"]} == {
        "new_york": 1,
        "york_times": 1,
        "new_york_times": 2,
    }
    scores = [record["score"] for record in said["phrases"]]
    assert scores == sorted(scores, reverse=True)
    assert said["phrases"][0].keys() == {"phrase", "score", "together", "pass"}
    assert len(answer("phrases", model, "-k", "1")["phrases"]) == 1
    assert answer("phrases", model, "-k", "0")["phrases"] == []


def test_they_are_shown_as_a_table_and_as_lines(run, model):
    assert "new_york_times" in run("phrases", model).stdout
    lines = run("phrases", model, "--format", "jsonl").stdout.splitlines()
    assert [json.loads(line)["phrase"] for line in lines].count("new_york") == 1


def test_a_model_without_phrases_has_none(answer, tiny_model):
    assert answer("phrases", tiny_model) == {
        "scoring": None,
        "threshold": None,
        "learned": 0,
        "phrases": [],
    }


def test_a_phrase_is_asked_for_with_a_space(answer, model):
    said = answer("similar", model, "New York", "-k", "1")
    assert said["answers"][0]["found_as"] == "new_york"
    assert answer("info", model)["tokeniser"]["phrases"]["learned_by_pass"] == [2, 1]


def test_training_takes_items_with_a_separator(run, answer, tmp_path):
    data = tmp_path / "baskets.csv"
    data.write_text("green tea,Milk\nMilk,green tea,SKU 7\n" * 10)
    path = tmp_path / "model.safetensors"
    options = ("--items", "--separator", ",", "--epochs", "1", "--vector-size", "8")
    trained = answer("train", data, "-o", path, *options)
    assert trained["settings"]["ns_exponent"] == -0.5
    assert trained["settings"]["epochs"] == 1
    assert answer("info", path)["tokeniser"] == {"name": "items", "separator": ","}
    neighbours = answer("similar", path, "green tea")["answers"][0]["neighbours"]
    assert {neighbour["word"] for neighbour in neighbours} == {"Milk", "SKU 7"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--items", "--tokeniser", "whitespace"], "items are cut at their separator, not by the"),
        (["--separator", ","], "the separator ',' is used only with items"),
        (["--items", "--separator", "::"], "the separator of items must be one character"),
        (["--phrases-scoring", "npmi"], "phrases_scoring is not used with phrases=0"),
        (["--phrases", "-1"], "phrases must be 0 or more, got -1"),
        (
            ["--phrases", "1", "--phrases-scoring", "npmi", "--phrases-threshold", "2"],
            "with NPMI the threshold must be from -1 to 1, got 2.0",
        ),
    ],
)
def test_options_that_do_not_go_together(run, tiny_corpus, tmp_path, options, message):
    result = run("train", tiny_corpus, "-o", tmp_path / "m.safetensors", *options)
    assert result.exit_code == 2
    assert message in result.stderr
