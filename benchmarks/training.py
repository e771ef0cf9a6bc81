"""Claim: symvec trains several times as fast as gensim, to vectors as good, in less memory.

Both programs get the same text, settings and number of threads, in turn, in one run; each run
is a process of its own, from raw text to saved file. The text is cut into lines of 1,000 words,
because gensim silently drops what a line holds beyond 10,000.

    python benchmarks/training.py --corpus text8like.xz --data FOLDER_WITH_EVALUATION_SETS
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from machine import description

LINE_WORDS = 1000


def lines_of(corpus: Path, to: Path, words: int | None) -> int:
    """Write the corpus in lines of LINE_WORDS words, return how many words there are."""
    opened = lzma.open(corpus, "rt") if corpus.suffix == ".xz" else corpus.open()  # noqa: SIM115 - closed below
    with opened as text:
        tokens = text.read().split()[:words]
    with to.open("w") as out:
        for start in range(0, len(tokens), LINE_WORDS):
            out.write(" ".join(tokens[start : start + LINE_WORDS]) + "\n")
    return len(tokens)


def run_gensim(args: argparse.Namespace, model: Path) -> dict[str, float]:
    from gensim.models import Word2Vec

    started = time.perf_counter()
    word2vec = Word2Vec(
        vector_size=args.vector_size, window=5, negative=5, min_count=5, sample=1e-3,
        workers=args.threads, sg=int(args.algorithm == "skipgram"), seed=args.seed,
    )  # fmt: skip
    word2vec.build_vocab(corpus_file=str(args.corpus))
    counted = time.perf_counter()
    word2vec.train(
        corpus_file=str(args.corpus), total_words=word2vec.corpus_total_words, epochs=args.epochs
    )
    trained = time.perf_counter()
    word2vec.wv.save_word2vec_format(str(model), binary=True)
    saved = time.perf_counter()
    return {"reading": counted - started, "training": trained - counted, "all": saved - started}


def run_symvec(args: argparse.Namespace, model: Path) -> dict[str, float]:
    import symvec
    import symvec.training

    started = time.perf_counter()
    begun: list[float] = []

    def on_progress(progress: symvec.training.Progress) -> None:
        if progress.stage == "training" and not begun:
            begun.append(time.perf_counter() - progress.seconds)

    vectors = symvec.train(
        args.corpus, tokeniser="whitespace", algorithm=args.algorithm, epochs=args.epochs,
        vector_size=args.vector_size, threads=args.threads, seed=args.seed, progress=on_progress,
        **json.loads(args.settings),
    )  # fmt: skip
    trained = time.perf_counter()
    vectors.save(model)
    saved = time.perf_counter()
    begin = begun[0] if begun else trained
    return {"reading": begin - started, "training": trained - begin, "all": saved - started}


def scores(model: Path, program: str, data: Path) -> dict[str, float]:
    """Score a model with symvec's evaluation, whoever trained it."""
    import numpy as np

    import symvec
    from symvec.vocabulary import Vocabulary, WordRows

    if program == "gensim":
        from gensim.models import KeyedVectors

        keyed = KeyedVectors.load_word2vec_format(str(model), binary=True)
        rows = WordRows(Vocabulary.from_words(keyed.index_to_key))
        vectors = symvec.Vectors(rows, np.ascontiguousarray(keyed.vectors, np.float32))
    else:
        vectors = symvec.load(model)
    analogies = symvec.evaluate_analogies(vectors, data / "google-analogies.txt")
    return {
        "WS-353": symvec.evaluate_pairs(vectors, data / "EN-WS-353-ALL.txt").spearman or 0.0,
        "SimLex": symvec.evaluate_pairs(vectors, data / "EN-SIMLEX-999.txt").spearman or 0.0,
        "semantic": 100 * (analogies.semantic.accuracy("3cosadd") or 0.0),
        "syntactic": 100 * (analogies.syntactic.accuracy("3cosadd") or 0.0),
        "analogies": 100 * (analogies.all.accuracy("3cosadd") or 0.0),
    }


