"""From a file of vectors to a first answer: symvec beside gensim, each in a process of its own.

Makes a text file in word2vec's format (400,000 words of 300 numbers with five decimals, about
1 GB) and symvec's own file of the same vectors, and measures processes that open one and answer
one question: the time and the peak memory. The files lie in a temporary folder, or in ``--folder``,
where they stay and are found again. Claims: from text at least 5 times as fast to a first answer
as gensim; the own file opens in under 50 ms.

    python benchmarks/loading.py [--words N] [--size D] [--runs 3] [--folder F] [--output FILE]
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from machine import description
from symvec.formats.converting import write_as
from symvec.vectors import Vectors
from symvec.vocabulary import Vocabulary, WordRows

# Of this program alone: ru_maxrss counts what the process was before it became this one, too.
PEAK = "int(open('/proc/self/status').read().split('VmHWM:')[1].split()[0]) / 1024"
REPORT = f"""
print(json.dumps({{
    "import_seconds": imported - began, "open_seconds": opened - imported,
    "first_answer_seconds": answered - imported, "with_imports_seconds": answered - began,
    "peak_mebibytes": {PEAK}, "answer": answer[0][0],
}}))
"""
CLOCK = "import json, sys, time\nbegan = time.perf_counter()\n"
SYMVEC = f"""{CLOCK}
import symvec.formats
imported = time.perf_counter()
vectors = symvec.formats.load(sys.argv[1])
opened = time.perf_counter()
answer = vectors.most_similar("w7", 10)
answered = time.perf_counter()
{REPORT}"""
GENSIM = f"""{CLOCK}
from gensim.models import KeyedVectors
imported = time.perf_counter()
vectors = KeyedVectors.load_word2vec_format(sys.argv[1], binary=sys.argv[2] == "binary")
opened = time.perf_counter()
answer = vectors.most_similar("w7", topn=10)
answered = time.perf_counter()
{REPORT}"""


def make_files(folder: Path, words: int, vector_size: int) -> dict[str, Path]:
    paths = {"text": folder / "vectors.txt", "binary": folder / "vectors.bin"}
    paths["own"] = folder / "vectors.safetensors"
    if all(path.exists() for path in paths.values()):
        return paths
    names = [f"w{i}" for i in range(words)]
    table = np.random.default_rng(1).standard_normal((words, vector_size), dtype=np.float32)
    np.round(table * np.float32(0.4), 5, out=table)
    vectors = Vectors(WordRows(Vocabulary.from_words(names)), table)
    write_as(vectors, paths["text"], "word2vec")
    write_as(vectors, paths["binary"], "word2vec-binary")
    vectors.save(paths["own"])
    return paths


def measure(code: str, path: Path, kind: str, runs: int) -> dict[str, object]:
    with path.open("rb") as file:  # into the page cache
        while file.read(1 << 24):
            pass
    found = []
    for _ in range(runs):
        command = [sys.executable, "-c", code, str(path), kind]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        found.append(json.loads(done.stdout))
    return {
        name: round(statistics.median(run[name] for run in found), 3)
        for name in found[0]
        if name != "answer"
    } | {"answer": found[0]["answer"], "runs": runs}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--words", type=int, default=400_000)
    parser.add_argument("--size", type=int, default=300)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        paths = make_files(options.folder or Path(name), options.words, options.size)
        measured = {
            "symvec, own file": measure(SYMVEC, paths["own"], "own", options.runs),
            "symvec, text": measure(SYMVEC, paths["text"], "text", options.runs),
            "symvec, binary": measure(SYMVEC, paths["binary"], "binary", options.runs),
            "gensim, text": measure(GENSIM, paths["text"], "text", 1),
        }
        megabytes = {kind: path.stat().st_size / 1e6 for kind, path in paths.items()}
    ours, theirs = measured["symvec, text"], measured["gensim, text"]
    result = {
        "machine": description(),
        "words": options.words,
        "vector_size": options.size,
        "megabytes": {kind: round(size, 1) for kind, size in megabytes.items()},
        "measured": measured,
        "times_as_fast_from_text": round(
            theirs["with_imports_seconds"] / ours["with_imports_seconds"], 2
        ),
    }
    text = json.dumps(result, indent=1)
    print(text)
    if options.output:
        options.output.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
