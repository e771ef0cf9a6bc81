"""From a corpus to the file of pairs that GloVe reads, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from symvec.arrays import AnyArray, Float2, Ids, Ids64
from symvec.errors import InputError
from symvec.kernels.cooccurrence import Keys, PairBits
from symvec.kernels.glove import make_entries
from symvec.kernels.holding_out import mark_held
from symvec.sparse.counting_limits import Limits
from symvec.sparse.pair_counting import OnCounted, counted_pairs
from symvec.sparse.pair_files import room_needed
from symvec.sparse.places import Places
from symvec.sparse.window_weights import WindowWeights
from symvec.training.glove_rounds import Couple
from symvec.training.settings import GloveSettings

_NUMBERS_AN_ENTRY: Final = 4
_ENTRIES_AT_ONCE: Final = 1 << 18
_FILES: Final = ("glove.pairs", "glove.held-out")
_STREAM: Final = 0x2545F4914F6CDD1D  # parts its draws from those of training
_WHOLE: Final = 2**32


@dataclass(frozen=True, eq=False)
class GlovePairFile:
    """A file of entries, those of two groups together.

    Args:
        path: where it lies.
        starts: (couples + 1,) int64, where the entries of two groups begin, by their number.
        group_bits: the number of groups p and q is p * 2^group_bits + q.
        group_size: rows of a group.
    """

    path: Path
    starts: Ids64
    group_bits: int
    group_size: int

    @property
    def count(self) -> int:
        """How many pairs there are; two words in either order are one pair."""
        return int(self.starts[-1])

    def read(self, couple: Couple) -> tuple[Ids, Float2]:
        """Return the entries of two groups, (pairs, 4), as int32 and as float32."""
        number = couple[0] << self.group_bits | couple[1]
        return _read(self.path, int(self.starts[number]), int(self.starts[number + 1]))


@dataclass(frozen=True, eq=False)
class HeldOutPairs:
    """A file of entries that are never trained on.

    Args:
        path: where it lies.
        count: how many there are.
    """

    path: Path
    count: int

    def parts(self) -> Iterator[tuple[Ids, Float2]]:
        """Go through the entries, (pairs, 4), as int32 and as float32."""
        for start in range(0, self.count, _ENTRIES_AT_ONCE):
            yield _read(self.path, start, min(start + _ENTRIES_AT_ONCE, self.count))


@dataclass(frozen=True, slots=True)
class PairShare:
    """A share of the pairs.

    Args:
        share: from 0 to 1.
        seed: of the training; it decides which pairs.
    """

    share: float
    seed: int

    def marked(self, keys: Keys) -> npt.NDArray[np.bool_]:
        """Return which of some pairs belong to it, (pairs,) bool."""
        held = np.zeros(len(keys), np.bool_)
        if self.share:
            key, threshold = np.uint64(self.seed ^ _STREAM), np.uint64(self.share * _WHOLE)
            mark_held(keys, key, threshold, held)
        return held


def _read(path: Path, start: int, stop: int) -> tuple[Ids, Float2]:
    numbers: AnyArray = np.fromfile(
        path, np.int32, (stop - start) * _NUMBERS_AN_ENTRY, offset=start * _NUMBERS_AN_ENTRY * 4
    )
    entries = numbers.reshape(-1, _NUMBERS_AN_ENTRY)
    return entries, entries.view(np.float32)


def write_pairs(
    ids: Ids,
    words: int,
    groups: int,
    weights: WindowWeights,
    settings: GloveSettings,
    limits: Limits,
    on_counted: OnCounted,
    held_out: PairShare,
) -> tuple[GlovePairFile, HeldOutPairs]:
    """Count the pairs of a corpus and write what GloVe reads of each.

    Args:
        ids: (ids,) int32, word ids; -1 ends a sentence.
        words: how many words there are.
        groups: how many groups they are dealt to.
        weights: of the distances.
        settings: how pairs are weighted.
        limits: memory, threads and folder.
        on_counted: see ``OnCounted``.
        held_out: which pairs are never trained on.

    Returns:
        What is trained on, and what is held out.

    Raises:
        OutputError: the folder has no room.
        InputError: nothing would be trained on, or held out though it was asked for.
    """
    places = Places.dealt(words, groups)
    bits = places.bits(len(weights.units))
    group_size = ceil(words / groups)
    counts = np.zeros(1 << 2 * places.group_bits, np.int64)
    path, held_path, held_count = *(limits.directory / name for name in _FILES), 0
    with room_needed(limits.directory), path.open("wb") as file, held_path.open("wb") as held_file:
        for keys, sums in counted_pairs(ids, places, weights, limits, on_counted):
            entries = _entries(keys, sums, bits, group_size, weights.unit, settings)
            held = held_out.marked(keys)
            if held.any():
                held_count += int(np.count_nonzero(held))
                held_file.write(entries[held].data)
                keys, entries = keys[~held], entries[~held]
            counts += np.bincount(keys >> np.uint64(2 * bits.index_bits), minlength=counts.size)
            file.write(entries.data)
    starts = np.append(0, np.cumsum(counts))
    if held_out.share and not (held_count and starts[-1]):
        raise InputError(
            f"held_out={held_out.share} of {held_count + int(starts[-1]):,} pairs of words leaves "
            f"{int(starts[-1]):,} to train on and {held_count:,} held out; neither may be 0"
        )
    found = GlovePairFile(path, starts, places.group_bits, group_size)
    return found, HeldOutPairs(held_path, held_count)


def _entries(
    keys: Keys, sums: Ids64, bits: PairBits, group_size: int, unit: int, settings: GloveSettings
) -> Ids:
    entries = np.empty((len(keys), _NUMBERS_AN_ENTRY), np.int32)
    make_entries(
        keys, sums, bits, group_size, float(unit), float(settings.x_max),
        float(settings.count_exponent), entries, entries.view(np.float32),
    )  # fmt: skip
    return entries
