"""What training in rounds, the same bytes at any number of threads, costs.

Beside it stands Hogwild (Recht et al. 2011, ``schedule="hogwild"``): threads take the blocks as
they come and add their changes to the tables at once, without waiting for each other. Both are
run in turn, at one thread and at two, with words and with n-grams.

    python benchmarks/schedule.py --corpus lines.txt --data FOLDER_WITH_EVALUATION_SETS
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from machine import description

KINDS = {"words": {}, "n-grams": {"subwords": "chars", "bucket": 200_000}}


def one_run(args: argparse.Namespace) -> None:
    import symvec

    seconds: list[float] = []

    def on_progress(progress: symvec.training.Progress) -> None:
        if progress.stage == "training":
            seconds.append(progress.seconds)

    vectors = symvec.train(
        args.corpus, tokeniser="whitespace", threads=args.threads, seed=args.seed,
        epochs=args.epochs, progress=on_progress, schedule=args.one, **KINDS[args.kind],
    )  # fmt: skip
    words = vectors.provenance["corpus"]["kept_words"] * args.epochs
    analogies = symvec.evaluate_analogies(vectors, args.data / "google-analogies.txt")
    result = {
        "M words/s": words / seconds[-1] / 1e6,
        "WS-353": symvec.evaluate_pairs(vectors, args.data / "EN-WS-353-ALL.txt").spearman,
        "SimLex": symvec.evaluate_pairs(vectors, args.data / "EN-SIMLEX-999.txt").spearman,
        "analogies": 100 * (analogies.all.accuracy("3cosadd") or 0.0),
        "loss": vectors.provenance["losses"][-1],
    }
    print(json.dumps(result))


def measured(args: argparse.Namespace, *options: str) -> dict[str, float]:
    command = [
        sys.executable, __file__, "--corpus", str(args.corpus), "--data", str(args.data),
        "--epochs", str(args.epochs), *options,
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    print(*options, result, file=sys.stderr, flush=True)
    return result


def spread(values: list[float], digits: int) -> str:
    middle = statistics.median(values)
    return f"{middle:.{digits}f} ({min(values):.{digits}f}-{max(values):.{digits}f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
    parser.add_argument("--kinds", nargs="+", default=list(KINDS))
    parser.add_argument("--output", type=Path)
    parser.add_argument("--one", choices=["rounds", "hogwild"], help=argparse.SUPPRESS)
    parser.add_argument("--kind", default="words", help=argparse.SUPPRESS)
    parser.add_argument("--threads", type=int, default=1, help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, default=1, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        one_run(args)
        return
    names = {"M words/s": 2, "WS-353": 3, "SimLex": 3, "analogies": 1, "loss": 3}
    runs: dict[tuple[str, str, int], list[dict[str, float]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        head = Path(folder, "few.txt")
        with args.corpus.open() as text:  # compiled before the clock runs
            head.write_text("".join(line for _, line in zip(range(100), text, strict=False)))
        for one in ("rounds", "hogwild"):
            few = argparse.Namespace(corpus=head, data=args.data, epochs=1)
            measured(few, "--one", one)
    for seed in args.seeds:
        for kind in args.kinds:
            for threads in (1, 2):
                for one in ("rounds", "hogwild"):
                    result = measured(
                        args, "--one", one, "--kind", kind, "--threads", str(threads),
                        "--seed", str(seed),
                    )  # fmt: skip
                    runs.setdefault((kind, one, threads), []).append(result)
    machine = description()
    lines = [
        f"{machine['processor']}, {machine['cores']} cores; {args.corpus.name}, {args.epochs} "
        f"epochs, skip-gram with 100 dimensions; seeds {', '.join(map(str, args.seeds))}. "
        "Medians (least-most). The loss is the last epoch's; rounds have the same bytes in each "
        "row of a kind.", "",
        "| rows | schedule | threads | " + " | ".join(names) + " |",
        "| --- | --- | ---: |" + " ---: |" * len(names),
    ]  # fmt: skip
    for (kind, one, threads), results in runs.items():
        cells = [spread([run[name] for run in results], digits) for name, digits in names.items()]
        lines.append(f"| {kind} | {one} | {threads} | " + " | ".join(cells) + " |")
    print("\n".join(lines))
    if args.output:
        args.output.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
