"""Training that is killed, interrupted, and goes on."""

import random
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest

SECONDS = 120
OPTIONS = ["--vector-size", "48", "--epochs", "12", "--min-count", "1"]


@pytest.fixture(scope="module")
def text(tmp_path_factory) -> Path:
    """Words enough for some seconds of training."""
    path = tmp_path_factory.mktemp("text") / "text.txt"
    lines = np.random.default_rng(5).zipf(1.4, (30_000, 12)) % 3000
    path.write_text("\n".join(" ".join(f"w{word}" for word in line) for line in lines.tolist()))
    return path


@pytest.fixture(scope="module")
def whole(program, text, tmp_path_factory) -> bytes:
    """The file that an uninterrupted run writes."""
    model = tmp_path_factory.mktemp("whole") / "model"
    subprocess.run([*program, "train", text, "-o", model, *OPTIONS], check=True, timeout=SECONDS)
    return model.read_bytes()


def started(program, text, model, *more: str) -> subprocess.Popen[bytes]:
    words = [*program, "train", str(text), "-o", str(model), *OPTIONS, *more]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def until_a_checkpoint(process: subprocess.Popen[bytes], folder: Path, beside: set[Path]) -> None:
    """Wait for a checkpoint that was not there, or for the end."""
    deadline = time.monotonic() + SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        if {*folder.glob("*.checkpoint-*")} - beside:
            return
        time.sleep(0.01)


def test_killed_at_any_moment_it_goes_on_to_the_same_bytes(program, text, whole, tmp_path) -> None:
    model = tmp_path / "model"
    moments = random.Random(4)
    kills = 0
    for threads in (2, 1, 3):
        process = started(
            program,
            text,
            model,
            "--checkpoint-every",
            "0.05",
            "--resume",
            "--threads",
            str(threads),
        )
        until_a_checkpoint(process, tmp_path, {*tmp_path.glob("*.checkpoint-*")})
        time.sleep(moments.uniform(0, 0.1))
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=SECONDS)
        kills += process.returncode == -signal.SIGKILL
    assert kills >= 2
    process = started(program, text, model, "--resume", "--threads", "2")
    _, errors = process.communicate(timeout=SECONDS)
    assert process.returncode == 0, errors
    assert model.read_bytes() == whole
    assert not [*tmp_path.glob("*.checkpoint-*")]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_a_checkpoint(program, text, whole, tmp_path, number) -> None:
    model = tmp_path / "model"
    process = started(program, text, model, "--checkpoint-every", "0.1")
    until_a_checkpoint(process, tmp_path, set())
    process.send_signal(number)
    out, errors = process.communicate(timeout=SECONDS)
    assert process.returncode == 130
    assert out == b""
    assert errors.startswith(b"error: training was interrupted; ")
    assert b"model.checkpoint-" in errors
    assert b"--resume" in errors
    assert not model.exists()
    process = started(program, text, model, "--resume", "--threads", "1")
    _, errors = process.communicate(timeout=SECONDS)
    assert (process.returncode, errors) == (0, b"")
    assert model.read_bytes() == whole
