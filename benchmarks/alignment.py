"""Translations found by two models laid on each other, Procrustes against plain least squares.

Both models are opened, the dictionary is divided into a part to learn from and one to test with,
and precision at 1 and 5 is measured with and without refinement, over several divisions. With
``--gold``, the alignment error rate of word links is measured on sentences whose words people
linked (one file ``source ||| target`` a line and one of pairs counted from 1, ``i-j`` sure and
``ipj`` possible), with one model of the words of both sides, marked ``s:`` and ``t:``, as it learns
from what ``--merge`` writes; ``--other-links`` are those of another program, counted from 0.

    python benchmarks/alignment.py SOURCE TARGET --dictionary FILE [--seeds 1 2 3]
    python benchmarks/alignment.py --merge SENTENCES > merged.txt
    python benchmarks/alignment.py MODEL --gold SENTENCES LINKS
"""

from __future__ import annotations

import argparse
import json
import statistics
from pathlib import Path

import symvec
from machine import description
from symvec.evaluation.lexicons import Lexicon, evaluate_lexicon, read_lexicon
from symvec.vectors import Vectors
from symvec.vectors.alignment import align_spaces, align_words, least_squares_map, orthogonal_map

# Each fit with its rounds of refinement; plain least squares has none.
FITS = (("procrustes", orthogonal_map, 0), ("procrustes", orthogonal_map, 5),
        ("least squares", least_squares_map, 0))  # fmt: skip


def known_part(lexicon: Lexicon, source: Vectors, target: Vectors) -> Lexicon:
    """Return the entries of which both words are there; others are neither learned nor asked."""
    sides = []
    for side, vectors in enumerate((source, target)):
        words = {entry[side] for entry in lexicon.entries}
        sides.append({word for word in words if vectors.resolve(word) in vectors.vocabulary})
    return Lexicon(tuple(e for e in lexicon.entries if e[0] in sides[0] and e[1] in sides[1]))


def precisions(source: Vectors, target: Vectors, dictionary: str, seeds: list[int]) -> object:
    lexicon = known_part(read_lexicon(dictionary), source, target)
    results = {}
    for name, fit, refinements in FITS:
        found: dict[str, list[float]] = {}
        asked = []
        for seed in seeds:
            learned, tested = lexicon.split(0.2, seed=seed)
            pairs = learned.pairs(source, target)
            aligned = align_spaces(source, target, pairs, refinements=refinements, fit=fit)
            for score in evaluate_lexicon(aligned, tested):
                found.setdefault(score.measure, []).append(score.value or 0.0)
            asked.append(score.found)
        results[f"{name}, {refinements} refinements"] = {
            measure: {
                "mean": statistics.mean(values),
                "lowest": min(values),
                "highest": max(values),
                "values": values,
            }
            for measure, values in found.items()
        } | {"asked": asked}
    return results


def marked(line: str) -> tuple[list[str], list[str]]:
    """Return the words of both sides of a line, each marked with its side, in lower case."""
    first, second = (part.lower().split() for part in line.split("|||"))
    return [f"s:{word}" for word in first], [f"t:{word}" for word in second]


def merged(line: str) -> str:
    """Return both sides as one sentence, in which words at the same part of theirs are near."""
    placed = [
        ((i + 0.5) / len(words), side, word)
        for side, words in enumerate(marked(line))
        for i, word in enumerate(words)
    ]
    return " ".join(word for _, _, word in sorted(placed, key=lambda entry: entry[:2]))


def gold_links(line: str) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    """Return the sure links (``i-j``) and all possible ones (``ipj``, too), counted from 0."""
    links = [(text.replace("p", "-").split("-"), "p" in text) for text in line.split()]
    pairs = [((int(i) - 1, int(j) - 1), possible) for (i, j), possible in links]
    sure = {pair for pair, possible in pairs if not possible}
    return sure, {pair for pair, _ in pairs}


def error_rate(found: list[set[tuple[int, int]]], golds: list[str]) -> dict[str, float]:
    """Return the alignment error rate (Och and Ney 2003) and what it is made of."""
    sure_hits = possible_hits = links = sure_links = 0
    for pairs, gold in zip(found, golds, strict=True):
        sure, possible = gold_links(gold)
        sure_hits += len(pairs & sure)
        possible_hits += len(pairs & possible)
        links += len(pairs)
        sure_links += len(sure)
    return {
        "alignment_error_rate": 1 - (sure_hits + possible_hits) / (links + sure_links),
        "precision": possible_hits / links,
        "recall": sure_hits / sure_links,
        "links": links,
        "sure_links": sure_links,
    }


def diagonal(line: str) -> set[tuple[int, int]]:
    """Return each word of the first side with the one at the same part of the second."""
    first, second = marked(line)
    return {(i, int((i + 0.5) / len(first) * len(second))) for i in range(len(first))}


def read_links(path: str) -> list[set[tuple[int, int]]]:
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    return [{(int(i), int(j)) for i, j in (p.split("-") for p in t.split())} for t in lines]


def error_rates(vectors: Vectors, sentences: str, links: str, others: str | None) -> object:
    """Return the error rate of each method, of the diagonal, and of another program's links."""
    lines = Path(sentences).read_text(encoding="utf-8").splitlines()
    golds = Path(links).read_text(encoding="utf-8").splitlines()
    results = {"diagonal": error_rate([diagonal(line) for line in lines], golds)}
    for method in ("argmax", "mutual", "transport"):
        found = [
            {(i, j) for i, j in align_words(vectors, vectors, *sides, method=method).links.tolist()}
            for sides in map(marked, lines)
        ]
        results[method] = error_rate(found, golds)
    if others:
        results[Path(others).name] = error_rate(read_links(others), golds)
    return results


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("source", nargs="?")
    parser.add_argument("target", nargs="?")
    parser.add_argument("--dictionary")
    parser.add_argument("--merge", metavar="SENTENCES")
    parser.add_argument("--gold", nargs=2, metavar=("SENTENCES", "LINKS"))
    parser.add_argument("--other-links", metavar="FILE")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    options = parser.parse_args()
    if options.merge:
        for line in Path(options.merge).read_text(encoding="utf-8").splitlines():
            print(merged(line))
        return
    source = symvec.load(options.source)
    result: dict[str, object] = {"machine": description(), "words": len(source)}
    if options.dictionary:
        target = symvec.load(options.target)
        result["precision"] = precisions(source, target, options.dictionary, options.seeds)
    if options.gold:
        result["error_rate"] = error_rates(source, *options.gold, options.other_links)
    print(json.dumps(result, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
