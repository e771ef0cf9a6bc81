"""One question to a file of three million words, from a process that does not exist yet.

Makes files of 3,000,000 words in a temporary folder, once with 100 and once with 300 dimensions,
and measures a whole new process: Python starts, the file is opened and verified, the word looked
up, all words compared. Claim: under a second, with the file in the page cache.

    python benchmarks/cold_query.py [--words N] [--sizes 100 300] [--runs 7] [--folder F]
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from machine import description
from symvec.vectors import Vectors
from symvec.vocabulary import Vocabulary, WordRows

QUERY = """
import sys
import symvec.formats
vectors = symvec.formats.load(sys.argv[1])
print(vectors.most_similar(sys.argv[2], topn=10))
assert "numba" not in sys.modules
"""


def make_file(path: Path, words: int, vector_size: int) -> None:
    generator = np.random.default_rng(vector_size)
    names = [f"{i * 2654435761 % 2**32:x}w{i}" for i in range(words)]
    vocabulary = Vocabulary.from_words(names, counts=np.arange(words, 0, -1))
    table = np.empty((words, vector_size), dtype=np.float32)
    for start in range(0, words, 100_000):
        generator.standard_normal(out=table[start : start + 100_000], dtype=np.float32)
    Vectors(WordRows(vocabulary), table).save(path)


def seconds_of(command: list[str]) -> float:
    begin = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.PIPE)
    return time.perf_counter() - begin


def spread(seconds: list[float]) -> dict[str, object]:
    return {
        "median_seconds": round(statistics.median(seconds), 3),
        "all_seconds": [round(value, 3) for value in seconds],
    }


def measure(folder: Path, words: int, vector_size: int, runs: int) -> dict[str, object]:
    path = folder / f"cold-{vector_size}.safetensors"
    make_file(path, words, vector_size)
    word = f"{(words // 2) * 2654435761 % 2**32:x}w{words // 2}"
    with path.open("rb") as file:  # into the page cache
        while file.read(1 << 24):
            pass
    python = [sys.executable, "-c", QUERY, str(path), word]
    command = [str(Path(sys.executable).with_name("symvec")), "similar", str(path), word]
    in_python, on_command_line = [], []
    for _ in range(runs):
        in_python.append(seconds_of(python))
        on_command_line.append(seconds_of(command))
    size_bytes = path.stat().st_size
    path.unlink()
    return {
        "words": words,
        "vector_size": vector_size,
        "file_bytes": size_bytes,
        "python": spread(in_python),
        "symvec similar": spread(on_command_line),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--words", type=int, default=3_000_000)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 300])
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--folder", type=Path, help="where to make the files, up to 4 GB each")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        results = [
            measure(Path(folder), arguments.words, size, arguments.runs) for size in arguments.sizes
        ]
    print(json.dumps({"machine": description(), "cold_query": results}, indent=2))


if __name__ == "__main__":
    main()
