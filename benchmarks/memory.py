"""Peak memory of training on a text, and on one of ten times its length.

Usage: python benchmarks/memory.py [--words 500000]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

LINE, VOCABULARY = 14, 5000
TRAIN = """
import resource, sys, warnings
import symvec
warnings.simplefilter("ignore")
symvec.train(sys.argv[1], vector_size=50, epochs=1, min_count=1, threads=2)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def write_text(path: Path, words: int) -> None:
    random = np.random.default_rng(0)
    with path.open("w") as file:
        for _ in range(0, words, 10_000 * LINE):
            lines = np.minimum(random.zipf(1.3, (10_000, LINE)), VOCABULARY)
            file.writelines(" ".join(f"w{n}" for n in line) + "\n" for line in lines.tolist())


def peak_mebibytes(path: Path) -> float:
    command = [sys.executable, "-c", TRAIN, str(path)]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    return int(ended.stdout) / 1024  # Linux counts in kibibytes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--words", type=int, default=500_000, help="of the shorter text")
    words = parser.parse_args().words
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "text.txt")
        for factor in (1, 1, 10):  # the first run compiles, if nothing has yet
            write_text(path, factor * words)
            size = path.stat().st_size / 2**20
            print(f"{size:6.1f} MiB of text: a peak of {peak_mebibytes(path):.0f} MiB", flush=True)


if __name__ == "__main__":
    main()
