"""Translations found by two models laid on each other, Procrustes against plain least squares.

Both models are opened, the dictionary is divided into a part to learn from and one to test with,
and precision at 1 and 5 is measured with and without refinement, over several divisions. With
``--gold``, the alignment error rate of word links is measured on sentences whose words people
linked (one file ``source ||| target`` a line and one of ``i-j`` pairs counted from 1).

    python benchmarks/alignment.py SOURCE TARGET --dictionary FILE [--seeds 1 2 3]
    python benchmarks/alignment.py SOURCE TARGET --gold SENTENCES LINKS
"""

from __future__ import annotations

import argparse
import json
import statistics
from pathlib import Path

import symvec
from machine import description
from symvec.evaluation.lexicons import evaluate_lexicon, read_lexicon
from symvec.vectors import Vectors
from symvec.vectors.alignment import align_spaces, align_words, least_squares_map, orthogonal_map

FITS = {"procrustes": orthogonal_map, "least squares": least_squares_map}


def precisions(source: Vectors, target: Vectors, dictionary: str, seeds: list[int]) -> object:
    lexicon = read_lexicon(dictionary)
    results = {}
    for name, fit in FITS.items():
        for refinements in (0, 5):
            found: dict[str, list[float]] = {}
            for seed in seeds:
                learned, tested = lexicon.split(0.2, seed=seed)
                pairs = learned.pairs(source, target)
                aligned = align_spaces(source, target, pairs, refinements=refinements, fit=fit)
                for score in evaluate_lexicon(aligned, tested):
                    found.setdefault(score.measure, []).append(score.value or 0.0)
                    asked = score.found
            results[f"{name}, {refinements} refinements"] = {
                measure: {
                    "mean": statistics.mean(values),
                    "lowest": min(values),
                    "highest": max(values),
                }
                for measure, values in found.items()
            } | {"asked": asked}
    return results


def error_rates(source: Vectors, target: Vectors, sentences: str, links: str) -> object:
    lines = Path(sentences).read_text(encoding="utf-8").splitlines()
    golds = Path(links).read_text(encoding="utf-8").splitlines()
    results = {}
    for method in ("argmax", "mutual", "transport"):
        hits = found_count = gold_count = 0
        for line, gold_line in zip(lines, golds, strict=True):
            first, second = (part.split() for part in line.split("|||"))
            gold = {tuple(int(n) - 1 for n in pair.split("-")) for pair in gold_line.split()}
            found = align_words(source, target, first, second, method=method).links.tolist()
            hits += len(gold & {tuple(pair) for pair in found})
            found_count += len(found)
            gold_count += len(gold)
        results[method] = {
            "alignment_error_rate": 1 - 2 * hits / (found_count + gold_count),
            "links": found_count,
            "gold_links": gold_count,
        }
    return results


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("source")
    parser.add_argument("target")
    parser.add_argument("--dictionary")
    parser.add_argument("--gold", nargs=2, metavar=("SENTENCES", "LINKS"))
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    options = parser.parse_args()
    source, target = symvec.load(options.source), symvec.load(options.target)
    result: dict[str, object] = {"machine": description(), "words": [len(source), len(target)]}
    if options.dictionary:
        result["precision"] = precisions(source, target, options.dictionary, options.seeds)
    if options.gold:
        result["error_rate"] = error_rates(source, target, *options.gold)
    print(json.dumps(result, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
