"""``symvec train --algorithm elmo``, and what tells of its file."""

import pytest

import symvec
from symvec.training.elmo.sizes import SIZES, Size

pytest.importorskip("torch")

FAST = ("--algorithm", "elmo", "--epochs", 1, "--batch-words", 256, "--held-out", 0.1)


@pytest.fixture(autouse=True)
def very_tiny(monkeypatch):
    monkeypatch.setitem(SIZES, "tiny", Size(1, ((1, 2), (3, 3)), 5, 4))


def test_a_text_becomes_a_file_that_is_told_of_and_opened(answer, run, tiny_corpus, tmp_path):
    model = tmp_path / "elmo.safetensors"
    said = answer("train", tiny_corpus, "-o", model, *FAST)
    assert (said["layers"], said["vector_size"]) == (3, 8)
    assert set(said["perplexity"]) == {"forward", "backward"}
    told = answer("info", model)
    assert told["format"] == "symvec elmo 1"
    assert (told["layers"], told["characters"]) == (3, "bytes")
    assert told["provenance"]["settings"] == said["settings"]
    assert told["verified"] is True
    assert set(told["sha256"]) >= {"characters", "projection", "header"}
    encoder = symvec.load(model)
    assert told["numbers"] == sum(each.size for each in encoder.weights.to_tensors().values())
    assert "128" not in run("info", model).stdout.split("architecture:")[0]
    assert [path.name for path in tmp_path.iterdir()] == [model.name]


def test_people_are_told_how_well_it_predicts_and_what_to_try(tiny_corpus, tmp_path):
    from symvec.cli.trained import next_commands, summary, train_to_file

    path = str(tmp_path / "elmo.safetensors")
    trained = train_to_file(
        [str(tiny_corpus)], path, algorithm="elmo", epochs=1, batch_words=256, held_out=0.1,
        precision="bfloat16",
    )  # fmt: skip
    shown = summary(trained)
    assert "classes are predicted" in shown
    assert "perplexity  forward " in shown
    assert "words on cpu, bfloat16; loss" in shown
    assert f"symvec contexts VECTORS.safetensors --encoder {path} --corpus" in next_commands(
        trained
    )


def test_a_setting_of_the_others_is_wrong_usage(run, tiny_corpus, tmp_path):
    result = run("train", tiny_corpus, "-o", tmp_path / "m", *FAST, "--vector-size", 8)
    assert result.exit_code == 2
    assert "vector_size is not used with algorithm='elmo', only with" in result.stderr
