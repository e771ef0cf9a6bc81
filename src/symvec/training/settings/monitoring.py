"""How training is watched, and when it may stop early."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from symvec.errors import InputError
from symvec.training.settings.checks import check_number, check_whole
from symvec.training.settings.part import Part, setting


@dataclass(frozen=True, kw_only=True)
class MonitoringSettings(Part):
    """How training is watched, and when it may stop early.

    Args:
        held_out: about this share of the sentences, for GloVe of the pairs of words, is never
            trained on; the mean loss of an example of them is told after each epoch. They count
            in the vocabulary.
        early_stop: training ends when so many epochs in a row have not lowered that loss; the
            vectors are those of the last epoch.
        probe: words whose neighbours are told after each epoch, as in the vocabulary.

    Raises:
        InputError: a value that cannot work.

    Example:
        >>> MonitoringSettings(held_out=0.01, early_stop=2).to_metadata()
        {'held_out': 0.01, 'early_stop': 2}
    """

    heading: ClassVar[str] = "Watching"

    held_out: float = setting(
        0.0,
        "Train on all but this share of the sentences (GloVe: of the pairs), and tell its loss.",
        "SHARE",
    )
    early_stop: int | None = setting(
        None, "Stop when N epochs have not lowered that loss.", "N", shown_default="never"
    )
    probe: tuple[str, ...] = setting(
        (),
        "A word whose neighbours are shown after each epoch; may be given again.",
        "WORD",
        shown_default="none",
        recorded=False,
    )

    def __post_init__(self) -> None:
        """Check each value."""
        check_number("held_out", self.held_out, least=0)
        if self.held_out > 0.5:
            raise InputError(f"held_out must be 0.5 or less, got {self.held_out}")
        if self.early_stop is not None:
            check_whole("early_stop", self.early_stop, 1)
        if isinstance(self.probe, str) or not all(isinstance(word, str) for word in self.probe):
            raise InputError(f"probe must be a list of words, got {self.probe!r}")

    def unused(self) -> Mapping[str, str]:
        """Return what has no meaning where nothing is held out."""
        return {} if self.held_out else {"early_stop": "held_out=0"}
