"""How ELMo learns: its size, what it predicts, and for how long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final, Literal

from symvec.errors import InputError
from symvec.training.settings.checks import (
    check_choice,
    check_number,
    check_positive,
    check_whole,
)
from symvec.training.settings.part import Part, setting

SizeName = Literal["tiny", "small", "medium", "original"]
CharacterName = Literal["bytes", "code-points", "jamo"]
DeviceName = Literal["auto", "cpu", "cuda"]
PrecisionName = Literal["auto", "float32", "bfloat16"]

# Judgements: large networks leave the good at rates that suit small ones. Tiny's was tried, the
# others were not.
DEFAULT_ALPHAS: Final[Mapping[SizeName, float]] = {
    "tiny": 3e-3,
    "small": 2e-3,
    "medium": 1e-3,
    "original": 5e-4,
}
_LEAST_BATCH: Final = 16
_MOST_WORDS: Final = 1 << 24


@dataclass(frozen=True, kw_only=True)
class ElmoSettings(Part):
    """The settings of ELMo.

    Args:
        size: ``"original"`` is that of Peters et al. 2018, ``"medium"`` and ``"small"`` are the
            others that they published, ``"tiny"`` learns on two cores in ten minutes.
        characters: how a word is read: its bytes, as in the published models, its code points,
            or jamo, which are the letters of Hangul.
        predicted_words: so many of the most frequent words are predicted, each by itself; rarer
            ones are read like all others, and predicted as one. Perplexity is over all of them.
        epochs: how often the corpus is gone through at most.
        minutes: training ends after so many, and the learning rate falls by the clock; None for
            no such end. Where a run is in so many minutes depends on the machine, so the same
            seed does not give the same bytes.
        alpha: the learning rate of Adam, which rises at first and then falls to nothing; None
            takes the size's: 0.003, 0.002, 0.001, 0.0005.
        batch_words: places of a batch, marks of sentences and padding included; None takes 2,048,
            on a graphics card 16,384.
        sentence_words: longer sentences are cut evenly, and read a piece at a time.
        dropout: share of the numbers that are dropped between layers.
        device: what it is trained on; ``"auto"`` takes a graphics card where there is one.
        precision: in which numbers it multiplies; ``"auto"`` takes bfloat16 where the device has
            instructions for it, which is up to twice as fast. Weights and sums are float32.
        seed: the same seed gives the same bytes on the same machine, at as many threads.

    Raises:
        InputError: a value that cannot work.

    Example:
        >>> ElmoSettings(size="small").to_metadata()["predicted_words"]
        50000
    """

    heading: ClassVar[str] = "ELMo"

    size: SizeName = setting("tiny", "How large: of tiny's cells 256 numbers, of original's 4096.")
    characters: CharacterName = setting(
        "bytes", "How a word is read; jamo are the letters of Hangul."
    )
    predicted_words: int = setting(
        50_000, "Predict the N most frequent words; rarer ones are read, and predicted as one.", "N"
    )
    epochs: int = setting(10, "Passes over the text.", "N")
    minutes: float | None = setting(
        None, "Stop after N minutes; the learning rate falls by the clock.", "N",
        shown_default="after all epochs",
    )  # fmt: skip
    alpha: float | None = setting(
        None, "Learning rate at the start.", "RATE", shown_default="the algorithm's"
    )
    batch_words: int | None = setting(
        None, "Words of a batch, padding included.", "N", shown_default="2048, on a card 16384"
    )
    sentence_words: int = setting(32, "Cut longer sentences into pieces.", "N")
    dropout: float = setting(0.0, "Share of the numbers dropped between layers.", "SHARE")
    device: DeviceName = setting(
        "auto", "A graphics card (cuda), the processor (cpu), or the best there is.",
        recorded=False,
    )  # fmt: skip
    precision: PrecisionName = setting(
        "auto", "Multiply in float32, in bfloat16, or in what is faster here.", recorded=False
    )
    seed: int = setting(1, "The same seed, the same bytes.", "N")

    def __post_init__(self) -> None:
        """Check each value."""
        for name, known in (
            ("size", SizeName), ("characters", CharacterName), ("device", DeviceName),
            ("precision", PrecisionName),
        ):  # fmt: skip
            check_choice(name, getattr(self, name), known)
        check_whole("predicted_words", self.predicted_words, 1, _MOST_WORDS)
        check_whole("epochs", self.epochs, 1)
        check_whole("sentence_words", self.sentence_words, 1, _MOST_WORDS)
        check_whole("seed", self.seed, 0, 2**63 - 1)
        if self.batch_words is not None:
            check_whole("batch_words", self.batch_words, _LEAST_BATCH, _MOST_WORDS)
        if self.minutes is not None:
            check_positive("minutes", self.minutes)
        check_positive("alpha", self.learning_rate)
        check_number("dropout", self.dropout, least=0)
        if self.dropout >= 1:
            raise InputError(f"dropout must be below 1, got {self.dropout}")

    @property
    def learning_rate(self) -> float:
        """The learning rate at its highest."""
        return DEFAULT_ALPHAS[self.size] if self.alpha is None else float(self.alpha)

    def to_metadata(self) -> dict[str, object]:
        """Return the settings as JSON can hold them, with the learning rate in force."""
        return super().to_metadata() | {"alpha": self.learning_rate}


@dataclass(frozen=True, kw_only=True)
class ElmoMonitoring(Part):
    """How the training of ELMo is watched, and when it may stop early.

    Args:
        held_out: about this share of the sentences is never trained on, but at least ten of them;
            perplexity is told of them, over the whole vocabulary. 0 holds out none.
        held_out_words: of these sentences, so many words are looked at each time.
        look_every: words that are trained on between two looks.
        early_stop: training ends when so many looks in a row have not lowered the loss of what is
            held out; None never. What is saved is as it was at the best look.

    Raises:
        InputError: a value that cannot work.

    Example:
        >>> ElmoMonitoring(early_stop=0)
        Traceback (most recent call last):
        symvec.errors.InputError: early_stop must be 1 or more, got 0
    """

    heading: ClassVar[str] = "Watching"

    held_out: float = setting(
        0.01, "Train on all but this share of the sentences, and tell its loss.", "SHARE"
    )
    held_out_words: int = setting(20_000, "ELMo: look at N words of it each time.", "N")
    look_every: int = setting(1_000_000, "ELMo: words trained between two looks at it.", "N")
    early_stop: int | None = setting(
        3, "Stop when N epochs (ELMo: looks) have not lowered that loss.", "N"
    )

    def __post_init__(self) -> None:
        """Check each value."""
        check_number("held_out", self.held_out, least=0)
        if self.held_out > 0.5:
            raise InputError(f"held_out must be 0.5 or less, got {self.held_out}")
        check_whole("held_out_words", self.held_out_words, 1)
        check_whole("look_every", self.look_every, 1)
        if self.early_stop is not None:
            check_whole("early_stop", self.early_stop, 1)

    def unused(self) -> Mapping[str, str]:
        """Return what has no meaning where nothing is held out."""
        if self.held_out:
            return {}
        return dict.fromkeys(("held_out_words", "early_stop"), "held_out=0")
