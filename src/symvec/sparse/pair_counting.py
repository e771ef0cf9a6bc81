"""Which words of a corpus stand near each other, counted in bounded memory.

Each thread fills a buffer with the pairs of a part of the corpus, sorts it, sums what is alike and
writes that to a file of its own. The files are merged. Weights are whole numbers, so that neither
the number of threads nor the size of the buffers changes a bit of the result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from mmap import mmap
from pathlib import Path
from threading import Lock
from typing import Final, TypeAlias

import numpy as np

from symvec.arrays import Ids, Ids64
from symvec.kernels.cooccurrence import AT, FILLED, Keys, PairBits, find_pairs, sum_pairs
from symvec.sparse.counting_limits import Limits
from symvec.sparse.pair_files import PairFile, append_pairs, room_needed
from symvec.sparse.pair_merging import few_runs, merged_pairs
from symvec.sparse.places import Places
from symvec.sparse.window_weights import WindowWeights

OnCounted: TypeAlias = Callable[[int], None]
"""Called with the number of the corpus's ids whose pairs are counted."""

_RECORDS_AT_ONCE: Final = 1 << 14
_IDS_AT_ONCE: Final = 1 << 18


@dataclass(slots=True)
class _Shared:
    """What the threads of one count share: the next part, the files, and when to stop."""

    ids_done: int = 0
    next_start: int = 0
    stopped: bool = False
    runs: list[PairFile] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)


def counted_pairs(
    ids: Ids,
    places: Places,
    weights: WindowWeights,
    limits: Limits,
    on_counted: OnCounted | None = None,
) -> Iterator[tuple[Keys, Ids64]]:
    """Count the pairs of a corpus; give each pair once, rising by key, with its weight in units.

    A key holds both groups, then both indices, the lower place first. Files are removed at the
    end.

    Args:
        ids: (ids,) int32, word ids; -1 ends a sentence.
        places: the order of the words.
        weights: of the distances.
        limits: memory, threads and folder.
        on_counted: see ``OnCounted``; called a few times a second from the calling thread.

    Yields:
        (pairs,) uint64 keys and (pairs,) int64 weights, parts of a bounded size.

    Raises:
        InputError: there are too many words for the window.
        OutputError: the folder has no room.
    """
    bits = places.bits(len(weights.units))
    shared = _Shared()
    try:
        with room_needed(limits.directory):
            _count(ids, places.of_words, weights.units, bits, limits, shared, on_counted)
            shared.runs = few_runs(shared.runs, limits.directory, limits.buffer_bytes)
            yield from merged_pairs(shared.runs, limits.buffer_bytes)
    finally:
        for run in shared.runs:
            run.path.unlink(missing_ok=True)


def _count(
    ids: Ids,
    places: Ids,
    units: Ids64,
    bits: PairBits,
    limits: Limits,
    shared: _Shared,
    on_counted: OnCounted | None,
) -> None:
    each = limits.buffer_bytes // limits.threads
    fixed = _RECORDS_AT_ONCE * 2 * 16 + _IDS_AT_ONCE * 4
    room = min(max((each - fixed) // 8, 4 * len(units)), max(len(ids) * len(units), 1))

    def work(thread: int) -> None:
        pairs = np.empty(room, np.uint64)
        found = _filled_buffers(ids, places, len(units), bits, pairs, shared)
        for number, progress in enumerate(found):
            if progress[FILLED]:
                path = limits.directory / f"pairs-{thread}-{number}.run"
                run = _write_run(path, pairs, int(progress[FILLED]), units, bits)
                with shared.lock:
                    shared.runs.append(run)

    with ThreadPoolExecutor(limits.threads, thread_name_prefix="pairs") as pool:
        running = [pool.submit(work, thread) for thread in range(limits.threads)]
        try:
            while wait(running, timeout=0.2).not_done:
                if on_counted:
                    on_counted(shared.ids_done)
            for future in running:
                future.result()
        finally:
            shared.stopped = True
    if on_counted:
        on_counted(len(ids))


def _filled_buffers(
    ids: Ids, places: Ids, window: int, bits: PairBits, pairs: Keys, shared: _Shared
) -> Iterator[Ids64]:
    """Fill the buffer with pairs, part by part of the corpus, and say each time it is full."""
    progress = np.zeros(2, np.int64)
    while not shared.stopped:
        with shared.lock:
            start = shared.next_start
            shared.next_start = min(start + _IDS_AT_ONCE, len(ids))
        if start == len(ids):
            break
        behind = min(window, start)
        part = _read(ids, start - behind, min(start + _IDS_AT_ONCE, len(ids)))
        progress[AT] = behind
        while progress[AT] < len(part) and not shared.stopped:
            find_pairs(part, len(part), places, window, bits, pairs, progress)
            if progress[AT] < len(part):
                yield progress
                progress[FILLED] = 0
        shared.ids_done = max(shared.ids_done, start)
    yield progress


def _read(ids: Ids, start: int, stop: int) -> Ids:
    """Return part of the corpus; of a mapped file by reading, so that no page of it stays."""
    if not isinstance(ids, np.memmap) or not isinstance(ids.base, mmap) or not ids.filename:
        return ids[start:stop]
    part: Ids = np.fromfile(
        ids.filename, np.int32, stop - start, offset=ids.offset + start * ids.itemsize
    )
    return part


def _write_run(path: Path, pairs: Keys, count: int, units: Ids64, bits: PairBits) -> PairFile:
    pairs[:count].sort()
    keys, sums = np.empty(_RECORDS_AT_ONCE, np.uint64), np.empty(_RECORDS_AT_ONCE, np.int64)
    progress = np.zeros(2, np.int64)
    records = 0
    with path.open("wb") as file:
        while progress[AT] < count:
            progress[FILLED] = 0
            sum_pairs(pairs, count, units, bits, keys, sums, progress)
            filled = int(progress[FILLED])
            append_pairs(file, keys[:filled], sums[:filled])
            records += filled
    return PairFile(path, records)
