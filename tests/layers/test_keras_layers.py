"""The Keras layer on each backend that is installed: one process each, as Keras has it."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

SUITE = Path(__file__).with_name("keras_suite.py")


@pytest.mark.parametrize("backend", ["torch", "jax", "tensorflow"])
def test_the_keras_layer(backend, tmp_path):
    for package in ("keras", backend):
        if importlib.util.find_spec(package) is None:
            pytest.skip(f"{package} is not installed")
    environment = {**os.environ, "KERAS_BACKEND": backend, "KERAS_HOME": str(tmp_path)}
    environment.pop("PYTEST_XDIST_WORKER", None)
    options = ["-p", "no:cacheprovider", "-W", "default"]
    command = [sys.executable, "-m", "pytest", str(SUITE), *options]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
