"""Claim: symvec trains words with n-grams several times as fast as fastText, to vectors as good.

Skip-gram with 3-6-grams in 2 million buckets and fastText's own settings for both programs, on
the same text and number of threads, in turn, in one run; each run is a process of its own.

    python benchmarks/subwords.py --corpus text8like.xz --words 4000000 --data FOLDER
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from machine import description
from training import lines_of, peak_megabytes, spread

PROGRAMS = ("fasttext", "symvec")
QUALITY = ("WS-353", "SimLex", "semantic", "syntactic", "analogies")
WORDS_PER_SECOND = re.compile(r"words/sec/thread:\s+(\d+)")


def run_fasttext(args: argparse.Namespace, model: Path) -> dict[str, float]:
    import fasttext

    started, begun = time.perf_counter(), time.process_time()
    trained = fasttext.train_unsupervised(
        str(args.corpus), model="skipgram", dim=args.vector_size, epoch=args.epochs,
        thread=args.threads, minn=3, maxn=6, bucket=2_000_000, verbose=2,
    )  # fmt: skip
    busy = time.process_time() - begun
    trained.save_model(str(model))
    return {"all": time.perf_counter() - started, "CPU s": busy}


def run_symvec(args: argparse.Namespace, model: Path) -> dict[str, float]:
    import symvec
    import symvec.training

    started, busy, begun = time.perf_counter(), time.process_time(), []

    def on_progress(progress: symvec.training.Progress) -> None:
        if progress.stage == "training" and not begun:
            begun.append(time.perf_counter() - progress.seconds)

    # fastText's defaults, where symvec's are others.
    settings = {"sample": 1e-4, "ns_exponent": 0.5, "alpha": 0.05, "min_alpha": 0}
    vectors = symvec.train(
        args.corpus, tokeniser="whitespace", algorithm="skipgram", epochs=args.epochs,
        vector_size=args.vector_size, threads=args.threads, seed=args.seed, progress=on_progress,
        **settings | {"subwords": "chars"} | json.loads(args.settings),
    )  # fmt: skip
    trained, busy = time.perf_counter(), time.process_time() - busy
    vectors.save(model)
    begin = begun[0] if begun else trained
    return {
        "training": trained - begin,
        "all": time.perf_counter() - started,
        "CPU s": busy,
    }


def scores(model: Path, program: str, data: Path) -> dict[str, float]:
    """Score the vectors of the vocabulary with symvec's evaluation, whoever trained them."""
    import numpy as np

    import symvec
    from symvec.vocabulary import Vocabulary, WordRows

    if program == "fasttext":
        import fasttext

        trained = fasttext.load_model(str(model))
        words = trained.get_words(on_unicode_error="strict")
        matrix = np.stack([trained.get_word_vector(word) for word in words])
        vocabulary = Vocabulary.from_words(words)
    else:
        loaded = symvec.load(model)
        vocabulary, matrix = loaded.vocabulary, loaded.word_matrix
    vectors = symvec.Vectors(WordRows(vocabulary), np.ascontiguousarray(matrix, np.float32))
    analogies = symvec.evaluate_analogies(vectors, data / "google-analogies.txt")
    return {
        "WS-353": symvec.evaluate_pairs(vectors, data / "EN-WS-353-ALL.txt").spearman or 0.0,
        "SimLex": symvec.evaluate_pairs(vectors, data / "EN-SIMLEX-999.txt").spearman or 0.0,
        "semantic": 100 * (analogies.semantic.accuracy("3cosadd") or 0.0),
        "syntactic": 100 * (analogies.syntactic.accuracy("3cosadd") or 0.0),
        "analogies": 100 * (analogies.all.accuracy("3cosadd") or 0.0),
    }


def one_run(args: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder, "model.safetensors" if args.one == "symvec" else "model.bin")
        result: dict[str, float] = dict(
            (run_symvec if args.one == "symvec" else run_fasttext)(args, model)
        )
        result["MB"] = peak_megabytes()
        if args.data:
            result |= scores(model, args.one, args.data)
    print(json.dumps(result))


