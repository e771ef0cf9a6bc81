"""How GloVe learns: the numbers of weighted least squares on co-occurrence counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final, Literal

from symvec.training.settings.checks import (
    check_choice,
    check_number,
    check_positive,
    check_whole,
)
from symvec.training.settings.part import Part, setting

GloveVectors = Literal["sum", "words"]

DEFAULT_ALPHA: Final = 0.05
_MOST_VECTOR_SIZE: Final = 1 << 16


@dataclass(frozen=True, kw_only=True)
class GloveSettings(Part):
    """The settings of GloVe, with the defaults of Pennington, Socher, Manning 2014.

    Args:
        vector_size: dimensions of a vector.
        epochs: how often the pairs are gone through; the article took 50 for vectors of fewer
            than 300 dimensions, the published program takes 25.
        alpha: the learning rate, which AdaGrad lowers for each number by itself; None takes 0.05.
        x_max: pairs that weigh so much or more count fully.
        count_exponent: the others count by their share of ``x_max`` to this power; the article's
            alpha.
        glove_vectors: ``"sum"`` adds a word's vectors as word and as context, ``"words"`` takes
            the first alone.
        seed: the same seed gives the same bytes, at any number of threads.

    Raises:
        InputError: a value that cannot work.

    Example:
        >>> GloveSettings(x_max=10).learning_rate
        0.05
    """

    heading: ClassVar[str] = "GloVe"

    vector_size: int = setting(100, "Numbers in a vector.", "D")
    epochs: int = setting(25, "Passes over the text.", "N")
    alpha: float | None = setting(
        None, "Learning rate at the start.", "RATE", shown_default="the algorithm's"
    )
    x_max: float = setting(100.0, "Pairs that weigh so much or more count fully.", "X")
    count_exponent: float = setting(0.75, "The others count by their share of X to the P.", "P")
    glove_vectors: GloveVectors = setting(
        "sum", "A word's vectors as word and as context added, or the first alone."
    )
    seed: int = setting(1, "The same seed, the same bytes.", "N")

    def __post_init__(self) -> None:
        """Check each value."""
        check_choice("glove_vectors", self.glove_vectors, GloveVectors)
        check_whole("vector_size", self.vector_size, 1, _MOST_VECTOR_SIZE)
        check_whole("epochs", self.epochs, 1)
        check_whole("seed", self.seed, 0, 2**63 - 1)
        check_number("count_exponent", self.count_exponent, least=0)
        check_positive("x_max", self.x_max)
        check_positive("alpha", self.learning_rate)

    @property
    def learning_rate(self) -> float:
        """The learning rate at the start."""
        return DEFAULT_ALPHA if self.alpha is None else self.alpha

    def to_metadata(self) -> dict[str, object]:
        """Return the settings as JSON can hold them, with the learning rate in force."""
        return super().to_metadata() | {"alpha": self.learning_rate}
