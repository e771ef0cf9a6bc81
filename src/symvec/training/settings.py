"""What to learn and how: the numbers of a training run."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from math import isfinite
from typing import Final, Literal, get_args

from symvec.errors import InputError

Algorithm = Literal["skipgram", "cbow"]
CbowUpdate = Literal["word2vec", "exact"]

# Skip-gram: word2vec.c. CBOW: measured, see docs/decisions/0006-the-cbow-update.md.
DEFAULT_ALPHAS: Final[dict[tuple[str, str], float]] = {
    ("skipgram", "word2vec"): 0.025,
    ("skipgram", "exact"): 0.025,
    ("cbow", "word2vec"): 0.05,
    ("cbow", "exact"): 0.15,
}
_LEAST: Final = {"vector_size": 1, "window": 1, "negative": 1, "epochs": 1, "min_count": 1}
_MOST_VECTOR_SIZE: Final = 1 << 16
_MOST_WINDOW: Final = 1 << 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of word2vec, by their names in gensim.

    Args:
        algorithm: ``"skipgram"`` tells each context word apart from chance by the centre,
            ``"cbow"`` the mean of the contexts.
        vector_size: dimensions of a vector.
        window: most words on each side of the centre; shrunk anew at each centre to a uniform
            1..window, as in word2vec.
        negative: noise words that a pair is weighed against.
        epochs: how often the corpus is gone through.
        min_count: rarer words are dropped from their sentences.
        max_vocabulary: how many of the most frequent words are kept; None keeps all.
        sample: words more frequent than this share of the corpus are thinned out; 0 keeps all.
        ns_exponent: noise words are drawn by their count to this power.
        alpha: learning rate at the start; None takes the algorithm's own.
        min_alpha: learning rate at the end; it falls linearly.
        cbow_update: ``"word2vec"`` gives a window's change whole to each context, ``"exact"``
            is the gradient, divided by the number of contexts (arXiv:2012.15332).
        seed: the same seed gives the same bytes, at any number of threads.

    Raises:
        InputError: a value that cannot work.

    Example:
        >>> Settings(algorithm="cbow").learning_rate
        0.05
    """

    algorithm: Algorithm = "skipgram"
    vector_size: int = 100
    window: int = 5
    negative: int = 5
    epochs: int = 5
    min_count: int = 5
    max_vocabulary: int | None = None
    sample: float = 1e-3
    ns_exponent: float = 0.75
    alpha: float | None = None
    min_alpha: float = 1e-4
    cbow_update: CbowUpdate = "word2vec"
    seed: int = 1

    def __post_init__(self) -> None:
        """Check each value."""
        for name, known in (("algorithm", Algorithm), ("cbow_update", CbowUpdate)):
            if getattr(self, name) not in get_args(known):
                names = " or ".join(map(repr, get_args(known)))
                raise InputError(f"{name} must be {names}, got {getattr(self, name)!r}")
        for name, least in _LEAST.items():
            _check_whole(name, getattr(self, name), least)
        if self.max_vocabulary is not None:
            _check_whole("max_vocabulary", self.max_vocabulary, 1)
        _check_whole("seed", self.seed, 0, 2**63 - 1)
        _check_whole("vector_size", self.vector_size, 1, _MOST_VECTOR_SIZE)
        _check_whole("window", self.window, 1, _MOST_WINDOW)
        _check_number("sample", self.sample, least=0)
        _check_number("ns_exponent", self.ns_exponent)
        _check_number("min_alpha", self.min_alpha, least=0)
        if self.alpha is not None:
            _check_number("alpha", self.alpha, least=0)
        if self.learning_rate < self.min_alpha:
            raise InputError(
                f"alpha falls from {self.learning_rate} to min_alpha, which is larger: "
                f"{self.min_alpha}; lower min_alpha"
            )

    @property
    def learning_rate(self) -> float:
        """The learning rate at the start."""
        if self.alpha is not None:
            return float(self.alpha)
        return DEFAULT_ALPHAS[self.algorithm, self.cbow_update]

    def to_metadata(self) -> dict[str, object]:
        """Return the settings as JSON can hold them, with the learning rate in force."""
        return asdict(self) | {"alpha": self.learning_rate}


def _check_whole(name: str, value: object, least: int, most: int | None = None) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        raise InputError(f"{name} must be a whole number, got {value!r}")
    if value < least or (most is not None and value > most):
        bounds = f"{least} or more" if most is None else f"from {least} to {most}"
        raise InputError(f"{name} must be {bounds}, got {value}")


def _check_number(name: str, value: object, least: float | None = None) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise InputError(f"{name} must be a finite number, got {value!r}")
    if least is not None and value < least:
        raise InputError(f"{name} must be {least} or more, got {value}")
