"""Help that can be believed: each example runs, each option is explained."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import symvec
from elmo_case import tiny_encoder
from symvec.cli import program

# The command line's own list: a command that is not looked at here is none.
COMMANDS = program.COMMANDS
EXAMPLES = [
    line.strip()
    for module in (program, *COMMANDS)
    for line in module.EXAMPLES.splitlines()
    if "symvec" in line
]


@pytest.fixture(scope="module")
def folder(tiny_corpus, tiny_model, tmp_path_factory) -> Path:
    """A folder with the files that the examples name."""
    path = tmp_path_factory.mktemp("examples")
    (path / "corpus.txt").write_bytes(tiny_corpus.read_bytes())
    (path / "city.safetensors").write_bytes(tiny_model.read_bytes())
    ngrams = symvec.train(tiny_corpus, subwords="chars", bucket=1000, vector_size=8, epochs=1)
    ngrams.save(path / "ngrams.safetensors")
    (path / "ws353.txt").write_text("coffee tea 9\nking queen 8\ncoffee king 1\n")
    (path / "dictionary.txt").write_text("tea tea\nking king\nsea sea\ncoffee coffee\nman man\n")
    # Formats are told by content: any text of vectors will do, and any other file.
    (path / "vectors.txt").write_text("3 2\ntea 1 2\ncoffee 2 1\nking 0 1\n")
    (path / "glove.6B.300d.txt").write_text("tea 1 2\ncoffee 2 1\nking 0 1\n")
    tiny_encoder().save(path / "elmo.safetensors")
    (path / "wiki.ko.bin").write_bytes(tiny_model.read_bytes())
    (path / "questions-words.txt").write_text(": family\nman king woman queen\n")
    return path


@pytest.mark.parametrize("example", [line for line in EXAMPLES if " demo" not in line])
def test_each_example_works(folder: Path, program: list[str], example: str) -> None:
    script = example.replace("symvec", shlex.join(program), 1)
    if "train" in example:  # into a file of its own, for the other examples ask the model
        script = script.replace("-o city", "-o other")
    ended = subprocess.run(
        ["/bin/sh", "-c", script], cwd=folder, capture_output=True, timeout=60, check=False
    )
    assert ended.returncode == 0, ended.stderr.decode()
    doubted = b"warning: " if "train" in example else b""  # the text is tiny
    assert all(line.startswith(doubted) and doubted for line in ended.stderr.splitlines())


@pytest.mark.parametrize("command", COMMANDS, ids=lambda module: module.__name__)
def test_help_ends_in_examples(run, command) -> None:
    name = command.__name__.rpartition(".")[2]
    result = run(name, "--help")
    assert result.exit_code == 0
    shown = result.stdout.partition("Examples:")[2]
    expected = [line.strip() for line in command.EXAMPLES.splitlines() if "symvec" in line]
    assert [line.strip() for line in shown.splitlines() if line.strip()] == expected


@pytest.mark.parametrize("command", COMMANDS, ids=lambda module: module.__name__)
def test_each_option_is_explained(run, command) -> None:
    result = run(command.__name__.rpartition(".")[2], "--help")
    options = result.stdout.partition("Options:")[2].partition("Examples:")[0]
    entries = re.split(r"\n(?=  -)", options)
    assert len(entries) > 1
    for entry in entries[1:]:
        name, _, explanation = entry.strip().partition("  ")
        assert explanation.strip() or "\n" in entry, name


def test_help_shows_the_commands_with_a_line_each(run) -> None:
    shown = run("--help").stdout
    for command in COMMANDS:
        assert re.search(rf"^  {command.__name__.rpartition('.')[2]} +[A-Z].*[.?]$", shown, re.M)


def test_the_module_can_be_run() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "symvec", "--version"], capture_output=True, timeout=60, check=False
    )
    assert ended.stdout.startswith(b"symvec ")
