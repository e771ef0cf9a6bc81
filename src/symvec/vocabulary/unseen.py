"""Words that are not in a vocabulary but have n-grams."""

from __future__ import annotations

from symvec.errors import UnknownSymbolError
from symvec.text.ngrams import Cutting, ngrams
from symvec.vocabulary.index import encode
from symvec.vocabulary.vocabulary import Vocabulary


def ngrams_of(cutting: Cutting, word: str | bytes) -> list[bytes]:
    """Return the n-grams of a word; the empty word has none."""
    key = encode(word)
    return ngrams(cutting, key) if key else []


def too_short(vocabulary: Vocabulary, cutting: Cutting, word: str) -> UnknownSymbolError:
    """Return the error for a word that is not there and too short for any n-gram."""
    lengths = f"{cutting.min_n} to {cutting.max_n} {cutting.unit_name}"
    return UnknownSymbolError(
        word, vocabulary.suggestions(word), reason=f" and is too short for n-grams of {lengths}"
    )


def no_known_ngram(vocabulary: Vocabulary, word: str) -> UnknownSymbolError:
    """Return the error for a word that is not there and of which no n-gram is there either."""
    return UnknownSymbolError(
        word, vocabulary.suggestions(word), reason=" and has no n-gram that is"
    )
