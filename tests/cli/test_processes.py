"""The command line as a process: streams, signals, exit codes, and what it costs to start."""

import json
import os
import pty
import resource
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import symvec

SECONDS = 60


def finished(words: list[object], **options: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [str(word) for word in words], capture_output=True, timeout=SECONDS, check=False, **options
    )


@pytest.fixture(scope="module")
def long_text(tmp_path_factory) -> Path:
    """Words enough that training takes longer than the test waits."""
    path = tmp_path_factory.mktemp("long") / "long.txt"
    random = np.random.default_rng(5)
    lines = random.integers(0, 2000, (50_000, 8))
    path.write_text("\n".join(" ".join(f"w{word}" for word in line) for line in lines.tolist()))
    return path


def test_data_on_one_stream_and_errors_on_the_other(program, tiny_model) -> None:
    ended = finished([*program, "similar", tiny_model, "tea", "nothing", "--format", "json"])
    assert ended.returncode == 4
    assert json.loads(ended.stdout)["answers"][0]["word"] == "tea"
    assert ended.stderr == b"error: 'nothing' is not in the vocabulary\n"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--help"], 0),
        (["--version"], 0),
        ([], 2),
        (["no-such-command"], 2),
        (["similar"], 2),
        (["similar", "no-such-model", "tea"], 3),
        (["info", os.devnull], 3),
    ],
)
def test_exit_codes(program, words: list[str], code: int) -> None:
    ended = finished([*program, *words])
    assert ended.returncode == code
    assert b"Traceback" not in ended.stderr


