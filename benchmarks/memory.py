"""Claim: memory does not grow with the text: ten times the corpus, the same peak.

Each text is read, counted and trained on for one epoch in a process of its own: a made-up one
whose words are 5,000, and with ``--corpus`` a real one, itself and ten times over, so that its
words stay the same and only their number grows.

    python benchmarks/memory.py [--words 1000000] [--corpus text8like.xz] [--output memory.md]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from machine import description
from training import lines_of

LINE, VOCABULARY = 14, 5000
TRAIN = """
import json, pathlib, sys, warnings
import symvec
warnings.simplefilter("ignore")
vectors = symvec.train(sys.argv[1], vector_size=50, epochs=1, min_count=1, threads=2)
status = pathlib.Path("/proc/self/status").read_text()
print(json.dumps([int(status.split("VmHWM:")[1].split()[0]), len(vectors)]))
"""


def write_text(path: Path, words: int) -> None:
    random = np.random.default_rng(0)
    with path.open("w") as file:
        for _ in range(0, words, 10_000 * LINE):
            lines = np.minimum(random.zipf(1.3, (10_000, LINE)), VOCABULARY)
            file.writelines(" ".join(f"w{n}" for n in line) + "\n" for line in lines.tolist())


def write_again(path: Path, text: bytes, times: int) -> None:
    with path.open("wb") as file:
        for _ in range(times):
            file.write(text)


def peak_mebibytes(path: Path) -> tuple[float, int]:
    """Return the peak of training on a text, and how many different words it has."""
    command = [sys.executable, "-c", TRAIN, str(path)]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    kibibytes, words = json.loads(ended.stdout)
    return kibibytes / 1024, words


def measured(name: str, path: Path) -> str:
    peak, words = peak_mebibytes(path)
    size = path.stat().st_size / 2**20
    line = f"| {name} | {size:.1f} | {words:,} | {peak:.0f} |"
    print(line, flush=True)
    return line


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--words", type=int, default=1_000_000, help="of the shortest text")
    parser.add_argument("--corpus", type=Path, help="a real text")
    parser.add_argument("--output", type=Path, help="write the table here")
    args = parser.parse_args()
    lines = ["| text | MiB | different words | peak, MiB |", "| --- | ---: | ---: | ---: |"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "text.txt")
        write_text(path, 1000)
        peak_mebibytes(path)  # compiles, if nothing has yet
        for factor in (1, 10, 30):
            write_text(path, factor * args.words)
            lines.append(measured(f"made up, {factor} times", path))
        if args.corpus:
            lines_of(args.corpus, path, args.words)
            text = path.read_bytes()
            for times in (1, 10):
                write_again(path, text, times)
                lines.append(measured(f"{args.corpus.name}, {times} times", path))
    machine = description()
    told = f"{machine['processor']}, {machine['cores']} cores; Python {machine['python']}."
    if args.output:
        args.output.write_text("\n".join([told, "", *lines]) + "\n")


if __name__ == "__main__":
    main()
