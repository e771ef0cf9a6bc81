"""Answering a whole set of analogies, against gensim's ``evaluate_word_analogies``.

Both programs hold the same vectors and answer the same questions by 3CosAdd among the same most
frequent words, in one process, in turn. gensim answers one question after another; where that
would take too long, ``--every N`` gives both only each N-th question of each section. Counted
answers are compared. Claim: at least 20 times as fast.

    python benchmarks/analogies.py MODEL QUESTIONS [--among 30000 300000] [--every 1 10]
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path

from gensim.models import KeyedVectors

import symvec
from machine import description
from symvec.evaluation import evaluate_analogies
from symvec.vectors import Vectors

ROUNDS = 3


def thinned(questions: Path, every: int, folder: Path) -> Path:
    """Write each ``every``-th question, and all the lines that begin sections."""
    lines = questions.read_text(encoding="utf-8").splitlines()
    kept = [line for n, line in enumerate(lines) if line.startswith(":") or n % every == 0]
    path = folder / f"every-{every}.txt"
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    return path


def measure(vectors: Vectors, peer: KeyedVectors, path: Path, among: int) -> dict[str, object]:
    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        score = evaluate_analogies(vectors, path, restrict_vocabulary=among, methods=["3cosadd"])
        times.append(time.perf_counter() - begin)
    begin = time.perf_counter()
    _, sections = peer.evaluate_word_analogies(str(path), restrict_vocab=among)
    theirs = time.perf_counter() - begin
    total = sections[-1]
    ours = statistics.median(times)
    return {
        "among": among,
        "questions": score.all.asked,
        "gensim_questions": len(total["correct"]) + len(total["incorrect"]),
        "symvec_correct": score.all.correct["3cosadd"],
        "gensim_correct": len(total["correct"]),
        "symvec_seconds": round(ours, 3),
        "gensim_seconds": round(theirs, 2),
        "times_as_fast": round(theirs / ours, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model")
    parser.add_argument("questions", type=Path)
    parser.add_argument("--among", type=int, nargs="+", default=[30_000, 300_000])
    parser.add_argument("--every", type=int, nargs="+", default=[1, 10])
    options = parser.parse_args()
    vectors = symvec.load(options.model)
    if not isinstance(vectors, Vectors):
        parser.error(f"{options.model} holds no vectors of words")
    peer = KeyedVectors(vectors.vector_size)
    peer.add_vectors(vectors.index_to_key, vectors.word_matrix)
    runs = []
    with tempfile.TemporaryDirectory() as folder:
        for among, every in zip(options.among, options.every, strict=True):
            path = thinned(options.questions, every, Path(folder))
            runs.append(measure(vectors, peer, path, among))
    result = {"machine": description(), "words": len(vectors), "runs": runs}
    print(json.dumps(result | {"vector_size": vectors.vector_size}, indent=1))


if __name__ == "__main__":
    main()
