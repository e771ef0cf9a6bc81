"""What training in rounds, the same bytes at any number of threads, costs.

Beside it stands Hogwild (Recht et al. 2011), which is not in the library: threads take the blocks
of the same kernels as they come and add their changes to the tables at once, without waiting for
each other. Both are run in turn, at one thread and at two, with words and with n-grams.

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

import numpy as np

from machine import description
from symvec.kernels.blocks import Changes, train_block
from symvec.kernels.compiling import kernel
from symvec.kernels.random import draw
from symvec.kernels.threads import NEXT_BLOCK, ROUND, STOP_ASKED, atomic_add, atomic_load
from symvec.kernels.tiles import add_scaled_row

KINDS = {"words": {}, "n-grams": {"subwords": "chars", "bucket": 200_000}}


@kernel
def train_hogwild(  # the arguments are those of symvec.kernels.rounds.train_rounds
    thread,
    threads,  # noqa: ARG001
    control,
    tables,
    text,
    spaces,
    shape,
    schedule,
    changes,
    touches,  # noqa: ARG001
    totals,
):
    key = draw(np.uint64(schedule.seed), schedule.epoch)
    tokens, block_tokens = len(text.ids), schedule.block_tokens
    blocks = (tokens + block_tokens - 1) // block_tokens
    own = Changes(
        changes.input_words[thread],
        changes.input_change[thread],
        changes.output_rows[thread],
        changes.output_change[thread],
        changes.place_change[thread],
        changes.counts[thread],
        changes.loss[thread],
    )
    loss, examples = 0.0, 0.0
    while atomic_load(control, STOP_ASKED) == 0:
        block = atomic_add(control, NEXT_BLOCK, 1)
        if block >= blocks:
            break
        begin = block * block_tokens
        progress = (schedule.epoch + begin / tokens) / schedule.epochs
        alpha = schedule.start_alpha + (schedule.end_alpha - schedule.start_alpha) * progress
        end = min(begin + block_tokens, tokens)
        train_block(
            tables, text, spaces[0], spaces[1], shape, own, begin, end, key, np.float32(alpha)
        )
        whole = np.float32(1)
        for slot in range(own.counts[0]):
            word = own.input_words[slot]
            for at in range(tables.row_offsets[word], tables.row_offsets[word + 1]):
                row, change = tables.row_ids[at], own.input_change
                add_scaled_row(tables.inputs, row, change, slot, whole, shape.dimensions)
        for slot in range(own.counts[1]):
            row, change = own.output_rows[slot], own.output_change
            add_scaled_row(tables.outputs, row, change, slot, whole, shape.dimensions)
        loss += own.loss[0]
        examples += own.loss[1]
        control[ROUND] = block // len(changes.counts)
    totals[0] += loss  # threads end at different times: that one is lost is most unlikely
    totals[1] += examples
    control[ROUND] = (blocks + len(changes.counts) - 1) // len(changes.counts)


def one_run(args: argparse.Namespace) -> None:
    import symvec
    from symvec.training import team

    if args.one == "hogwild":
        team.train_rounds = train_hogwild
    seconds: list[float] = []

    def on_progress(progress: symvec.training.Progress) -> None:
        if progress.stage == "training":
            seconds.append(progress.seconds)

    vectors = symvec.train(
        args.corpus, tokeniser="whitespace", threads=args.threads, seed=args.seed,
        epochs=args.epochs, progress=on_progress, **KINDS[args.kind],
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
