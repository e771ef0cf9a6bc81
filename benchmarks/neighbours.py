"""Neighbours of 1,000 words in one call, against gensim's loop.

For each seed, vectors of 400,000 words and 100 dimensions are drawn; gensim's
``KeyedVectors.most_similar`` is called for each of 1,000 words in turn (it has no call for
several words), symvec's once for all of them, and for 100 of them in turn, too, one after another
in the same process. Both answers are compared. Claim: the call for all at least 5 times as fast.

    python benchmarks/neighbours.py [--words N] [--queries N] [--seeds 1 2 3]
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Sequence

import numpy as np
from gensim.models import KeyedVectors

from machine import description
from symvec.vectors import Answer, Vectors
from symvec.vocabulary import Vocabulary, WordRows

VECTOR_SIZE = 100
TOPN = 10


def seconds(work: Callable[[], list[Answer]]) -> tuple[float, list[Answer]]:
    begin = time.perf_counter()
    answers = work()
    return time.perf_counter() - begin, answers


def agreement(first: Sequence[Answer], second: Sequence[Answer]) -> float:
    """Return the part of the answers that name the same word at the same place."""
    same = [
        a[0] == b[0] for x, y in zip(first, second, strict=True) for a, b in zip(x, y, strict=True)
    ]
    return sum(same) / len(same)


def measure(words: int, queries: int, seed: int) -> dict[str, float]:
    generator = np.random.default_rng(seed)
    names = [f"w{i}" for i in range(words)]
    table = generator.standard_normal((words, VECTOR_SIZE), dtype=np.float32)
    table *= generator.lognormal(sigma=0.5, size=(words, 1)).astype(np.float32)
    asked = [names[i] for i in generator.choice(words, queries, replace=False)]

    peer = KeyedVectors(VECTOR_SIZE)
    peer.add_vectors(names, table)
    peer.fill_norms()
    vectors = Vectors(WordRows(Vocabulary.from_words(names)), table)
    vectors.most_similar(asked[:1])  # norms, as fill_norms above

    peer_seconds, peer_answers = seconds(
        lambda: [peer.most_similar(word, topn=TOPN) for word in asked]
    )
    batch_seconds, answers = seconds(lambda: vectors.most_similar(asked, topn=TOPN))
    few = asked[:100]
    loop_seconds, alone = seconds(lambda: [vectors.most_similar(word, topn=TOPN) for word in few])
    return {
        "seed": seed,
        "gensim_seconds": round(peer_seconds, 3),
        "symvec_seconds": round(batch_seconds, 3),
        "times_as_fast": round(peer_seconds / batch_seconds, 1),
        "gensim_milliseconds_a_word": round(1000 * peer_seconds / len(asked), 1),
        "symvec_milliseconds_a_word_alone": round(1000 * loop_seconds / len(few), 1),
        "same_answers_as_gensim": agreement(peer_answers, answers),
        "same_answers_one_by_one": agreement(alone, answers[: len(few)]),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--words", type=int, default=400_000)
    parser.add_argument("--queries", type=int, default=1_000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    arguments = parser.parse_args()
    runs = [measure(arguments.words, arguments.queries, seed) for seed in arguments.seeds]
    medians = {
        key: statistics.median(run[key] for run in runs)
        for key in ("gensim_seconds", "symvec_seconds", "times_as_fast")
    }
    result = {"machine": description(), "medians": medians, "runs": runs}
    print(json.dumps({"neighbours": result}, indent=2))


if __name__ == "__main__":
    main()
