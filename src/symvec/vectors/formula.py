"""Formulas over words, such as ``king - man + woman``: read by a small parser, never run."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from symvec.arrays import Double1, Float1, Float2, Ids64
from symvec.errors import InputError
from symvec.vectors.asking import Answer, query_vectors
from symvec.vectors.cosine import unit
from symvec.vectors.neighbours import nearest

if TYPE_CHECKING:
    from symvec.vectors.vectors import Restriction, Vectors

# A quoted word, or anything up to the next white space.
_TOKEN: Final = re.compile(r'"([^"]*)"(?=\s|$)|(\S+)')
_SIGNS: Final = {"+": 1.0, "-": -1.0, "\N{MINUS SIGN}": -1.0}
_TIMES: Final = ("*", "\N{MULTIPLICATION SIGN}")

# The nearest words of (queries, D) vectors: word ids and cosines of each, best first.
Search: TypeAlias = Callable[[Float2, int], tuple[Iterable[Ids64], Iterable[Double1]]]


@dataclass(frozen=True, slots=True)
class Term:
    """A word and what it is multiplied by.

    Args:
        word: as it was written.
        weight: negative where the word is taken away.
    """

    word: str
    weight: float


def parse_formula(text: str) -> tuple[Term, ...]:
    """Return the terms of a formula.

    A formula is words with ``+`` or ``-`` between them, each of which may be multiplied by a
    number: ``king - man + 0.5 * woman``. Signs stand between spaces, so that words may hold
    hyphens. A word that holds spaces, or is a sign itself, is written in double quotes.

    Raises:
        InputError: the text is no formula; the error says where.

    Example:
        >>> [(term.word, term.weight) for term in parse_formula("well-known - bad")]
        [('well-known', 1.0), ('bad', -1.0)]
    """
    tokens = [(found.group(1), found.group(2)) for found in _TOKEN.finditer(text)]
    if not tokens:
        raise InputError("a formula needs at least one word")
    terms: list[Term] = []
    place = 0
    while place < len(tokens):
        sign = _SIGNS.get(tokens[place][1] or "")
        if sign is not None:
            place += 1
        elif terms:
            raise _not_a_formula(text, f"a + or - before {_shown(tokens[place])}")
        weight, place = _weight(tokens, place)
        word = _word(text, tokens, place)
        terms.append(Term(word, (1.0 if sign is None else sign) * weight))
        place += 1
    return tuple(terms)


def is_formula(vectors: Vectors, text: str) -> bool:
    """Return whether a text is to be read as a formula: it holds a sign, and is no word.

    N-grams make a vector of any text, so that only a word of the vocabulary is one here.
    """
    signs = {*_SIGNS, *_TIMES}
    is_word = vectors.resolve(text) in vectors.vocabulary
    return not is_word and any(part in signs for part in text.split())


def formula_vector(vectors: Vectors, formula: str | Sequence[Term]) -> Float1:
    """Return the weighted sum of the unit vectors of a formula's words, (D,) float32.

    A word alone is its own vector.

    Raises:
        InputError: the text is no formula.
        UnknownSymbolError: a word is not there.
    """
    terms = parse_formula(formula) if isinstance(formula, str) else formula
    found = query_vectors(vectors, [term.word for term in terms])[0]
    if len(terms) == 1 and terms[0].weight == 1:
        vector: Float1 = found[0]
        return vector
    directions = unit(found)
    weights = np.array([term.weight for term in terms], dtype=np.float32)
    summed: Float1 = weights @ directions
    return summed


def question_terms(vectors: Vectors, text: str) -> tuple[Term, ...]:
    """Return the terms of a text that is a word or a formula of words.

    Raises:
        InputError: the text is no formula, though it holds a sign.
        UnknownSymbolError: a word is not there.
    """
    if not is_formula(vectors, text):
        terms: tuple[Term, ...] = (Term(text, 1.0),)
    else:
        terms = parse_formula(text)
    query_vectors(vectors, [term.word for term in terms])
    return terms


def words_made_of_ngrams(vectors: Vectors, terms: Sequence[Term]) -> list[str]:
    """Return the words of a question that are not in the vocabulary, but have n-grams that are.

    Args:
        vectors: what is asked.
        terms: of the question, as ``question_terms`` gives them.
    """
    words = dict.fromkeys(term.word for term in terms)
    return [word for word in words if vectors.resolve(word) not in vectors.vocabulary]


def answer_questions(
    vectors: Vectors, questions: Sequence[Sequence[Term]], topn: int, search: Search
) -> list[Answer]:
    """Return the words with the highest cosine to each question, best first.

    Args:
        vectors: what is asked.
        questions: the terms of each; their own words are no answers.
        topn: how many answers to each.
        search: finds the nearest words of vectors.
    """
    if topn < 0:
        raise InputError(f"topn must be 0 or more, got {topn}")
    if not questions:
        return []
    queries = np.stack([formula_vector(vectors, terms) for terms in questions])
    most = max(len(terms) for terms in questions)
    answers = []
    for terms, found, cosines in zip(questions, *search(queries, topn + most), strict=True):
        own = vectors.vocabulary.find([vectors.resolve(term.word) for term in terms])
        kept = np.flatnonzero(~np.isin(found, own))[:topn]
        words = [vectors.vocabulary.word(word_id) for word_id in found[kept].tolist()]
        answers.append(list(zip(words, cosines[kept].tolist(), strict=True)))
    return answers


def similar_to_formulas(
    vectors: Vectors,
    formulas: Sequence[str],
    topn: int = 10,
    *,
    restrict_to: Restriction = None,
) -> list[Answer]:
    """Return the words with the highest cosine to each formula; its own words are left out.

    Args:
        vectors: what is asked.
        formulas: words, or what ``parse_formula`` reads; all are answered in one pass.
        topn: how many answers to each.
        restrict_to: choose among so many of the most frequent words, or among these words.

    Raises:
        InputError: a text is no formula.
        UnknownSymbolError: a word is not there.

    Example:
        >>> from symvec.vectors import Vectors
        >>> from symvec.vocabulary import Vocabulary, WordRows
        >>> words = WordRows(Vocabulary.from_words(["man", "king", "woman", "queen"]))
        >>> table = np.array([[1, 0, 0], [1, 0, 1], [0, 1, 0], [0, 1, 1]], dtype=np.float32)
        >>> similar_to_formulas(Vectors(words, table), ["king - man + woman"], 1)[0][0][0]
        'queen'
    """
    questions = [question_terms(vectors, formula) for formula in formulas]
    search = partial(nearest, vectors.search_space(restrict_to))
    return answer_questions(vectors, questions, topn, search)


def _weight(tokens: Sequence[tuple[str, str]], place: int) -> tuple[float, int]:
    """Return the number before a ``*`` and the place after it, or 1 and the same place."""
    if place + 1 < len(tokens) and tokens[place + 1][1] in _TIMES:
        try:
            number = float(tokens[place][1])
        except (TypeError, ValueError):
            number = math.nan
        if not math.isfinite(number):
            raise InputError(f"expected a number before *, got {_shown(tokens[place])}")
        return number, place + 2
    return 1.0, place


def _word(text: str, tokens: Sequence[tuple[str, str]], place: int) -> str:
    if place == len(tokens):
        raise _not_a_formula(text, "a word at its end")
    quoted, bare = tokens[place]
    if bare and (bare in _SIGNS or bare in _TIMES):
        raise _not_a_formula(text, f"a word before {bare!r}")
    return bare or quoted


def _shown(token: tuple[str, str]) -> str:
    return repr(token[1] or token[0])


def _not_a_formula(text: str, expected: str) -> InputError:
    return InputError(
        f'the formula {text!r} needs {expected}; write it as "king - man + woman", '
        "and a word with spaces in double quotes"
    )
