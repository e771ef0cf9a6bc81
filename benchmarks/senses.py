"""Is a word meant alike in two sentences? Accuracy against chance, and attributes over seeds.

The à-la-carte map is fitted on a text, the threshold is chosen on the training pairs, and the
accuracy is measured on the development pairs of WiC (``--wic`` FOLDER with train/ and dev/) or of
KoBEST (``--kobest`` FOLDER with train.tsv and dev.tsv). ``--attributes`` measures what attributes
leave unexplained, of words they were learned from and of others, and how many of them two seeds
find alike (cosine above 0.8 after the best matching).

    python benchmarks/senses.py MODEL --corpus TEXT --wic FOLDER
    python benchmarks/senses.py MODEL --attributes [--seeds 1 2 3]
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment

import symvec
from machine import description
from symvec.evaluation import score_interval
from symvec.evaluation.contexts import (
    ContextPair,
    best_threshold,
    context_similarities,
    evaluate_contexts,
)
from symvec.vectors import Vectors
from symvec.vectors.attributes import learn_atoms
from symvec.vectors.senses import fit_context_map, read_sentences


def wic_pairs(folder: Path, part: str) -> list[ContextPair]:
    """Return the pairs of WiC, whose sentences are tokenised and whose places are given."""
    data = (folder / part / f"{part}.data.txt").read_text(encoding="utf-8").splitlines()
    gold = (folder / part / f"{part}.gold.txt").read_text(encoding="utf-8").split()
    pairs = []
    for line, answer in zip(data, gold, strict=True):
        _, _, places, first, second = line.split("\t")
        one, two = map(int, places.split("-"))
        words = [tuple(text.lower().split()) for text in (first, second)]
        pairs.append(ContextPair(words[0], one, words[1], two, answer == "T"))
    return pairs


def kobest_pairs(vectors: Vectors, folder: Path, part: str) -> list[ContextPair]:
    """Return the pairs of KoBEST, in which the word stands in brackets."""
    with (folder / f"{part}.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    pairs = []
    for row in rows:
        places, sentences = [], []
        for name in ("SENTENCE1", "SENTENCE2"):
            before, _, rest = row[name].partition("[")
            word, _, after = rest.partition("]")
            left, right = (_tokens(vectors, text) for text in (before, after))
            places.append(len(left))
            sentences.append((*left, word, *right))
        same = row["ANSWER"].strip().lower() == "true"
        pairs.append(ContextPair(sentences[0], places[0], sentences[1], places[1], same))
    return pairs


def _tokens(vectors: Vectors, text: str) -> list[str]:
    return vectors.tokeniser.tokens(text) if vectors.tokeniser else text.split()


def contexts(vectors: Vectors, corpus: str, parts: dict[str, list[ContextPair]]) -> object:
    context_map = fit_context_map(vectors, read_sentences(vectors, corpus))
    train, dev = parts["train"], parts["dev"]
    similarities = context_similarities(context_map, train)
    threshold = best_threshold(similarities, [pair.same for pair in train])
    score = evaluate_contexts(context_map, dev, threshold)
    interval = score_interval([score])
    return {
        "accuracy": interval.value,
        "low": interval.low,
        "high": interval.high,
        "asked": score.found,
        "total": len(dev),
        "always_the_same": float(np.mean([pair.same for pair in dev])),
    }


def attributes(vectors: Vectors, seeds: list[int]) -> object:
    learned = [learn_atoms(vectors, seed=seed) for seed in seeds]
    alike = []
    for first, second in itertools.combinations(learned, 2):
        cosines = first.directions @ second.directions.T
        matched = cosines[linear_sum_assignment(-cosines)]
        alike.append((float(matched.mean()), float((matched > 0.8).mean())))
    matrix = vectors.word_matrix
    return {
        "unexplained_of_learned_words": [
            float(atoms.unexplained(matrix[:10_000]).mean()) for atoms in learned
        ],
        "unexplained_of_other_words": [
            float(atoms.unexplained(matrix[10_000:20_000]).mean()) for atoms in learned
        ],
        "mean_cosine_between_seeds": [mean for mean, _ in alike],
        "share_alike_between_seeds": [share for _, share in alike],
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("--corpus")
    parser.add_argument("--wic", type=Path)
    parser.add_argument("--kobest", type=Path)
    parser.add_argument("--attributes", action="store_true")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2])
    options = parser.parse_args()
    vectors = symvec.load(options.model)
    result: dict[str, object] = {"machine": description(), "words": len(vectors)}
    if options.wic:
        parts = {part: wic_pairs(options.wic, part) for part in ("train", "dev")}
        result["wic"] = contexts(vectors, options.corpus, parts)
    if options.kobest:
        parts = {part: kobest_pairs(vectors, options.kobest, part) for part in ("train", "dev")}
        result["kobest"] = contexts(vectors, options.corpus, parts)
    if options.attributes:
        result["attributes"] = attributes(vectors, options.seeds)
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
