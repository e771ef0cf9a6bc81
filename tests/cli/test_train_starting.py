"""``symvec train`` from another model's vectors, and with new text."""

import pytest

import symvec

HEARD = pytest.mark.filterwarnings("always::symvec.training.TrainingWarning")
FAST = ("--vector-size", 16, "--epochs", 2, "--min-count", 2, "--sample", 0)


@pytest.fixture
def more_text(tmp_path):
    path = tmp_path / "more.txt"
    path.write_text("coffee espresso milk tea\nespresso tea coffee milk espresso\n" * 50)
    return path


def test_the_file_holds_what_the_library_learns_and_can_be_made_again(
    run, answer, tiny_model, more_text, tmp_path
) -> None:
    for how in ("init_from", "continue_from"):
        model, option = tmp_path / f"{how}.safetensors", f"--{how.replace('_', '-')}"
        settings = FAST if how == "init_from" else ("--epochs", 2)
        result = run("train", more_text, "-o", model, *settings, option, tiny_model, "--freeze")
        assert result.exit_code == 0, result.output
        given = {"vector_size": 16, "min_count": 2, "sample": 0.0} if how == "init_from" else {}
        start = symvec.load(tiny_model)
        learned = symvec.train(more_text, epochs=2, freeze=True, **given, **{how: start})
        found = symvec.load(model)
        assert found.table.tobytes() == learned.table.tobytes()
        assert (found["tea"] == start["tea"]).all()
        again = ("reproduce", model, "--corpus", more_text)
        assert answer(*again, "--started-from", tiny_model)["same_bytes"] is True
        refused = run(*again)
        assert refused.exit_code == 2
        assert "were started from a model, whose SHA-256 is " in refused.stderr


def test_json_tells_what_was_found(answer, tiny_model, more_text, tmp_path) -> None:
    said = answer("train", more_text, "-o", tmp_path / "m", *FAST, "--init-from", tiny_model)
    assert said["inherited"] == {"words": 3, "other_words": 1}
    assert said["started_from"]["how"] == "init"


@HEARD
def test_the_model_may_be_replaced_by_itself_grown(run, tiny_model, more_text, tmp_path) -> None:
    model = tmp_path / "model.safetensors"
    model.write_bytes(tiny_model.read_bytes())
    result = run("train", more_text, "-o", model, "--continue-from", model, "--epochs", 1)
    assert result.exit_code == 0
    assert "holds no outputs, which --keep-outputs" in result.stderr
    grown = symvec.load(model)
    assert "espresso" in grown.vocabulary
    assert "france" in grown.vocabulary


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--freeze",), "freeze needs a model to start from"),
        (("--algorithm", "svd", "--init-from"), "a model to start from is for skipgram and cbow"),
        (("--vector-size", 9, "--init-from"), "vector_size=9, but the model to start from has 16"),
        (("--vector-size", 9, "--continue-from"), "vector_size cannot be 9: the model to continue"),
    ],
)
def test_what_cannot_be_is_wrong_usage(run, tiny_model, more_text, tmp_path, options, message):
    given = (*options, tiny_model) if options[-1] != "--freeze" else options
    result = run("train", more_text, "-o", tmp_path / "m", *given)
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1].startswith(f"error: {message}")


@HEARD
def test_svd_has_nothing_to_resume_and_says_so(run, tiny_corpus, tmp_path) -> None:
    result = run("train", tiny_corpus, "-o", tmp_path / "m", "--algorithm", "svd",
                 "--vector-size", 4, "--resume")  # fmt: skip
    assert result.exit_code == 0
    assert (
        "warning: there is nothing to resume: svd counts and factorises in one go, and keeps no "
        "state; it begins at the beginning\n"
    ) in result.stderr


def test_standard_input_has_to_be_given_again(run, tiny_corpus, tmp_path, monkeypatch) -> None:
    model, text = tmp_path / "m.safetensors", tiny_corpus.read_bytes()
    whole = tmp_path / "whole.safetensors"
    assert run("train", "-", "-o", whole, *FAST, stdin=text).exit_code == 0

    def interrupt(progress) -> None:
        if progress.stage == "training":
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("symvec.cli.watching.Watch.__call__", lambda _, each: interrupt(each))
        stopped = run("train", "-", "-o", model, *FAST, stdin=text)
    assert stopped.exit_code == 130
    assert stopped.stderr.endswith(
        "goes on from there, given the same text on standard input again\n"
    )
    empty = run("train", "-", "-o", model, *FAST, "--resume", stdin=b"")
    assert empty.exit_code == 3
    assert empty.stderr.endswith("; to resume, give the same text on standard input again\n")
    other = run("train", "-", "-o", model, *FAST, "--resume", stdin=text + b"tea tea\n")
    assert other.exit_code == 2
    assert "corpus.sha256 is " in other.stderr
    assert run("train", "-", "-o", model, *FAST, "--resume", stdin=text).exit_code == 0
    assert model.read_bytes() == whole.read_bytes()