def peak_megabytes() -> float:
    """Return this process's own peak; getrusage would pass on what its parent had."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def one_run(args: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder, "model.safetensors" if args.one == "symvec" else "model.bin")
        program = run_symvec if args.one == "symvec" else run_gensim
        result: dict[str, float] = dict(program(args, model))
        result["MB"] = peak_megabytes()
        if args.data:
            result |= scores(model, args.one, args.data)
    print(json.dumps(result))


def measured(
    program: str, corpus: Path, algorithm: str, seed: int, threads: int, args, at_once: int = 1
) -> dict:
    """Run a program in ``at_once`` processes that share nothing, and return what they came to."""
    command = [
        sys.executable, __file__, "--one", program, "--corpus", str(corpus), "--seed", str(seed),
        "--algorithm", algorithm, "--threads", str(threads), "--epochs", str(args.epochs),
        "--vector-size", str(args.vector_size), "--settings", args.settings,
        *(["--data", str(args.data)] if args.data else []),
    ]  # fmt: skip
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(at_once)
    ]
    results = []
    for process in running:
        out, errors = process.communicate()
        if process.returncode:
            raise SystemExit(errors)
        results.append(json.loads(out.splitlines()[-1]))
    slowest = max(results, key=lambda result: result["training"])
    result = slowest | {"training": slowest["training"] / at_once, "at_once": at_once}
    print(algorithm, program, f"threads={threads} seed={seed}", result, file=sys.stderr, flush=True)
    return result


def spread(values: list[float], digits: int) -> str:
    middle = statistics.median(values)
    return f"{middle:.{digits}f} ({min(values):.{digits}f}-{max(values):.{digits}f})"


def table(results: dict[tuple[str, str, int], list[dict]], words: int, epochs: int) -> list[str]:
    """Return the rows; of processes that ran at once only their speed together is told."""
    quality = ["WS-353", "SimLex", "semantic", "syntactic", "analogies"]
    lines = [
        "| algorithm | program | threads | M words/s | x gensim | text to file, s | x gensim "
        "| peak MB | " + " | ".join(quality) + " |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |" + " ---: |" * len(quality),
    ]
    for (algorithm, program, threads), runs in results.items():
        peers = results[(algorithm, "gensim", max(key[2] for key in results))]
        speed = [words * epochs / run["training"] / 1e6 for run in runs]
        ratio = [p["training"] / r["training"] for p, r in zip(peers, runs, strict=True)]
        whole = [p["all"] / r["all"] for p, r in zip(peers, runs, strict=True)]
        if runs[0]["at_once"] > 1:
            cells = [algorithm, program, "1", spread(speed, 2), spread(ratio, 1)]
            lines.append("| " + " | ".join(cells + ["-"] * (3 + len(quality))) + " |")
            continue
        cells = [
            algorithm, program, str(threads), spread(speed, 2), spread(ratio, 1),
            spread([run["all"] for run in runs], 1), spread(whole, 1),
            spread([run["MB"] for run in runs], 0),
            *(spread([r[q] for r in runs], 3 if i < 2 else 1) if q in runs[0] else "-"
              for i, q in enumerate(quality)),
        ]  # fmt: skip
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--data", type=Path, help="folder of the evaluation sets")
    parser.add_argument("--algorithms", nargs="+", default=["skipgram", "cbow"])
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--all-threads", action="store_true", help="leave one thread out")
    parser.add_argument("--vector-size", type=int, default=100)
    parser.add_argument("--words", type=int, help="only so many words of the corpus")
    parser.add_argument("--settings", default="{}", help="more settings of symvec, as JSON")
    parser.add_argument("--output", type=Path, help="write the table here")
    parser.add_argument("--one", choices=["gensim", "symvec"], help=argparse.SUPPRESS)
    parser.add_argument("--algorithm", default="skipgram", help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, default=1, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        one_run(args)
        return
    results: dict[tuple[str, str, int], list[dict]] = {}
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder, "lines.txt")
        words = lines_of(args.corpus, corpus, args.words)
        for algorithm in args.algorithms:  # compiled before the clock runs
            measured(
                "symvec", corpus, algorithm, 0, 1, argparse.Namespace(**vars(args) | {"epochs": 1})
            )
        for seed in args.seeds:
            for algorithm in args.algorithms:
                for program, name, threads, at_once in (
                    ("gensim", "gensim", args.threads, 1),
                    ("symvec", "symvec", args.threads, 1),
                    *(
                        ("symvec", "symvec", 1, 1),
                        ("symvec", f"symvec, {args.threads} processes at once", 1, args.threads),
                    )[: 0 if args.all_threads else None],
                ):
                    run = measured(program, corpus, algorithm, seed, threads, args, at_once)
                    results.setdefault((algorithm, name, threads), []).append(run)
            report(results, words, args)  # after each seed: what is measured is kept


def report(results: dict[tuple[str, str, int], list[dict]], words: int, args) -> None:
    """Print the table of the seeds so far, and write it to the output."""
    machine = description()
    packages = ", ".join(f"{name} {number}" for name, number in machine["packages"].items())
    seeds = args.seeds[: max(map(len, results.values()))]
    lines = [
        f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gib']} GiB; "
        f"{machine['system']}; Python {machine['python']}, {packages}.", "",
        f"{args.corpus.name}, {words:,} words; {args.vector_size} dimensions, window 5, "
        f"negative 5, sample 1e-3, {args.epochs} epochs; seeds {', '.join(map(str, seeds))}. "
        "Medians (least-most); ratios seed by seed. Processes at once share nothing: their words/s "
        "together are what the machine has for two threads.", "",
        *table(results, words, args.epochs),
    ]  # fmt: skip
    text = "\n".join(lines) + "\n"
    print(text, flush=True)
    if args.output:
        args.output.write_text(text)


if __name__ == "__main__":
    main()
