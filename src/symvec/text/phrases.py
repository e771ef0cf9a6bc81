"""Phrases: pairs of words that a model takes for one word, such as ``new_york``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from typing import Any, Final, Literal, NamedTuple, get_args

from symvec.errors import InputError

Scoring = Literal["word2phrase", "npmi"]

# word2phrase.c's own; for NPMI there is no usual one, half way to always together is ours.
DEFAULT_THRESHOLDS: Final[Mapping[str, float]] = {"word2phrase": 100.0, "npmi": 0.5}


class Phrase(NamedTuple):
    """A pair of words, either perhaps a phrase itself, that became one word.

    Fields:
        first: the word before.
        second: the word behind.
        score: how much more often than by chance they stood together; see `PhraseRules`.
        together: how often they did, before any pair was joined in that pass.
    """

    first: str
    second: str
    score: float
    together: int


@dataclass(frozen=True, kw_only=True)
class PhraseRules:
    """Which pairs of neighbouring words are phrases.

    Args:
        scoring: ``"word2phrase"``: ``(n(ab) - min_count) / (n(a) n(b)) * words`` (Mikolov et al.
            2013, equation 6, times the words of the corpus as in word2phrase.c); ``"npmi"``:
            ``ln(p(ab) / (p(a) p(b))) / -ln p(ab)``, from -1 to 1 (Bouma 2009).
        threshold: pairs with a higher score are phrases; None is 100 for word2phrase, 0.5 for
            NPMI.
        min_count: pairs that occur fewer times are none.
        delimiter: what stands between the words of a phrase.
        passes: how often pairs are joined: with two, ``new_york`` and ``times`` may be one word.

    Raises:
        InputError: a value that cannot work.

    Example:
        >>> PhraseRules(scoring="npmi").least_score
        0.5
    """

    scoring: Scoring = "word2phrase"
    threshold: float | None = None
    min_count: int = 5
    delimiter: str = "_"
    passes: int = 1

    def __post_init__(self) -> None:
        """Check each value."""
        if self.scoring not in get_args(Scoring):
            names = " or ".join(map(repr, get_args(Scoring)))
            raise InputError(f"the scoring of phrases must be {names}, got {self.scoring!r}")
        threshold = self.least_score
        if isinstance(threshold, bool) or not isinstance(threshold, int | float):
            raise InputError(f"the threshold of phrases must be a number, got {threshold!r}")
        if self.scoring == "npmi" and not -1 <= threshold <= 1:
            raise InputError(f"with NPMI the threshold must be from -1 to 1, got {threshold}")
        if self.scoring == "word2phrase" and not (threshold > 0 and isfinite(threshold)):
            raise InputError(
                f"with word2phrase the threshold must be finite and above 0, got {threshold}"
            )
        for name in ("min_count", "passes"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or value < 1:
                raise InputError(
                    f"the {name} of phrases must be a whole number of 1 or more, got {value!r}"
                )
        if not isinstance(self.delimiter, str) or not self.delimiter or self.delimiter.isspace():
            raise InputError(
                f"the delimiter of phrases must be text, and not white space alone, got "
                f"{self.delimiter!r}"
            )

    @property
    def least_score(self) -> float:
        """The threshold in force."""
        return DEFAULT_THRESHOLDS[self.scoring] if self.threshold is None else self.threshold


@dataclass(frozen=True, eq=False)
class Phrases:
    """The phrases that were learned from a corpus, pass by pass.

    Args:
        rules: how they were chosen.
        passes: the phrases of each pass; those of the second may consist of those of the first.

    Example:
        >>> first = [Phrase("new", "york", 930.5, 40)]
        >>> second = [Phrase("new_york", "times", 312.0, 12)]
        >>> phrases = Phrases(PhraseRules(), [first, second])
        >>> phrases.joined(["the", "new", "york", "times", "of", "york"])
        ['the', 'new_york_times', 'of', 'york']
    """

    rules: PhraseRules
    passes: Sequence[Sequence[Phrase]]

    def __len__(self) -> int:
        """Return the number of phrases of all passes."""
        return sum(map(len, self.passes))

    def __repr__(self) -> str:
        """Return the size, not the phrases."""
        return f"<Phrases: {len(self):,} in {len(self.passes)} passes>"

    def __iter__(self) -> Iterator[Phrase]:
        """Go through the phrases, those of the first pass first, the best of each first."""
        for learned in self.passes:
            yield from sorted(learned, key=lambda phrase: -phrase.score)

    def spelled(self, phrase: Phrase) -> str:
        """Return a phrase as the vocabulary has it."""
        return phrase.first + self.rules.delimiter + phrase.second

    def joined(self, tokens: Iterable[str]) -> list[str]:
        """Return the words of a sentence with its phrases as one word each.

        Pairs are joined from left to right, pass by pass, as they were in the corpus.
        """
        words = list(tokens)
        for pairs in self._pairs:
            words = _joined(words, pairs, self.rules.delimiter)
        return words

    def to_metadata(self) -> dict[str, object]:
        """Return the rules and all phrases, for a file's header."""
        return {
            "scoring": self.rules.scoring,
            "threshold": self.rules.least_score,
            "min_count": self.rules.min_count,
            "delimiter": self.rules.delimiter,
            "passes": [[list(phrase) for phrase in learned] for learned in self.passes],
        }

    @classmethod
    def from_metadata(cls, metadata: Mapping[str, Any]) -> Phrases:
        """Return the phrases that ``to_metadata`` describes.

        Raises:
            InputError: it does not describe phrases.
        """
        try:
            settings = {name: metadata[name] for name in ("scoring", "min_count", "delimiter")}
            rules = PhraseRules(
                threshold=metadata["threshold"],
                passes=max(len(metadata["passes"]), 1),
                **settings,
            )
            passes = [[_checked(*entry) for entry in learned] for learned in metadata["passes"]]
        except (KeyError, TypeError) as error:
            raise InputError(f"these settings do not describe phrases: {error}") from error
        return cls(rules, passes)

    @cached_property
    def _pairs(self) -> list[set[tuple[str, str]]]:
        return [{(phrase.first, phrase.second) for phrase in learned} for learned in self.passes]


def _joined(words: list[str], pairs: set[tuple[str, str]], delimiter: str) -> list[str]:
    joined: list[str] = []
    place = 0
    while place < len(words):
        if tuple(words[place : place + 2]) in pairs:
            joined.append(words[place] + delimiter + words[place + 1])
            place += 2
        else:
            joined.append(words[place])
            place += 1
    return joined


def _checked(first: object, second: object, score: object, count: object) -> Phrase:
    texts = isinstance(first, str) and isinstance(second, str)
    numbers = isinstance(score, int | float) and isinstance(count, int)
    if not (texts and numbers):
        raise InputError(f"a phrase is two words, a score and a count, got {first!r}, {second!r}")
    return Phrase(first, second, float(score), count)  # type: ignore[arg-type]
