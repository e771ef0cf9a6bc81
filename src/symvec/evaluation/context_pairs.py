"""Files of words in two sentences each, as WiC and KoBEST have them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from symvec.errors import FormatError
from symvec.evaluation.contexts import ContextPair
from symvec.evaluation.lines import BadLine, read_lines
from symvec.files import PathLike
from symvec.vectors import Vectors
from symvec.vectors.texts.word_bag import tokens_of

_ANSWERS: Final = {"t": True, "true": True, "f": False, "false": False}
_EXPECTED: Final = "expected two sentences with a word in [brackets] each, and T or F"


@dataclass(frozen=True, slots=True)
class MarkedSentence:
    """A sentence with the word in question.

    Args:
        before: the text before the word.
        word: as it is written there.
        after: the text after it.
    """

    before: str
    word: str
    after: str

    def words(self, vectors: Vectors) -> tuple[tuple[str, ...], int]:
        """Return the words as a model spells them, and the position of the one in question."""
        before, after = (tokens_of(vectors, text) for text in (self.before, self.after))
        sentence = [*before, self.word, *after]
        return tuple(vectors.resolve(word) for word in sentence), len(before)


@dataclass(frozen=True, slots=True)
class MarkedPair:
    """A word in two sentences, not yet cut into words.

    Args:
        first: a sentence.
        second: another.
        same: whether the word means the same in both.
    """

    first: MarkedSentence
    second: MarkedSentence
    same: bool

    def cut(self, vectors: Vectors) -> ContextPair:
        """Return the pair with its sentences cut into words as a model spells them."""
        return ContextPair(*self.first.words(vectors), *self.second.words(vectors), self.same)


def read_context_pairs(path: PathLike) -> tuple[list[MarkedPair], list[BadLine]]:
    """Read a file of words in two sentences each.

    Three kinds of lines, cut at tabs, are known: WiC's ``word, part of speech, i-j, sentence,
    sentence``, whose answers are the lines of the file beside it that is called ``gold`` in place
    of ``data``; a table with the columns SENTENCE1, SENTENCE2 and ANSWER and the word in brackets,
    as in KoBEST; and ``sentence, sentence, answer`` with the word in brackets. An answer is T or
    F, true or false.

    Raises:
        FileError: a file is not there or cannot be read.
        FormatError: it holds no such line, or the answers are not as many as the lines.
    """
    rows = [(number, line.split("\t")) for number, line in read_lines(path)]
    gold = _gold_beside(path)
    pairs: list[MarkedPair] = []
    bad_lines: list[BadLine] = []
    for number, fields in _with_answers(rows, gold, path) if gold else _columns(rows):
        pair = _pair(fields)
        if pair is None:
            bad_lines.append(BadLine(number, f"{_EXPECTED}, got {' '.join(fields)[:80]!r}"))
        else:
            pairs.append(pair)
    if not pairs:
        raise FormatError(f"{os.fspath(path)} holds no word in two sentences; {_EXPECTED}")
    return pairs, bad_lines


def _gold_beside(path: PathLike) -> Path | None:
    name = Path(path).name
    gold = Path(path).with_name(name.replace("data", "gold"))
    return gold if "data" in name and gold.is_file() else None


def _with_answers(
    rows: Sequence[tuple[int, list[str]]], gold: Path, path: PathLike
) -> Iterator[tuple[int, list[str]]]:
    """Yield sentence, sentence and answer of WiC's lines, the word put into brackets."""
    answers = [line for _, line in read_lines(gold)]
    if len(answers) != len(rows):
        raise FormatError(
            f"{gold} has {len(answers):,} answers for the {len(rows):,} lines of {os.fspath(path)}"
        )
    for (number, fields), answer in zip(rows, answers, strict=True):
        places = fields[2].split("-") if len(fields) == 5 else []
        if len(places) == 2 and all(place.isdecimal() for place in places):
            marked = [
                _marked(text.split(), int(place))
                for text, place in zip(fields[3:], places, strict=True)
            ]
            yield number, [*marked, answer]
        else:
            yield number, fields


def _marked(words: list[str], position: int) -> str:
    return " ".join(f"[{word}]" if i == position else word for i, word in enumerate(words))


def _columns(rows: Sequence[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """Yield sentence, sentence and answer of each line, from columns of these names if given."""
    names = [name.strip().upper() for name in rows[0][1]] if rows else []
    wanted = ("SENTENCE1", "SENTENCE2", "ANSWER")
    if not set(wanted) <= set(names):
        yield from rows
        return
    columns = [names.index(name) for name in wanted]
    for number, fields in rows[1:]:
        complete = len(fields) > max(columns)
        yield number, [fields[column] for column in columns] if complete else fields


def _pair(fields: Sequence[str]) -> MarkedPair | None:
    if len(fields) != 3:
        return None
    sentences = [_sentence(text) for text in fields[:2]]
    same = _ANSWERS.get(fields[2].strip().lower())
    if sentences[0] is None or sentences[1] is None or same is None:
        return None
    return MarkedPair(sentences[0], sentences[1], same)


def _sentence(text: str) -> MarkedSentence | None:
    """Return a sentence cut at its first word in brackets, None where there is none."""
    before, _, rest = text.partition("[")
    word, closed, after = rest.partition("]")
    return MarkedSentence(before, word.strip(), after) if closed and word.strip() else None
