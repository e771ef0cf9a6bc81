"""How word2vec learns: the numbers of skip-gram and CBOW."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final, Literal

from symvec.errors import InputError
from symvec.training.settings.checks import (
    check_choice,
    check_number,
    check_switch,
    check_whole,
)
from symvec.training.settings.part import Part, setting

Window = Literal["skipgram", "cbow"]
Objective = Literal["negative-sampling", "hierarchical-softmax"]
CbowUpdate = Literal["word2vec", "exact"]
ScheduleName = Literal["rounds", "hogwild"]

# Skip-gram: word2vec.c. CBOW: measured, see docs/decisions/0006-the-cbow-update.md.
DEFAULT_ALPHAS: Final[dict[tuple[str, str], float]] = {
    ("skipgram", "word2vec"): 0.025,
    ("skipgram", "exact"): 0.025,
    ("cbow", "word2vec"): 0.05,
    ("cbow", "exact"): 0.15,
}
_LEAST: Final = {"vector_size": 1, "window": 1, "negative": 1, "epochs": 1}
_MOST_VECTOR_SIZE: Final = 1 << 16
_MOST_WINDOW: Final = 1 << 12


@dataclass(frozen=True, kw_only=True)
class Word2VecSettings(Part):
    """The settings of word2vec, by their names in gensim.

    Args:
        algorithm: ``"skipgram"`` tells each context word apart from chance by the centre,
            ``"cbow"`` the centre by the mean of the contexts.
        objective: ``"negative-sampling"`` tells words apart from noise words,
            ``"hierarchical-softmax"`` learns the way to each word through a Huffman tree.
        vector_size: dimensions of a vector.
        window: most words on each side of the centre.
        shrink_windows: whether the window shrinks anew at each centre to a uniform 1..window, as
            in word2vec, so that near words count more.
        negative: noise words that a pair is weighed against.
        epochs: how often the corpus is gone through.
        sample: words more frequent than this share of the corpus are thinned out; 0 keeps all.
        ns_exponent: noise words are drawn by their count to this power.
        alpha: learning rate at the start; None takes the algorithm's own.
        min_alpha: learning rate at the end; it falls linearly.
        cbow_update: ``"word2vec"`` gives a window's change whole to each context, ``"exact"``
            is the gradient, divided by the number of contexts (arXiv:2012.15332).
        schedule: ``"rounds"`` makes the same bytes at any number of threads, ``"hogwild"`` lets
            them write into the tables without waiting for each other: faster, most of all with
            subwords, and with several threads no two runs are the same (Recht et al. 2011).
        keep_outputs: whether the file also holds what was learned of words as outputs, as large
            again: ``continue_from`` then goes on as if training had not ended. A tree's belong
            to its counts, which new text changes, and cannot be kept.
        seed: the same seed gives the same bytes, at any number of threads.

    Raises:
        InputError: a value that cannot work.

    Example:
        >>> Word2VecSettings(algorithm="cbow").learning_rate
        0.05
    """

    heading: ClassVar[str] = "Learning"

    algorithm: Window = "skipgram"
    objective: Objective = setting(
        "negative-sampling", "What is learned of a word: noise words apart from it, or its path."
    )
    vector_size: int = setting(100, "Numbers in a vector.", "D")
    window: int = setting(5, "Most words on each side.", "N")
    shrink_windows: bool = setting(True, "Shrink each window by chance, as word2vec does.")
    negative: int = setting(5, "Noise words a pair.", "N")
    epochs: int = setting(5, "Passes over the text.", "N")
    sample: float = setting(1e-3, "Thin out words above this share of the text; 0: none.", "SHARE")
    ns_exponent: float = setting(0.75, "Noise words are drawn by their count to the power P.", "P")
    alpha: float | None = setting(
        None, "Learning rate at the start.", "RATE", shown_default="the algorithm's"
    )
    min_alpha: float = setting(1e-4, "Learning rate at the end; it falls linearly.", "RATE")
    cbow_update: CbowUpdate = setting(
        "word2vec", "CBOW: word2vec's own update, or the exact gradient (arXiv:2012.15332)."
    )
    schedule: ScheduleName = setting(
        "rounds", "Threads in rounds, the same bytes each run; or without waiting, faster."
    )
    keep_outputs: bool = setting(False, "Keep what --continue-from goes on from best, too.")
    seed: int = setting(1, "The same seed, the same bytes.", "N")

    def __post_init__(self) -> None:
        """Check each value."""
        check_choice("algorithm", self.algorithm, Window)
        check_choice("objective", self.objective, Objective)
        check_choice("cbow_update", self.cbow_update, CbowUpdate)
        check_choice("schedule", self.schedule, ScheduleName)
        for name, least in _LEAST.items():
            check_whole(name, getattr(self, name), least)
        check_whole("seed", self.seed, 0, 2**63 - 1)
        check_whole("vector_size", self.vector_size, 1, _MOST_VECTOR_SIZE)
        check_whole("window", self.window, 1, _MOST_WINDOW)
        check_switch("shrink_windows", self.shrink_windows)
        check_switch("keep_outputs", self.keep_outputs)
        check_number("sample", self.sample, least=0)
        check_number("ns_exponent", self.ns_exponent)
        check_number("min_alpha", self.min_alpha, least=0)
        if self.alpha is not None:
            check_number("alpha", self.alpha, least=0)
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

    def unused(self) -> Mapping[str, str]:
        """Return what skip-gram, or hierarchical softmax, has no use for."""
        unused = {} if self.algorithm == "cbow" else {"cbow_update": "algorithm='skipgram'"}
        if self.objective == "hierarchical-softmax":
            names = ("negative", "ns_exponent", "keep_outputs")
            unused |= dict.fromkeys(names, "objective='hierarchical-softmax'")
        return unused

    def to_metadata(self) -> dict[str, object]:
        """Return the settings as JSON can hold them, with the learning rate in force."""
        return super().to_metadata() | {"alpha": self.learning_rate}
