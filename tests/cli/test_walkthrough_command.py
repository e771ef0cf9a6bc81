"""The walk from one-hot to the layer, as the command line shows it."""


def test_it_walks_with_the_example(run) -> None:
    shown = run("walkthrough").stdout
    assert "i i i i need some more coffee coffee coffee" in shown
    assert "[0, 0, 0, 0, 1, 2, 3, 4, 4, 4]" in shown
    assert "(10, 8)" in shown


def test_it_walks_with_a_sentence_of_ones_own(run) -> None:
    shown = run("walkthrough", "tea and more tea").stdout
    assert "tea = 0, and = 1, more = 2" in shown
    assert "[0, 1, 2, 0]" in shown


def test_the_same_steps_as_json(answer) -> None:
    steps = answer("walkthrough", "tea", "tea")["steps"]
    assert steps[0]["title"] == "1. Words become ids"
    assert any("[0, 0]" in line for line in steps[0]["lines"])


def test_control_characters_are_shown_not_obeyed(run) -> None:
    assert "\x1b" not in run("walkthrough", "red\x1b[31m tea").stdout


def test_a_sentence_without_a_word_is_refused(run) -> None:
    result = run("walkthrough", " ")
    assert result.exit_code == 2
    assert "no words" in result.stderr
