"""Which neighbouring words are made one before anything is learned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from symvec.text.phrases import PhraseRules, Scoring
from symvec.training.settings.checks import check_choice, check_whole
from symvec.training.settings.part import Part, setting


@dataclass(frozen=True, kw_only=True)
class PhraseSettings(Part):
    """Phrases: pairs of words that stand together far more often than by chance.

    Args:
        phrases: how often neighbours are joined; with 2, ``new_york_times`` can arise. 0: never.
        phrases_scoring: ``"word2phrase"`` or ``"npmi"``; see ``symvec.text.phrases.PhraseRules``.
        phrases_threshold: pairs with a higher score are joined; None is 100 for word2phrase, 0.5
            for NPMI.
        phrases_min_count: pairs that occur fewer times are not joined; word2phrase also takes so
            many off a pair's count.
        phrases_delimiter: what stands between the words of a phrase.

    Raises:
        InputError: a value that cannot work.

    Example:
        >>> PhraseSettings(phrases=2).rules.least_score
        100.0
        >>> PhraseSettings().rules is None
        True
    """

    heading: ClassVar[str] = "Phrases"

    phrases: int = setting(
        0, "Join neighbours that belong together, such as new_york, N times over.", "N"
    )
    phrases_scoring: Scoring = setting(
        "word2phrase", "By word2phrase's score or by normalised pointwise mutual information."
    )
    phrases_threshold: float | None = setting(
        None, "Join pairs with a higher score.", "SCORE", shown_default="100, npmi: 0.5"
    )
    phrases_min_count: int = setting(5, "Join no pairs that are rarer.", "N")
    phrases_delimiter: str = setting("_", "What stands between the words of a phrase.", "TEXT")

    def __post_init__(self) -> None:
        """Check each value."""
        check_whole("phrases", self.phrases, 0)
        check_choice("phrases_scoring", self.phrases_scoring, Scoring)
        check_whole("phrases_min_count", self.phrases_min_count, 1)
        self._rules(max(self.phrases, 1))

    @property
    def rules(self) -> PhraseRules | None:
        """Which pairs are joined; None where none are."""
        return self._rules(self.phrases) if self.phrases else None

    def unused(self) -> Mapping[str, str]:
        """Return the settings of phrases where there are none."""
        names = ("scoring", "threshold", "min_count", "delimiter")
        return {} if self.phrases else {f"phrases_{name}": "phrases=0" for name in names}

    def to_metadata(self) -> dict[str, object]:
        """Return the settings as JSON can hold them, with the threshold in force."""
        rules = self.rules
        in_force = {} if rules is None else {"phrases_threshold": rules.least_score}
        return super().to_metadata() | in_force

    def _rules(self, passes: int) -> PhraseRules:
        return PhraseRules(
            scoring=self.phrases_scoring,
            threshold=self.phrases_threshold,
            min_count=self.phrases_min_count,
            delimiter=self.phrases_delimiter,
            passes=passes,
        )
