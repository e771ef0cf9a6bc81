"""What there is to tell when an epoch has ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from symvec.arrays import Float2
from symvec.vectors import Vectors
from symvec.vocabulary import Rows

_NEIGHBOURS: Final = 5


@dataclass(frozen=True, slots=True)
class EpochReport:
    """What an epoch came to.

    Args:
        epoch: counted from 1.
        epochs: how many there will be at most.
        loss: mean loss of an example that was trained on.
        held_out_loss: of an example that was held out; None where nothing was.
        neighbours: of each probe word, its nearest words and their cosines, best first.
        words: trained so far, where an epoch is told of on the way; None at its end.
        perplexities: of what was held out, by the direction in which it is read, over the whole
            vocabulary; empty where no words are predicted one after another.
    """

    epoch: int
    epochs: int
    loss: float
    held_out_loss: float | None
    neighbours: Mapping[str, Sequence[tuple[str, float]]]
    words: int | None = None
    perplexities: Mapping[str, float] = field(default_factory=dict)


EpochCallback: TypeAlias = Callable[[EpochReport], None]


def probed(
    words: Sequence[str], rows: Rows, table: Float2
) -> dict[str, Sequence[tuple[str, float]]]:
    """Return the nearest words of each of some words, in a table that is being trained.

    Raises:
        UnknownSymbolError: a word is not in the vocabulary.
    """
    if not words:
        return {}
    rows.vocabulary.indices(words)
    answers = Vectors(rows, table).most_similar(list(words), topn=_NEIGHBOURS)
    return dict(zip(words, answers, strict=True))
