"""Claim: counting and encoding raw text takes a small multiple of reading it.

Reads a text, plain or .xz (unpacked first), from the page cache in three ways, in turn: its bytes
alone; counted and encoded by symvec with each tokeniser; counted by gensim's build_vocab from
``corpus_file``, which cuts at white space and writes no ids.

    python benchmarks/encoding.py --corpus text8like.xz [--runs 5]
"""

from __future__ import annotations

import argparse
import json
import lzma
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from machine import description
from symvec.text.tokenisers import Tokeniser
from symvec.vocabulary.counting import encode_text

LINE_WORDS = 1000  # gensim drops what a line holds beyond 10,000


def in_lines(corpus: Path, to: Path) -> None:
    with lzma.open(corpus, "rt") if corpus.suffix == ".xz" else corpus.open() as text:
        words = text.read().split()
    with to.open("w") as out:
        for start in range(0, len(words), LINE_WORDS):
            out.write(" ".join(words[start : start + LINE_WORDS]) + "\n")


def read(path: Path) -> None:
    with path.open("rb", buffering=0) as file:
        while file.read(1 << 20):
            pass


def encode(path: Path, tokeniser: Tokeniser) -> None:
    with tempfile.TemporaryDirectory() as folder:
        encode_text([path], tokeniser, directory=Path(folder))


def count_with_gensim(path: Path) -> None:
    from gensim.models import Word2Vec

    Word2Vec(min_count=5).build_vocab(corpus_file=str(path))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="for working files")
    arguments = parser.parse_args()
    tasks: dict[str, Callable[[Path], None]] = {
        "reading alone": read,
        "symvec, words": lambda path: encode(path, Tokeniser("words")),
        "symvec, whitespace": lambda path: encode(path, Tokeniser("whitespace")),
        "gensim, build_vocab": count_with_gensim,
    }
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        path = Path(folder, "lines.txt")
        in_lines(arguments.corpus, path)
        megabytes = path.stat().st_size / 1e6
        for task in tasks.values():  # into the page cache, and compiled
            task(path)
        seconds: dict[str, list[float]] = {name: [] for name in tasks}
        for _ in range(arguments.runs):
            for name, task in tasks.items():
                begin = time.perf_counter()
                task(path)
                seconds[name].append(time.perf_counter() - begin)
    results = {
        name: {
            "median_seconds": round(statistics.median(values), 3),
            "all_seconds": [round(value, 3) for value in values],
            "megabytes_a_second": round(megabytes / statistics.median(values), 1),
        }
        for name, values in seconds.items()
    }
    print(json.dumps({"machine": description(), "encoding": results}, indent=2))


if __name__ == "__main__":
    main()
