import io
import json

import pytest

import symvec


def test_neighbours_are_those_of_the_vectors(answer, tiny_model) -> None:
    said = answer("similar", tiny_model, "coffee", "-k", 3)
    expected = symvec.load(tiny_model).most_similar("coffee", 3)
    assert said == {
        "answers": [
            {
                "word": "coffee",
                "found_as": "coffee",
                "made_of_ngrams": [],
                "neighbours": [
                    {"word": word, "similarity": similarity} for word, similarity in expected
                ],
            }
        ],
        "unknown": [],
    }
    assert said["answers"][0]["neighbours"][0]["word"] in {"tea", "milk", "drunk", "are", "in"}


def test_a_query_is_spelled_as_the_tokeniser_does(answer, tiny_model) -> None:
    (said,) = answer("similar", tiny_model, "TU\u0308BINGEN", "-k", 1)["answers"]
    assert said["word"] == "TU\u0308BINGEN"
    assert said["found_as"] == "tübingen"


def test_words_from_standard_input_take_the_place_of_the_dash(answer, tiny_model) -> None:
    said = answer("similar", tiny_model, "king", "-", "sea", stdin="\ufefftea\r\n\n  coffee \n")
    assert [part["word"] for part in said["answers"]] == ["king", "tea", "coffee", "sea"]


def test_jsonl_is_an_object_a_neighbour_and_tsv_has_a_head(run, tiny_model) -> None:
    lines = run("similar", tiny_model, "tea", "king", "-k", 2, "-f", "jsonl").stdout.splitlines()
    records = [json.loads(line) for line in lines]
    assert [(record["word"], record["rank"]) for record in records] == [
        ("tea", 1),
        ("tea", 2),
        ("king", 1),
        ("king", 2),
    ]
    rows = run("similar", tiny_model, "tea", "king", "-k", 2, "-f", "tsv").stdout.splitlines()
    assert rows[0].split("\t") == ["word", "rank", "neighbour", "similarity"]
    assert [row.split("\t") for row in rows[1:]] == [
        [str(value) for value in record.values()] for record in records
    ]


def test_a_table_for_people(run, tiny_model) -> None:
    result = run("similar", tiny_model, "Tea", "-k", 1)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0].split() == ["tea", "similarity"]
    assert result.stderr == ""


def test_unknown_words_are_named_and_the_others_answered(run, tiny_model) -> None:
    result = run("similar", tiny_model, "cofee", "tea", "cofee", "xyzxyz", "-f", "json")
    assert result.exit_code == 4
    said = json.loads(result.stdout)
    assert [part["word"] for part in said["answers"]] == ["tea"]
    assert said["unknown"][0] == {"word": "cofee", "suggestions": ["coffee"]}
    assert result.stderr == (
        "error: 'cofee' is not in the vocabulary; did you mean 'coffee'?\n"
        "error: 'xyzxyz' is not in the vocabulary\n"
    )


@pytest.mark.parametrize("style", ["table", "json", "jsonl", "tsv"])
def test_only_unknown_words(run, tiny_model, style: str) -> None:
    result = run("similar", tiny_model, "xyzxyz", "--format", style)
    assert result.exit_code == 4
    assert (result.stdout != "") == (style == "json")


@pytest.mark.parametrize(("k", "found"), [(0, 0), (1, 1), (10**9, 20)])
def test_k_is_clamped_to_what_is_there(answer, tiny_model, k: int, found: int) -> None:
    (said,) = answer("similar", tiny_model, "tea", "-k", k)["answers"]
    assert len(said["neighbours"]) == found


def test_a_negative_k_is_wrong_usage(run, tiny_model) -> None:
    result = run("similar", tiny_model, "tea", "-k", -1)
    assert result.exit_code == 2
    assert result.stderr == "error: topn must be 0 or more, got -1\n"


def test_answers_among_the_most_frequent_words(answer, tiny_model) -> None:
    frequent = symvec.load(tiny_model).index_to_key[:4]
    (said,) = answer("similar", tiny_model, "coffee", "--restrict-vocabulary", 4)["answers"]
    assert {neighbour["word"] for neighbour in said["neighbours"]} <= set(frequent)


def test_hostile_words_are_escaped_for_people_and_whole_in_json(run, tmp_path) -> None:
    hostile = ["\x1b[31mred", "a\tb", "caf\udce9", "[bold]", "plain"]
    model = tmp_path / "hostile.safetensors"
    symvec.train([hostile] * 5, min_count=1, vector_size=8, epochs=1).save(model)
    table = run("similar", model, "plain")
    assert "\x1b" not in table.stdout
    assert "\\x1b[31mred" in table.stdout
    assert "[bold]" in table.stdout
    said = json.loads(run("similar", model, "plain", "--format", "json").stdout)
    words = {neighbour["word"] for neighbour in said["answers"][0]["neighbours"]}
    assert words == set(hostile[:-1])
    rows = run("similar", model, "plain", "--format", "tsv").stdout.splitlines()
    assert {row.split("\t")[2] for row in rows[1:]} == {
        "\\x1b[31mred",
        "a\\tb",
        "caf\\xe9",
        "[bold]",
    }


def test_invalid_bytes_can_be_asked_for(answer, tmp_path) -> None:
    model = tmp_path / "bytes.safetensors"
    symvec.train([["caf\udce9", "tea"]] * 5, min_count=1, vector_size=8, epochs=1).save(model)
    asked = io.BytesIO(b"caf\xe9\n").getvalue()
    (said,) = answer("similar", model, "-", stdin=asked)["answers"]
    assert said["word"] == "caf\udce9"


def test_words_that_were_never_seen_say_that_their_ngrams_answer(
    run, answer, tiny_corpus, tmp_path
) -> None:
    model = tmp_path / "ngrams"
    settings = {"subwords": "chars", "bucket": 500, "vector_size": 8, "epochs": 2}
    symvec.train(tiny_corpus, **settings).save(model)
    heads = [
        line for line in run("similar", model, "coffees", "coffee", "coffees + tea", "-k", 1)
        .stdout.splitlines() if "similarity" in line
    ]  # fmt: skip
    assert [head.partition("  ")[0] for head in heads] == [
        "coffees (by its n-grams)",
        "coffee",
        "coffees + tea (coffees: by n-grams)",
    ]
    said = answer("similar", model, "coffees", "coffees + teas", "tea")["answers"]
    assert [each["made_of_ngrams"] for each in said] == [["coffees"], ["coffees", "teas"], []]


@pytest.mark.filterwarnings("ignore::symvec.training.TrainingWarning")
def test_a_word_too_short_for_an_ngram_is_told_so(run, tmp_path) -> None:
    sentences = [["coffee", "teapot"], ["coffee", "sugar"]] * 20
    vectors = symvec.train(
        sentences, subwords="chars", min_n=5, bucket=50, vector_size=4, min_count=1, epochs=1
    )
    vectors.save(tmp_path / "model")
    result = run("similar", tmp_path / "model", "zq")
    assert result.exit_code == 4
    assert "'zq' is not in the vocabulary and is too short for n-grams of 5 to 6" in result.stderr
