import gzip
import json

import pytest

import symvec
from symvec.training.algorithms import ALGORITHMS
from symvec.training.settings.part import described

FAST = ("--vector-size", 16, "--epochs", 2, "--min-count", 2, "--sample", 0)


def test_the_file_holds_what_the_library_learns(run, tiny_corpus, tmp_path) -> None:
    model = tmp_path / "model.safetensors"
    result = run("train", tiny_corpus, "-o", model, *FAST)
    assert result.exit_code == 0
    assert (result.stdout, result.stderr) == ("", "")
    learned = symvec.train(tiny_corpus, vector_size=16, epochs=2, min_count=2, sample=0.0)
    assert (symvec.load(model).table == learned.table).all()


def test_the_same_seed_gives_the_same_file_at_any_number_of_threads(
    run, tiny_corpus, tmp_path
) -> None:
    files = [tmp_path / f"{place}.safetensors" for place in range(4)]
    for file, threads, seed in zip(files, (1, 2, 3, 1), (7, 7, 7, 8), strict=True):
        assert not run(
            "train", tiny_corpus, "-o", file, *FAST, "--threads", threads, "--seed", seed
        ).exit_code
    first, second, third, other = (file.read_bytes() for file in files)
    assert first == second == third
    assert first != other


def test_every_setting_is_an_option_that_tells_its_default(run) -> None:
    shown = " ".join(run("train", "--help").stdout.split()).replace("- ", "-")
    for algorithm in ALGORITHMS.values():
        for part in algorithm.parts:
            for name, description in described(part).items():
                assert f"--{name.replace('_', '-')} " in shown
                default = description.shown_default or getattr(part(), name)
                if isinstance(default, bool):
                    default = f"{'' if default else 'no-'}{name.replace('_', '-')}"
                assert f"default: {default}" in shown or f": {default}" in shown


def test_a_setting_of_no_use_is_wrong_usage(run, tiny_corpus, tmp_path) -> None:
    result = run("train", tiny_corpus, "-o", tmp_path / "m", "--cbow-update", "exact")
    assert result.exit_code == 2
    assert result.stderr == (
        "error: cbow_update is not used with algorithm='skipgram'; leave it out\n"
    )


def test_every_option_reaches_the_model(answer, run, tiny_corpus, tmp_path) -> None:
    model = tmp_path / "model.safetensors"
    given = {
        "algorithm": "cbow",
        "vector_size": 8,
        "window": 2,
        "negative": 3,
        "epochs": 2,
        "min_count": 3,
        "max_vocabulary": 9,
        "sample": 0.5,
        "ns_exponent": 0.5,
        "alpha": 0.01,
        "min_alpha": 0.001,
        "cbow_update": "exact",
        "seed": 5,
    }
    options = [
        word for name, value in given.items() for word in (f"--{name.replace('_', '-')}", value)
    ]
    more = ("--tokeniser", "whitespace", "--no-lowercase", "--work-dir", tmp_path, "--threads", 1)
    said = answer("train", tiny_corpus, "-o", model, *options, *more)
    assert said["settings"].items() >= given.items()
    told = answer("info", model)
    assert told["provenance"]["settings"] == said["settings"]
    assert told["tokeniser"]["name"] == "whitespace"
    assert told["tokeniser"]["lowercase"] is False
    assert told["words"] == said["words"] == 9
    assert [path.name for path in tmp_path.iterdir()] == ["model.safetensors"]


def test_json_tells_what_was_read_and_learned(answer, tiny_corpus, tmp_path) -> None:
    model = tmp_path / "model.safetensors"
    said = answer("train", tiny_corpus, "-o", model, *FAST)
    assert said["model"] == str(model)
    assert said["size_bytes"] == model.stat().st_size
    assert said["corpus"]["sentences"] == 600
    assert said["corpus"]["bytes_read"] == tiny_corpus.stat().st_size
    assert len(said["losses"]) == 2
    assert said["words_per_second"] > 0
    assert said["seconds"] > 0


