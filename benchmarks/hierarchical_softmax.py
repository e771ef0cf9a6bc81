"""Claim: hierarchical softmax trains several times as fast as gensim's, to vectors as good.

Both programs get the same text, settings and number of threads, in turn, in one run; each run
is a process of its own. The text is cut into lines of 1,000 words, because gensim silently drops
what a line holds beyond 10,000.

    python benchmarks/hierarchical_softmax.py --corpus text8like.xz --data FOLDER_OF_TEST_SETS
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from machine import description
from training import lines_of, scores, spread

QUALITY = ("WS-353", "SimLex", "semantic", "syntactic", "analogies")
COLUMNS = ("window", "program", "threads", "M words/s", "x gensim", *QUALITY)
SCHEDULES = {"symvec": "rounds", "symvec, Hogwild": "hogwild"}
"""Of our runs, by the names that the table has for them."""


def run_gensim(args: argparse.Namespace, model: Path) -> float:
    from gensim.models import Word2Vec

    word2vec = Word2Vec(
        vector_size=100, window=5, hs=1, negative=0, min_count=5, sample=1e-3,
        alpha=args.alpha or 0.025, workers=args.threads, sg=int(args.algorithm == "skipgram"),
        seed=args.seed,
    )  # fmt: skip
    word2vec.build_vocab(corpus_file=str(args.corpus))
    started = time.perf_counter()
    word2vec.train(
        corpus_file=str(args.corpus), total_words=word2vec.corpus_total_words, epochs=args.epochs
    )
    seconds = time.perf_counter() - started
    word2vec.wv.save_word2vec_format(str(model), binary=True)
    return seconds


def run_symvec(args: argparse.Namespace, model: Path) -> float:
    import symvec
    import symvec.training

    begun: list[float] = []

    def on_progress(progress: symvec.training.Progress) -> None:
        if progress.stage == "training" and not begun:
            begun.append(time.perf_counter() - progress.seconds)

    vectors = symvec.train(
        args.corpus, tokeniser="whitespace", algorithm=args.algorithm, epochs=args.epochs,
        objective="hierarchical-softmax", threads=args.threads, seed=args.seed, alpha=args.alpha,
        schedule=SCHEDULES[args.one], progress=on_progress,
    )  # fmt: skip
    seconds = time.perf_counter() - begun[0]
    vectors.save(model)
    return seconds


def one_run(args: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder, "model.safetensors" if args.one in SCHEDULES else "model.bin")
        run = run_symvec if args.one in SCHEDULES else run_gensim
        result = {"seconds": run(args, model)}
        if args.data:
            result |= scores(model, args.one.split(",")[0], args.data)
    print(json.dumps(result))


def measured(program: str, corpus: Path, seed: int, threads: int, args: argparse.Namespace) -> dict:
    key = f"{program} {args.algorithm} {args.epochs} {args.alpha} {args.words} {seed} {threads}"
    kept = json.loads(args.runs.read_text()) if args.runs and args.runs.exists() else {}
    if key not in kept:
        kept[key] = run_alone(program, corpus, seed, threads, args)
        if args.runs and args.data:
            args.runs.write_text(json.dumps(kept))
    return kept[key]


def run_alone(
    program: str, corpus: Path, seed: int, threads: int, args: argparse.Namespace
) -> dict:
    """Run a program in a process of its own."""
    command = [
        sys.executable, __file__, "--one", program, "--corpus", str(corpus), "--seed", str(seed),
        "--algorithm", args.algorithm, "--threads", str(threads), "--epochs", str(args.epochs),
        *(["--alpha", str(args.alpha)] if args.alpha else []),
        *(["--data", str(args.data)] if args.data else []),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    result = json.loads(done.stdout.splitlines()[-1])
    print(program, f"threads={threads} seed={seed}", result, file=sys.stderr, flush=True)
    return result


def table(
    runs: dict[tuple[str, int], list[dict]], words: int, args: argparse.Namespace
) -> list[str]:
    lines = ["| " + " | ".join(COLUMNS) + " |", "| --- | --- |" + " ---: |" * (len(COLUMNS) - 2)]
    peers = runs["gensim", args.threads]
    for (program, threads), own in runs.items():
        speeds = [words * args.epochs / run["seconds"] / 1e6 for run in own]
        ratios = [p["seconds"] / run["seconds"] for p, run in zip(peers, own, strict=True)]
        cells = [args.algorithm, program, str(threads), spread(speeds, 2), spread(ratios, 1)]
        for name in QUALITY:
            digits = 3 if name in QUALITY[:2] else 1
            cells.append(spread([run[name] for run in own], digits) if name in own[0] else "-")
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--data", type=Path, help="folder of the evaluation sets")
    parser.add_argument("--algorithm", default="skipgram", choices=["skipgram", "cbow"])
    parser.add_argument("--alpha", type=float, help="learning rate of both programs")
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--words", type=int, help="only so many words of the corpus")
    parser.add_argument("--output", type=Path, help="write the table here")
    parser.add_argument("--runs", type=Path, help="keep runs here, and do none of them again")
    parser.add_argument("--one", choices=["gensim", *SCHEDULES], help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, default=1, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        one_run(args)
        return
    runs: dict[tuple[str, int], list[dict]] = {}
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder, "lines.txt")
        words = lines_of(args.corpus, corpus, args.words)
        once = argparse.Namespace(**vars(args) | {"epochs": 1, "data": None})
        for program in SCHEDULES:
            measured(program, corpus, 0, 1, once)  # compiled before the clock runs
        for seed in args.seeds:
            for program in ("gensim", *SCHEDULES):
                run = measured(program, corpus, seed, args.threads, args)
                runs.setdefault((program, args.threads), []).append(run)
    machine = description()
    packages = ", ".join(f"{name} {number}" for name, number in machine["packages"].items())
    lines = [
        f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gib']} GiB; "
        f"{machine['system']}; Python {machine['python']}, {packages}.", "",
        f"{args.corpus.name}, {words:,} words; hierarchical softmax, 100 dimensions, window 5, "
        f"sample 1e-3, {args.epochs} epochs; seeds {', '.join(map(str, args.seeds))}. Medians "
        "(least-most); ratios seed by seed.", "",
        *table(runs, words, args),
    ]  # fmt: skip
    text = "\n".join(lines) + "\n"
    print(text)
    if args.output:
        args.output.write_text(text)


if __name__ == "__main__":
    main()
