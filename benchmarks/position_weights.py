"""Whether position weights help CBOW: analogies and word pairs, with and without.

python benchmarks/position_weights.py --corpus text8like.xz --data FOLDER --words 4000000
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import symvec
from machine import description
from training import lines_of, spread

WEIGHTS = {"position_weights": True}
FIFTH = WEIGHTS | {"position_dimensions": 20}
CASES: dict[str, dict[str, object]] = {
    "window 5": {},
    "window 5, weights": WEIGHTS,
    "window 5, weights of 20 numbers": FIFTH,
    "window 15": {"window": 15},
    "window 15, weights": {"window": 15} | WEIGHTS,
    "window 15, weights of 20 numbers": {"window": 15} | FIFTH,
}


def scores(vectors: symvec.Vectors, data: Path) -> dict[str, float]:
    analogies = symvec.evaluate_analogies(vectors, data / "google-analogies.txt")
    return {
        "WS-353": symvec.evaluate_pairs(vectors, data / "EN-WS-353-ALL.txt").spearman or 0.0,
        "SimLex": symvec.evaluate_pairs(vectors, data / "EN-SIMLEX-999.txt").spearman or 0.0,
        "semantic": 100 * (analogies.semantic.accuracy("3cosadd") or 0.0),
        "syntactic": 100 * (analogies.syntactic.accuracy("3cosadd") or 0.0),
        "analogies": 100 * (analogies.all.accuracy("3cosadd") or 0.0),
    }


def one_run(corpus: Path, case: str, seed: int, args: argparse.Namespace) -> dict[str, float]:
    started = time.perf_counter()
    vectors = symvec.train(
        corpus, tokeniser="whitespace", algorithm="cbow", epochs=args.epochs, seed=seed,
        **CASES[case],
    )  # fmt: skip
    seconds = time.perf_counter() - started
    result = {"seconds": seconds} | scores(vectors, args.data)
    print(case, f"seed={seed}", result, flush=True)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help="folder of the evaluation sets")
    parser.add_argument("--words", type=int, default=4_000_000)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
    parser.add_argument("--cases", nargs="+", choices=CASES, default=list(CASES))
    parser.add_argument("--output", type=Path, help="write the table here")
    args = parser.parse_args()
    runs: dict[str, list[dict[str, float]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder, "lines.txt")
        words = lines_of(args.corpus, corpus, args.words)
        for seed in args.seeds:
            for case in args.cases:
                runs.setdefault(case, []).append(one_run(corpus, case, seed, args))
    quality = [name for name in next(iter(runs.values()))[0] if name != "seconds"]
    machine = description()
    lines = [
        f"{machine['processor']}, {machine['cores']} cores; Python {machine['python']}.", "",
        f"{args.corpus.name}, {words:,} words; CBOW, 100 dimensions, 5 negatives, {args.epochs} "
        f"epochs; seeds {', '.join(map(str, args.seeds))}. Medians (least-most).", "",
        "| CBOW | " + " | ".join(quality) + " |",
        "| --- |" + " ---: |" * len(quality),
    ]  # fmt: skip
    for case, own in runs.items():
        cells = [
            spread([run[name] for run in own], 3 if name in quality[:2] else 1) for name in quality
        ]
        lines.append(f"| {case} | " + " | ".join(cells) + " |")
    text = "\n".join(lines) + "\n"
    print(text)
    if args.output:
        args.output.write_text(text)


if __name__ == "__main__":
    main()
