"""A share of the sentences that is never trained on, to tell how well the rest is learned."""

from __future__ import annotations

from pathlib import Path
from typing import IO, Final

import numpy as np

from symvec.errors import InputError
from symvec.kernels.holding_out import (
    HELD,
    HELD_ENDS,
    KEPT,
    KEPT_ENDS,
    PROGRESS_SIZE,
    part_sentences,
)
from symvec.vocabulary.corpus import EncodedCorpus
from symvec.vocabulary.mapped import release

_STREAM: Final = 0x2545F4914F6CDD1D  # parts its draws from those of training
_IDS_AT_ONCE: Final = 1 << 20
_WHOLE: Final = 2**32


def hold_out(
    corpus: EncodedCorpus, share: float, seed: int, folder: Path
) -> tuple[EncodedCorpus, EncodedCorpus]:
    """Return what is trained on and what is held out, as files of ids.

    Which sentences are held out is a function of the seed and their places.

    Args:
        corpus: all sentences.
        share: about so many of them are held out.
        seed: of the training.
        folder: where the files go, together as large as the corpus's.

    Raises:
        InputError: one of the two has no sentence.
    """
    totals = np.zeros(PROGRESS_SIZE, np.int64)
    paths = folder / "trained-on.ids", folder / "held-out.ids"
    with paths[0].open("wb") as kept, paths[1].open("wb") as held:
        _part(corpus, share, seed, (kept, held), totals)
    parts = totals[[KEPT, KEPT_ENDS]], totals[[HELD, HELD_ENDS]]
    if not all(part[1] for part in parts):
        raise InputError(
            f"held_out={share} of {corpus.sentence_count:,} sentences leaves {parts[0][1]:,} to "
            f"train on and {parts[1][1]:,} held out; neither may be 0: give each sentence a line "
            "of its own, or hold nothing out (held_out=0)"
        )
    trained, out = (
        EncodedCorpus(np.memmap(path, np.int32, "r"), int(ids - ends), int(ends))
        for path, (ids, ends) in zip(paths, parts, strict=True)
    )
    return trained, out


def _part(
    corpus: EncodedCorpus,
    share: float,
    seed: int,
    files: tuple[IO[bytes], IO[bytes]],
    totals: np.ndarray,
) -> None:
    buffers = np.empty(_IDS_AT_ONCE, np.int32), np.empty(_IDS_AT_ONCE, np.int32)
    progress = np.zeros(PROGRESS_SIZE, np.int64)
    key, threshold = np.uint64(seed ^ _STREAM), np.uint64(share * _WHOLE)
    for start in range(0, len(corpus.ids), _IDS_AT_ONCE):
        ids = corpus.ids[start : start + _IDS_AT_ONCE]
        part_sentences(ids, key, threshold, *buffers, progress)
        for file, buffer, written in zip(files, buffers, progress[[KEPT, HELD]], strict=True):
            file.write(buffer[:written].data)
        totals += progress
        release(corpus.ids, start + len(ids))