def measured(program: str, corpus: Path, words: int, seed: int, args: argparse.Namespace) -> dict:
    command = [
        sys.executable, __file__, "--one", program, "--corpus", str(corpus), "--seed", str(seed),
        "--threads", str(args.threads), "--epochs", str(args.epochs),
        "--vector-size", str(args.vector_size), "--settings", args.settings,
        *(["--data", str(args.data)] if args.data else []),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    result = json.loads(done.stdout.splitlines()[-1])
    if program == "fasttext":  # it tells its own speed, which leaves out reading
        result["words/s"] = args.threads * int(WORDS_PER_SECOND.findall(done.stderr)[-1])
    else:
        result["words/s"] = words * args.epochs / result["training"]
    print(program, f"seed={seed}", result, file=sys.stderr, flush=True)
    return result


def table(results: dict[str, list[dict]]) -> list[str]:
    lines = [
        "| program | M words/s | x fastText | text to file, s | x fastText | CPU s | x fastText "
        "| peak MB | "
        + " | ".join(QUALITY) + " |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |" + " ---: |" * len(QUALITY),
    ]  # fmt: skip
    peers = results["fasttext"]
    for program, runs in results.items():
        pairs = list(zip(peers, runs, strict=True))
        cells = [
            program,
            spread([run["words/s"] / 1e6 for run in runs], 2),
            spread([run["words/s"] / peer["words/s"] for peer, run in pairs], 1),
            spread([run["all"] for run in runs], 1),
            spread([peer["all"] / run["all"] for peer, run in pairs], 1),
            spread([run["CPU s"] for run in runs], 1),
            spread([peer["CPU s"] / run["CPU s"] for peer, run in pairs], 1),
            spread([run["MB"] for run in runs], 0),
            *(spread([r[q] for r in runs], 3 if i < 2 else 1) if q in runs[0] else "-"
              for i, q in enumerate(QUALITY)),
        ]  # fmt: skip
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--data", type=Path, help="folder of the evaluation sets")
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--vector-size", type=int, default=100)
    parser.add_argument("--words", type=int, help="only so many words of the corpus")
    parser.add_argument("--settings", default="{}", help="more settings of symvec, as JSON")
    parser.add_argument("--output", type=Path, help="write the table here")
    parser.add_argument("--one", choices=PROGRAMS, help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, default=1, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        one_run(args)
        return
    results: dict[str, list[dict]] = {program: [] for program in PROGRAMS}
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder, "lines.txt")
        words = lines_of(args.corpus, corpus, args.words)
        short = Path(folder, "short.txt")
        lines_of(args.corpus, short, 100_000)
        measured("symvec", short, 100_000, 0, args)  # compiled before the clock runs
        for seed in args.seeds:
            for program in PROGRAMS:
                results[program].append(measured(program, corpus, words, seed, args))
    machine = description()
    packages = ", ".join(f"{name} {number}" for name, number in machine["packages"].items())
    lines = [
        f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gib']} GiB; "
        f"{machine['system']}; Python {machine['python']}, {packages}.", "",
        f"{args.corpus.name}, {words:,} words; {args.threads} threads, {args.vector_size} "
        "dimensions, 3-6-grams in 2,000,000 buckets, window 5, negative 5, sample 1e-4, rate 0.05, "
        f"noise exponent 0.5, {args.epochs} epochs; seeds {', '.join(map(str, args.seeds))} of "
        "symvec, and as many runs of fastText, which has none. "
        "Medians (least-most); ratios seed by seed. CPU s: processor time of all threads, from "
        "text to vectors, which other work on the machine lengthens less.", "",
        *table(results),
    ]  # fmt: skip
    text = "\n".join(lines) + "\n"
    print(text)
    if args.output:
        args.output.write_text(text)


if __name__ == "__main__":
    main()
