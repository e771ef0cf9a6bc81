import json

import symvec


def test_the_answer_is_that_of_the_vectors(answer, tiny_model) -> None:
    said = answer("analogy", tiny_model, "man", "king", "Woman", "-k", 2)
    expected = symvec.load(tiny_model).analogy(positive=["king", "woman"], negative="man", topn=2)
    assert said["question"] == {"a": "man", "b": "king", "c": "Woman"}
    assert said["method"] == "3cosadd"
    assert [(part["rank"], part["word"], part["score"]) for part in said["answers"]] == [
        (rank, *pair) for rank, pair in enumerate(expected, start=1)
    ]


def test_the_other_method(answer, tiny_model) -> None:
    said = answer("analogy", tiny_model, "man", "king", "woman", "--method", "3cosmul")
    vectors = symvec.load(tiny_model)
    expected = vectors.analogy(positive=["king", "woman"], negative="man", method="3cosmul")
    assert [part["word"] for part in said["answers"]] == [word for word, _ in expected]
    assert {"man", "king", "woman"}.isdisjoint(part["word"] for part in said["answers"])


def test_a_table_for_people_shows_the_question(run, tiny_model) -> None:
    head = run("analogy", tiny_model, "man", "king", "woman").stdout.splitlines()[0]
    assert head.split("  ")[0] == "man : king = woman : ?"


def test_jsonl(run, tiny_model) -> None:
    lines = run("analogy", tiny_model, "man", "king", "woman", "-k", 1, "-f", "jsonl").stdout
    assert set(json.loads(lines)) == {"rank", "word", "score"}


def test_an_unknown_word(run, tiny_model) -> None:
    result = run("analogy", tiny_model, "man", "kinge", "woman")
    assert result.exit_code == 4
    assert result.stderr == "error: 'kinge' is not in the vocabulary; did you mean 'king'?\n"
    assert result.stdout == ""


def test_another_method_is_wrong_usage(run, tiny_model) -> None:
    result = run("analogy", tiny_model, "man", "king", "woman", "--method", "magic")
    assert result.exit_code == 2
    assert "3cosadd" in result.stderr
