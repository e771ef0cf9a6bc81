"""What there is to tell of a model that was learned, by its kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from symvec.cli.encoder_account import EncoderAccount

if TYPE_CHECKING:
    from symvec.training.task import Model
    from symvec.vectors import Vectors


class Account(Protocol):
    """What there is to tell of a model."""

    def facts(self) -> Mapping[str, object]:
        """Return its sizes, for JSON."""

    def lines(self, reading: Mapping[str, Any]) -> Sequence[str]:
        """Return what was learned, for people; ``reading`` is what was read and dropped."""

    def next_commands(self, path: str) -> Sequence[str]:
        """Return commands to try on it, where it lies at ``path``, quoted for a shell."""


@dataclass(frozen=True)
class VectorsAccount:
    """What there is to tell of vectors.

    Args:
        vectors: them.
    """

    vectors: Vectors

    def facts(self) -> Mapping[str, object]:
        """Return the sizes."""
        return {"words": len(self.vectors), "vector_size": self.vectors.vector_size}

    def lines(self, reading: Mapping[str, Any]) -> Sequence[str]:
        """Return what the vocabulary came to."""
        dropped = reading["raw_words"] - reading["kept_words"]
        share = f"{100 * dropped / reading['raw_words']:.1f} % of the text"
        start: Any = self.vectors.provenance.get("started_from")
        words = f"{len(self.vectors):,} words"
        if start is None:
            rare = reading["distinct_words"] - len(self.vectors)
            return [f"vocabulary  {words}; {rare:,} rare ones were dropped, {share}"]
        inherited: Any = self.vectors.provenance["inherited"]
        lines = [f"start       {_inherited(inherited)}" + ", frozen" * start["freeze"]]
        if start["how"] == "continue":
            new = inherited["other_words"]
            return [*lines, f"vocabulary  {words}, {new:,} of them new; rare ones were {share}"]
        return [*lines, f"vocabulary  {words}; rare ones were {share}"]

    def next_commands(self, path: str) -> Sequence[str]:
        """Return a question, and the way to what the file holds."""
        asked = [f"symvec similar {path} {word}" for word in self._telling_words()[:1]]
        return [*asked, f"symvec info {path}"]

    def _telling_words(self) -> list[str]:
        """Return words to ask for: frequent ones, but not the most frequent, which tell little."""
        words = self.vectors.vocabulary
        start = min(200, len(words) // 3)
        candidates = (words.word(word_id) for word_id in range(start, min(start + 200, len(words))))
        return [word for word in candidates if word.isalnum() and len(word.encode()) > 4]


def _inherited(told: Mapping[str, int]) -> str:
    """Return what was found in the model that training started from."""
    found = [f"{told['words']:,} words begin as in the model"]
    if made := told.get("words_made_of_ngrams"):
        found.append(f"{made:,} as what it makes of their n-grams")
    if rows := told.get("ngram_rows"):
        found.append(f"{rows:,} rows of n-grams too")
    return "; ".join([*found, f"{told['other_words']:,} words anew"])


def account_of(model: Model) -> Account:
    """Return what there is to tell of a model."""
    from symvec.contextual import ContextualEncoder

    return EncoderAccount(model) if isinstance(model, ContextualEncoder) else VectorsAccount(model)