def test_text_from_standard_input_and_compressed_text_is_the_same(
    run, tiny_corpus, tmp_path
) -> None:
    text = tiny_corpus.read_bytes()
    packed = tmp_path / "corpus.txt.gz"
    packed.write_bytes(gzip.compress(text))
    files = [tmp_path / f"{name}.safetensors" for name in ("plain", "pipe", "packed")]
    assert run("train", tiny_corpus, "-o", files[0], *FAST).exit_code == 0
    assert run("train", "-", "-o", files[1], *FAST, stdin=text).exit_code == 0
    assert run("train", packed, "-o", files[2], *FAST).exit_code == 0
    plain, pipe, unpacked = (symvec.load(file) for file in files)
    assert (plain.table == pipe.table).all()
    assert (plain.table == unpacked.table).all()


def test_invalid_bytes_are_a_warning_wherever_standard_error_goes(run, tmp_path) -> None:
    text = tmp_path / "latin.txt"
    text.write_bytes(b"caf\xe9 tea caf\xe9 tea\n" * 5)
    result = run("train", text, "-o", tmp_path / "model.safetensors", *FAST)
    assert result.exit_code == 0
    assert "warning: 10 bytes of the text are not valid UTF-8; they were" in result.stderr


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--vector-size", 0, "vector_size must be 1 or more, got 0"),
        ("--epochs", 0, "epochs must be 1 or more, got 0"),
        ("--threads", 0, "threads must be a whole number of 1 or more, got 0"),
        ("--min-alpha", 1, "alpha falls from 0.025 to min_alpha, which is larger: 1.0"),
        ("--sample", "nan", "sample must be a finite number, got nan"),
    ],
)
def test_settings_that_cannot_be_are_wrong_usage(
    run, tiny_corpus, tmp_path, option: str, value: object, message: str
) -> None:
    result = run("train", tiny_corpus, "-o", tmp_path / "m.safetensors", option, value)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"error: {message}")
    assert list(tmp_path.iterdir()) == []


def test_text_that_cannot_be_read(run, tmp_path) -> None:
    model, empty = tmp_path / "m.safetensors", tmp_path / "empty.txt"
    empty.write_bytes(b" \n\n")
    folder = tmp_path / "folder"
    folder.mkdir()
    for text, message in (
        ("no-such-file.txt", "no such file or folder: 'no-such-file.txt'"),
        (folder, f"the folder {str(folder)!r} has no text"),
        (empty, ""),
        ("nothing-*.txt", "no file matches the pattern 'nothing-*.txt'"),
    ):
        result = run("train", text, "-o", model)
        assert result.exit_code == 3
        assert result.stderr.startswith(f"error: {message}")
        assert not model.exists()


def test_a_min_count_that_leaves_no_word_says_the_highest_count(run, tmp_path) -> None:
    text = tmp_path / "text.txt"
    text.write_text("tea tea tea milk\n")
    result = run("train", text, "-o", tmp_path / "m.safetensors", "--min-count", 4)
    assert result.exit_code == 3
    assert "'tea'" in result.stderr
    assert "3" in result.stderr


@pytest.mark.parametrize("output", ["no-such-folder/m.safetensors", "."])
def test_a_place_that_cannot_be_written_is_found_out_before_the_text_is_read(
    run, tmp_path, monkeypatch, output: str
) -> None:
    monkeypatch.chdir(tmp_path)
    # Were the text looked at first, its absence would be the error.
    result = run("train", "no-such-file.txt", "-o", output)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"error: cannot write {output}: ")


def test_jsonl_is_a_fact_a_line(run, tiny_corpus, tmp_path) -> None:
    result = run("train", tiny_corpus, "-o", tmp_path / "m.safetensors", *FAST, "-f", "jsonl")
    facts = {}
    for line in result.stdout.splitlines():
        record = json.loads(line)
        facts[record["name"]] = record["value"]
    assert facts["settings.vector_size"] == 16
