"""Running the command line inside the test's process, which is fast."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from symvec.cli.program import program as commands


@pytest.fixture
def run() -> Callable[..., Result]:
    """Run a command: ``run("similar", model, "tea", stdin="...")``."""

    def call(*words: object, stdin: str | bytes | None = None) -> Result:
        return CliRunner().invoke(commands, [str(word) for word in words], input=stdin)

    return call


@pytest.fixture
def answer(run: Callable[..., Result]) -> Callable[..., Any]:
    """Run a command that succeeds, and return its JSON."""

    def call(*words: object, stdin: str | bytes | None = None) -> Any:
        result = run(*words, "--format", "json", stdin=stdin)
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    return call
