"""What several folders of tests share."""

from __future__ import annotations

import sys
from pathlib import Path

import hypothesis
import numpy as np
import pytest

import symvec

# Kernels are compiled, and machines busy, whenever it happens: time says nothing about a case.
hypothesis.settings.register_profile("symvec", deadline=None)
hypothesis.settings.load_profile("symvec")

# Three worlds whose words keep to themselves, and one word that is no ASCII.
_SENTENCES = (
    "man king woman queen rule the land",
    "coffee tea milk are drunk in tübingen",
    "ships sail the sea to spain and france",
)
TINY_SETTINGS = {"vector_size": 16, "window": 3, "epochs": 30, "sample": 0.0}


def tiny_text() -> str:
    """Return 600 short lines in which words occur 50 times and more."""
    random = np.random.default_rng(3)
    lines = [random.permutation(_SENTENCES[i % 3].split()) for i in range(600)]
    return "\n".join(" ".join(line) for line in lines) + "\n"


@pytest.fixture(scope="session")
def tiny_corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small text, in which the three worlds can be learned."""
    path = tmp_path_factory.mktemp("text") / "corpus.txt"
    path.write_text(tiny_text(), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def tiny_model(tiny_corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of vectors that were learned from the small text."""
    path = tmp_path_factory.mktemp("model") / "city.safetensors"
    symvec.train(tiny_corpus, **TINY_SETTINGS).save(path)
    return path


@pytest.fixture(scope="session")
def program() -> list[str]:
    """How the command line is started as a process of its own."""
    return [sys.executable, "-m", "symvec"]
