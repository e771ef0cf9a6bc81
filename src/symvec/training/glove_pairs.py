"""From a corpus to the file of pairs that GloVe reads, in bounded memory."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Final

import numpy as np

from symvec.arrays import AnyArray, Float2, Ids, Ids64
from symvec.kernels.cooccurrence import Keys, PairBits
from symvec.kernels.glove import make_entries
from symvec.sparse.counting_limits import Limits
from symvec.sparse.pair_counting import OnCounted, counted_pairs
from symvec.sparse.pair_files import room_needed
from symvec.sparse.places import Places
from symvec.sparse.window_weights import WindowWeights
from symvec.training.glove_rounds import Couple
from symvec.training.settings import GloveSettings

_NUMBERS_AN_ENTRY: Final = 4


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
        start, stop = int(self.starts[number]), int(self.starts[number + 1])
        numbers: AnyArray = np.fromfile(
            self.path,
            np.int32,
            (stop - start) * _NUMBERS_AN_ENTRY,
            offset=start * _NUMBERS_AN_ENTRY * 4,
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
) -> GlovePairFile:
    """Count the pairs of a corpus and write what GloVe reads of each.

    Args:
        ids: (ids,) int32, word ids; -1 ends a sentence.
        words: how many words there are.
        groups: how many groups they are dealt to.
        weights: of the distances.
        settings: how pairs are weighted.
        limits: memory, threads and folder.
        on_counted: see ``OnCounted``.

    Raises:
        OutputError: the folder has no room.
    """
    places = Places.dealt(words, groups)
    bits = places.bits(len(weights.units))
    group_size = ceil(words / groups)
    counts = np.zeros(1 << 2 * places.group_bits, np.int64)
    path = limits.directory / "glove.pairs"
    with room_needed(limits.directory), path.open("wb") as file:
        for keys, sums in counted_pairs(ids, places, weights, limits, on_counted):
            counts += np.bincount(keys >> np.uint64(2 * bits.index_bits), minlength=counts.size)
            file.write(_entries(keys, sums, bits, group_size, weights.unit, settings).data)
    starts = np.append(0, np.cumsum(counts))
    return GlovePairFile(path, starts, places.group_bits, group_size)


def _entries(
    keys: Keys, sums: Ids64, bits: PairBits, group_size: int, unit: int, settings: GloveSettings
) -> Ids:
    entries = np.empty((len(keys), _NUMBERS_AN_ENTRY), np.int32)
    make_entries(
        keys, sums, bits, group_size, float(unit), float(settings.x_max),
        float(settings.count_exponent), entries, entries.view(np.float32),
    )  # fmt: skip
    return entries
