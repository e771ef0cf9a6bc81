"""Claim: GloVe and PPMI + SVD count in the memory they are given, and learn what skip-gram does.

Each run is a process of its own, from raw text to a table. Counting alone is run with several
budgets: how much the process took, and whether the pairs are the same. The published GloVe
program is timed too where ``--glove`` names the folder of its four executables (vocab_count,
cooccur, shuffle, glove; ``glove_main.c`` beside this says how they are built). CPU s is the
processor time of all threads, which other work on the machine lengthens less.

    python benchmarks/glove_svd.py --corpus text8like.xz --data FOLDER_WITH_EVALUATION_SETS
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from machine import description
from training import lines_of, peak_megabytes

RUNS: dict[str, dict[str, object]] = {
    "svd": {"algorithm": "svd"},
    "glove": {"algorithm": "glove"},
    "glove-x-max-10": {"algorithm": "glove", "x_max": 10},
    "skipgram": {"algorithm": "skipgram"},
}
QUALITY = ["WS-353", "SimLex", "semantic", "syntactic", "analogies"]
BUDGETS_MIB = (64, 256, 1024)
GLOVE_WINDOW, GLOVE_EPOCHS, GLOVE_X_MAX, SIZE = 10, 25, 100, 100


def trained(args: argparse.Namespace) -> dict[str, object]:
    import symvec

    seconds: dict[str, float] = {}

    def on_progress(progress: symvec.training.Progress) -> None:
        seconds[progress.stage] = progress.seconds

    started = time.perf_counter()
    vectors = symvec.train(
        args.corpus, tokeniser="whitespace", threads=args.threads, vector_size=SIZE,
        progress=on_progress, **json.loads(args.one),
    )  # fmt: skip
    whole, cpu = time.perf_counter() - started, time.process_time()
    digest = hashlib.sha256(vectors.table.tobytes()).hexdigest()[:12]
    found = {"s": whole, "CPU s": cpu, "MB": peak_megabytes(), "sha256": digest}
    return found | {f"{stage} s": value for stage, value in seconds.items()} | scores(vectors, args)


def scores(vectors, args: argparse.Namespace) -> dict[str, float]:
    import symvec

    if not args.data:
        return {}
    analogies = symvec.evaluate_analogies(vectors, args.data / "google-analogies.txt")
    return {
        "WS-353": symvec.evaluate_pairs(vectors, args.data / "EN-WS-353-ALL.txt").spearman or 0.0,
        "SimLex": symvec.evaluate_pairs(vectors, args.data / "EN-SIMLEX-999.txt").spearman or 0.0,
        "semantic": 100 * (analogies.semantic.accuracy("3cosadd") or 0.0),
        "syntactic": 100 * (analogies.syntactic.accuracy("3cosadd") or 0.0),
        "analogies": 100 * (analogies.all.accuracy("3cosadd") or 0.0),
    }


def counted(args: argparse.Namespace) -> dict[str, object]:
    """Count the pairs of an encoded corpus in a budget."""
    import numpy as np

    from symvec.sparse.counting_limits import Limits
    from symvec.sparse.pair_counting import counted_pairs
    from symvec.sparse.places import Places
    from symvec.sparse.window_weights import WindowWeights

    ids = np.memmap(args.corpus, np.int32, mode="r")
    words = int(args.one.split(":")[1])
    weights = WindowWeights.of("harmonic", GLOVE_WINDOW)
    budget = int(args.one.split(":")[0]) << 20
    with tempfile.TemporaryDirectory() as folder:
        limits = Limits(Path(folder), budget, args.threads)
        small = np.array([0, 1, 2, -1], np.int32)
        list(counted_pairs(small, Places.dealt(3, 1), weights, limits))  # compiles
        before, started = peak_megabytes(), time.perf_counter()
        pairs, runs, digests = 0, 0, (hashlib.sha256(), hashlib.sha256())
        for keys, sums in counted_pairs(ids, Places.dealt(words, 1), weights, limits):
            runs = runs or len(list(Path(folder).glob("*.run")))
            pairs += len(keys)
            digests[0].update(keys)
            digests[1].update(sums)
        seconds = time.perf_counter() - started
    return {
        "s": seconds, "MB": peak_megabytes(), "MB before": before, "pairs": pairs, "runs": runs,
        "sha256": "".join(digest.hexdigest()[:6] for digest in digests),
    }  # fmt: skip


def published(args: argparse.Namespace, corpus: Path) -> dict[str, object]:
    """Train by the published program."""
    import numpy as np

    import symvec
    from symvec.vocabulary import Vocabulary, WordRows

    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        steps = [
            ["vocab_count", str(corpus), "vocab.txt"],
            ["cooccur", str(corpus), "vocab.txt", "pairs", str(GLOVE_WINDOW), "overflow", "1"],
            ["shuffle", "pairs", "shuffled", "temporary", "1"],
            ["glove", "shuffled", "vocab.txt", "vectors", str(SIZE), str(args.threads),
             str(GLOVE_EPOCHS), str(GLOVE_X_MAX)],
        ]  # fmt: skip
        seconds, cpu, megabytes = [], 0.0, 0.0
        for program, *arguments in steps:
            with subprocess.Popen(
                [args.glove / program, *arguments], cwd=folder, stderr=subprocess.DEVNULL
            ) as process:
                _, status, used = os.wait4(process.pid, 0)
                process.returncode = status
            if status:
                raise SystemExit(f"{program} ended with {status}")
            cpu += used.ru_utime + used.ru_stime
            megabytes = max(megabytes, used.ru_maxrss / 1024)
            seconds.append(time.perf_counter() - started)
        words, rows = [], []
        for line in Path(folder, "vectors.txt").read_text().splitlines():
            word, *numbers = line.split(" ")
            if word != "<unk>":
                words.append(word)
                rows.append(np.array(numbers, np.float32))
    vectors = symvec.Vectors(WordRows(Vocabulary.from_words(words)), np.stack(rows))
    found = {
        "s": seconds[3], "counting s": seconds[2], "training s": seconds[3] - seconds[2],
        "CPU s": cpu, "MB": megabytes,
    }  # fmt: skip
    return found | scores(vectors, args)


def measured(corpus: Path, one: str, threads: int, args: argparse.Namespace) -> dict:
    command = [
        sys.executable, __file__, "--one", one, "--corpus", str(corpus), "--threads", str(threads),
        *(["--data", str(args.data)] if args.data else []),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    result = json.loads(done.stdout.splitlines()[-1])
    print(one, f"threads={threads}", result, file=sys.stderr, flush=True)
    return result


def encoded(corpus: Path, folder: Path) -> tuple[Path, int, int]:
    """Write a corpus's ids, and return the file, how many words there are, and how many kept."""
    from symvec.text.tokenisers import Tokeniser
    from symvec.vocabulary.counting import encode_text

    found = encode_text([corpus], Tokeniser("whitespace"), directory=folder)
    return Path(str(found.corpus.ids.filename)), len(found.vocabulary), found.corpus.word_count