def test_a_model_that_was_cut_off_or_changed(program, tiny_model, tmp_path) -> None:
    whole = tiny_model.read_bytes()
    damaged = tmp_path / "damaged.safetensors"
    for content in (whole[: len(whole) // 2], whole[:-1], b"", b"tea" * 100):
        damaged.write_bytes(content)
        ended = finished([*program, "similar", damaged, "tea"])
        assert ended.returncode == 3
        assert ended.stdout == b""
        assert ended.stderr.startswith(b"error: ")
        assert str(damaged).encode() in ended.stderr
    damaged.write_bytes(whole[:-10] + bytes([whole[-10] ^ 1]) + whole[-9:])
    assert finished([*program, "info", damaged]).returncode == 3


def test_a_reader_that_has_enough_is_no_failure(program, tiny_model) -> None:
    # A pipe holds 64 KiB: this is more, so that writing meets the closed end.
    words = ["tea"] * 20_000
    process = subprocess.Popen(
        [*program, "similar", str(tiny_model), "-", "-f", "jsonl"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    process.stdin.write("\n".join(words).encode())
    process.stdin.close()
    process.stdout.readline()
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=SECONDS) == 0
    assert errors == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_disk_behind_standard_output_is_a_failure(program, tiny_model) -> None:
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            [*program, "similar", str(tiny_model), "tea"],
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=SECONDS,
            check=False,
        )
    assert ended.returncode == 1
    assert b"No space left" in ended.stderr
    assert b"Traceback" not in ended.stderr


def test_words_that_are_not_utf8_on_the_command_line(program, tmp_path) -> None:
    model = tmp_path / "bytes.safetensors"
    symvec.train([["caf\udce9", "tea"]] * 5, min_count=1, vector_size=8, epochs=1).save(model)
    ended = subprocess.run(
        [*(word.encode() for word in program), b"similar", os.fsencode(model), b"caf\xe9"],
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.startswith(b"caf\\xe9")


def test_output_in_a_narrow_encoding(program, tiny_model) -> None:
    settings = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    ended = finished([*program, "similar", tiny_model, "coffee", "-f", "json"], env=settings)
    assert ended.returncode == 0
    words = [part["word"] for part in json.loads(ended.stdout)["answers"][0]["neighbours"]]
    assert "tübingen" in words
    ended = finished([*program, "similar", tiny_model, "coffee"], env=settings)
    assert ended.returncode == 0
    assert b"t\\xfcbingen" in ended.stdout


def test_training_can_be_interrupted(program, long_text, tmp_path) -> None:
    model = tmp_path / "model.safetensors"
    model.write_bytes(b"what was there")
    work = tmp_path / "work"
    work.mkdir()
    options = ["--epochs", "100000", "--work-dir", str(work)]
    process = subprocess.Popen(
        [*program, "train", str(long_text), "-o", str(model), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    deadline = time.monotonic() + SECONDS
    while not list(work.glob("*/*.ids")) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(1)  # reading takes less: it is training by now
    process.send_signal(signal.SIGINT)
    out, errors = process.communicate(timeout=SECONDS)
    # CPython ends itself by the signal where it came while a string was executed, as dataclasses
    # are made at import. A shell shows both as 130.
    assert process.returncode in (130, -signal.SIGINT)
    assert out == b""
    assert errors.startswith(b"error: ")
    assert b"interrupted" in errors
    assert b"Traceback" not in errors
    assert model.read_bytes() == b"what was there"
    assert list(work.iterdir()) == []


def on_terminal(words: list[str], **variables: str) -> tuple[int, str]:
    """Run a command with a terminal for its standard error, and return what came there."""
    reader, writer = pty.openpty()
    settings = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "120", **variables}
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=writer, env=settings)
    os.close(writer)
    seen = b""
    while select.select([reader], [], [], SECONDS)[0]:
        try:
            piece = os.read(reader, 1 << 16)
        except OSError:  # Linux says so when the other end is closed
            break
        if not piece:
            break
        seen += piece
    os.close(reader)
    return process.wait(timeout=SECONDS), seen.decode()


def test_a_terminal_sees_the_progress_and_a_summary(program, long_text, tmp_path) -> None:
    model = tmp_path / "model.safetensors"
    options = ["--epochs", "20", "--vector-size", "16"]
    code, seen = on_terminal([*program, "train", str(long_text), "-o", str(model), *options])
    assert code == 0
    assert "training, epoch" in seen
    assert "words/s" in seen
    assert "loss" in seen
    assert "left" in seen
    summary = seen[seen.rindex("text  ") :].replace("\r", "")
    assert "400,000 words in 50,000 sentences, " in summary
    assert f"saved       {model}, " in summary
    assert f"next        symvec similar {model} " in summary
    last = summary.strip().splitlines()[-2].removeprefix("next        ").split()
    assert finished([*program, *last[1:]]).returncode == 0


def test_no_colour_where_it_is_not_wanted(program, tiny_corpus, tmp_path) -> None:
    words = [*program, "train", str(tiny_corpus), "-o", str(tmp_path / "m.safetensors")]
    _, seen = on_terminal(words, NO_COLOR="1")
    assert "\x1b[3" not in seen  # colours; the cursor is still moved
    assert "\x1b[1;3" not in seen


STARTS = """
import sys
sys.argv = ["symvec", *{words!r}]
from symvec.cli import main
try:
    main()
except SystemExit as error:
    assert error.code == 0, error.code
loaded = {{name.split(".")[0] for name in sys.modules}}
print(*sorted(loaded & {{"numba", "numpy", "rich", "torch", "jax", "keras", "scipy", "pandas"}}),
      file=sys.stderr)
"""


@pytest.mark.parametrize(
    ("words", "loaded"),
    [
        (["--help"], ""),
        (["train", "--help"], ""),
        (["similar", "MODEL", "tea", "-f", "tsv"], "numpy"),
        (["similar", "MODEL", "tea"], "numpy rich"),
        (["info", "MODEL", "-f", "json"], "numpy"),
        (["doctor", "-f", "json"], ""),
    ],
)
def test_a_command_loads_what_it_needs(tiny_model, words: list[str], loaded: str) -> None:
    words = [str(tiny_model) if word == "MODEL" else word for word in words]
    ended = finished([sys.executable, "-c", STARTS.format(words=words)])
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr.decode().split() == loaded.split()


def test_help_comes_at_once(program) -> None:
    """Half a second is promised: of the processor's time, whatever else keeps it busy."""

    def seconds() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert finished([*program, "--help"]).returncode == 0
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    assert min(seconds() for _ in range(3)) < 0.5


def test_the_script_is_installed() -> None:
    script = shutil.which("symvec", path=str(Path(sys.executable).parent))
    assert script is not None
    ended = finished([script, "--version"])
    assert ended.stdout.decode().strip() == f"symvec {symvec.__version__}"
