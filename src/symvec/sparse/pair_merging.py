"""Several files of pairs to one stream of pairs, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from symvec.arrays import Ids64
from symvec.kernels.cooccurrence import Keys, merge_runs
from symvec.sparse.pair_files import RECORD, PairFile, append_pairs

# Records of each run that are in memory at the same time: as read, as keys and sums, merged, and
# as they are written.
_COPIES: Final = 4
_LEAST_RECORDS: Final = 512
_MOST_RECORDS: Final = 1 << 20
_MOST_RUNS: Final = 128


def merged_pairs(runs: Sequence[PairFile], memory_bytes: int) -> Iterator[tuple[Keys, Ids64]]:
    """Give the pairs of all runs, rising, each key once with the sum of its weights.

    Args:
        runs: files of rising keys.
        memory_bytes: how much memory the parts of the files may take together.

    Yields:
        (pairs,) uint64 keys and (pairs,) int64 sums.
    """
    each = memory_bytes // (_COPIES * RECORD.itemsize * max(len(runs), 1))
    records = min(max(each, _LEAST_RECORDS), _MOST_RECORDS)
    starts = np.zeros(len(runs), np.int64)
    heads, order = np.zeros(len(runs), np.uint64), np.zeros(len(runs), np.int64)
    while any(start < run.count for start, run in zip(starts, runs, strict=True)):
        parts = [
            run.read(int(start), int(start) + records)
            for start, run in zip(starts, runs, strict=True)
        ]
        ends = np.cumsum([len(part) for part in parts])
        keys = np.concatenate([part["key"] for part in parts])
        sums = np.concatenate([part["sum"] for part in parts])
        # Only keys up to the least that a run goes on after are known from every run.
        known = min(
            (
                int(part["key"][-1])
                for part, start, run in zip(parts, starts, runs, strict=True)
                if start + len(part) < run.count
            ),
            default=2**64 - 1,
        )
        taken = [
            int(np.searchsorted(part["key"], np.uint64(known), side="right")) for part in parts
        ]
        del parts
        ranges = np.stack([np.append(0, ends[:-1]), np.append(0, ends[:-1]) + taken], axis=1)
        merged_keys, merged_sums = np.empty(sum(taken), np.uint64), np.empty(sum(taken), np.int64)
        count = merge_runs(keys, sums, ranges, heads, order, merged_keys, merged_sums)
        starts += taken
        yield merged_keys[:count], merged_sums[:count]


def few_runs(runs: Sequence[PairFile], directory: Path, memory_bytes: int) -> list[PairFile]:
    """Merge runs until there are so few that a part of each can be in memory."""
    left = list(runs)
    merges = 0
    while len(left) > _MOST_RUNS:
        path = directory / f"pairs-merged-{merges}.run"
        merges += 1
        left.append(_merged_file(left[:_MOST_RUNS], path, memory_bytes))
        for run in left[:_MOST_RUNS]:
            run.path.unlink()
        del left[:_MOST_RUNS]
    return left


def _merged_file(runs: Sequence[PairFile], path: Path, memory_bytes: int) -> PairFile:
    count = 0
    with path.open("wb") as file:
        for keys, sums in merged_pairs(runs, memory_bytes):
            append_pairs(file, keys, sums)
            count += len(keys)
    return PairFile(path, count)