def counting_table(corpus: Path, folder: Path, args: argparse.Namespace) -> list[str]:
    ids, words, kept = encoded(corpus, folder)
    lines = [
        "", f"Counting alone: {kept:,} words of text, {words:,} different ones, window "
        f"{GLOVE_WINDOW}, harmonic. The peak is the whole process's; before counting it had what "
        "the interpreter, the libraries and compiled code take.", "",
        "| budget, MiB | threads | s | peak MB | MB before | files merged | pairs, M | the pairs |",
        "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |",
    ]  # fmt: skip
    for budget in BUDGETS_MIB:
        for threads in sorted({1, args.threads}):
            run = measured(ids, f"{budget}:{words}", threads, argparse.Namespace(data=None))
            lines.append(
                f"| {budget} | {threads} | {run['s']:.1f} | {run['MB']:.0f} "
                f"| {run['MB before']:.0f} | {run['runs']} | {run['pairs'] / 1e6:.1f} "
                f"| {run['sha256']} |"
            )
    return lines


def training_table(corpus: Path, args: argparse.Namespace) -> list[str]:
    lines = [
        "| program | threads | text to table, s | counting, s | learning, s | CPU s | peak MB | "
        + " | ".join(QUALITY) + " | table |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |" + " ---: |" * len(QUALITY) + " --- |",
    ]  # fmt: skip
    found = [
        (name, threads, measured(corpus, json.dumps(RUNS[name]), threads, args))
        for name in args.runs
        for threads in (args.threads, *args.also_threads)
    ]
    if args.glove:
        found.append(("GloVe, published", args.threads, published(args, corpus)))
    for name, threads, run in found:
        learning = run.get("training s", run.get("factorising s"))
        cells = [
            name, str(threads),
            *(f"{value:.1f}" if isinstance(value, float) else "-"
              for value in (run["s"], run.get("counting s"), learning, run["CPU s"])),
            f"{run['MB']:.0f}" if "MB" in run else "-",
            *(f"{run[q]:.{3 if n < 2 else 1}f}" if q in run else "-"
              for n, q in enumerate(QUALITY)),
            str(run.get("sha256", "-")),
        ]  # fmt: skip
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--data", type=Path, help="folder of the evaluation sets")
    parser.add_argument("--words", type=int, help="only so many words of the corpus")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument(
        "--also-threads", nargs="*", type=int, default=[], help="train by these, too"
    )
    parser.add_argument("--runs", nargs="*", choices=RUNS, default=list(RUNS))
    parser.add_argument("--no-counting", action="store_true", help="train only")
    parser.add_argument("--glove", type=Path, help="folder of the published program")
    parser.add_argument("--output", type=Path, help="write the tables here")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        print(json.dumps(trained(args) if args.one.startswith("{") else counted(args)))
        return
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder, "lines.txt")
        words = lines_of(args.corpus, corpus, args.words)
        machine = description()
        packages = ", ".join(f"{name} {number}" for name, number in machine["packages"].items())
        lines = [
            f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gib']} GiB; "
            f"{machine['system']}; Python {machine['python']}, {packages}.", "",
            f"{args.corpus.name}, {words:,} words; {SIZE} dimensions, each algorithm's defaults. "
            "Tables with the same digest are the same to the last bit.", "",
            *training_table(corpus, args),
        ]  # fmt: skip
        if not args.no_counting:
            lines += counting_table(corpus, Path(folder), args)
    text = "\n".join(lines) + "\n"
    print(text)
    if args.output:
        args.output.write_text(text)


if __name__ == "__main__":
    main()
