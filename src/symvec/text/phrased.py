"""A tokeniser whose words are joined to the phrases that were learned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from symvec.errors import InputError
from symvec.text.phrases import Phrases
from symvec.text.tokenising import TextTokeniser

GIVEN_TOKENS: Final = "tokens"
"""The name in a file of what is no tokeniser: the corpus came as lists of tokens."""
_BEST_SHOWN: Final = 10


@dataclass(frozen=True, eq=False)
class PhrasedTokeniser(TextTokeniser):
    """Cuts text as another tokeniser does, and makes phrases one word.

    Args:
        words: the other one; None where the corpus came as lists of tokens.
        learned: the phrases.

    Example:
        >>> from symvec.text.phrases import Phrase, PhraseRules
        >>> from symvec.text.tokenisers import Tokeniser
        >>> phrases = Phrases(PhraseRules(), [[Phrase("new", "york", 930.5, 40)]])
        >>> tokeniser = PhrasedTokeniser(Tokeniser(), phrases)
        >>> tokeniser.tokens("New York is new.")
        ['new_york', 'is', 'new']
        >>> list(tokeniser.spellings("New York"))
        ['new york', 'new_york']
    """

    words: TextTokeniser | None
    learned: Phrases

    @property
    def phrases(self) -> Phrases:
        """The phrases."""
        return self.learned

    def tokens(self, text: str) -> list[str]:
        """Return the words of a text, phrases as one word each.

        Raises:
            InputError: the corpus came as lists of tokens, so how text is cut is not known.
        """
        if self.words is None:
            raise InputError(
                "these vectors were learned from lists of tokens, so how text becomes tokens is "
                "not known; cut it yourself, and join the tokens with phrases.joined(tokens)"
            )
        return self.learned.joined(self.words.tokens(text))

    def spellings(self, text: str) -> Iterator[str]:
        """Return the ways in which the vocabulary may have it; last, as one phrase."""
        if self.words is None:
            yield text
            parts = text.split()
        else:
            yield from self.words.spellings(text)
            parts = self.words.tokens(text)
        if len(parts) > 1:
            yield self.learned.rules.delimiter.join(parts)

    def to_metadata(self) -> Mapping[str, object]:
        """Return the settings and all phrases."""
        return {**self._words_metadata(), "phrases": self.learned.to_metadata()}

    def summary(self) -> Mapping[str, object]:
        """Return the settings, how many phrases there are, and the best of them."""
        phrases = dict(self.learned.to_metadata())
        del phrases["passes"]
        best = sorted(self.learned, key=lambda phrase: -phrase.score)[:_BEST_SHOWN]
        phrases["learned_by_pass"] = [len(learned) for learned in self.learned.passes]
        phrases["best"] = [self.learned.spelled(phrase) for phrase in best]
        return {**self._words_metadata(), "phrases": phrases}

    def _words_metadata(self) -> Mapping[str, object]:
        return {"name": GIVEN_TOKENS} if self.words is None else self.words.to_metadata()
