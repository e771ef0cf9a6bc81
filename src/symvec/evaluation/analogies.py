"""Scoring vectors by analogies: man is to king as woman is to what?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import numpy as np

from symvec.arrays import AnyArray
from symvec.errors import InputError
from symvec.evaluation.answers import answer_all
from symvec.evaluation.folding import folded_words, with_unseen_words
from symvec.evaluation.items import ItemScores, share
from symvec.evaluation.lines import BadLine
from symvec.evaluation.questions import Questions, read_questions
from symvec.files import PathLike
from symvec.vectors import Method, Vectors

METHODS: tuple[Method, ...] = get_args(Method)
# As sections are named in Google's test set and in the Korean one of Park et al. 2018.
_SYNTACTIC = ("gram", "syn")


@dataclass(frozen=True, slots=True)
class SectionScore:
    """Correct answers to some questions.

    Args:
        name: of the section, or of several together.
        correct: correct answers, by method.
        asked: questions of which all four words are there; only these count.
        total: all questions.
    """

    name: str
    correct: dict[Method, int]
    asked: int
    total: int

    def accuracy(self, method: Method) -> float | None:
        """Return the part of the questions asked that was answered correctly, from 0 to 1."""
        return self.correct[method] / self.asked if self.asked else None

    @property
    def syntactic(self) -> bool:
        """Whether the section is about grammar, which its name tells, and not about meaning."""
        return self.name.lower().startswith(_SYNTACTIC)


@dataclass(frozen=True, slots=True)
class AnalogiesScore:
    """Correct answers to a test set.

    Args:
        name: of the test set.
        methods: how the questions were answered.
        restrict_vocabulary: how many of the most frequent words were looked at, None for all.
        sections: the scores of its sections.
        bad_lines: lines that hold no question.
    """

    name: str
    methods: tuple[Method, ...]
    restrict_vocabulary: int | None
    sections: tuple[SectionScore, ...]
    bad_lines: tuple[BadLine, ...]

    @property
    def semantic(self) -> SectionScore:
        """All sections about meaning together."""
        return self._sum("semantic", [part for part in self.sections if not part.syntactic])

    @property
    def syntactic(self) -> SectionScore:
        """All sections about grammar together."""
        return self._sum("syntactic", [part for part in self.sections if part.syntactic])

    @property
    def all(self) -> SectionScore:
        """All sections together."""
        return self._sum("all", self.sections)

    def _sum(self, name: str, sections: Iterable[SectionScore]) -> SectionScore:
        parts = list(sections)
        correct = {method: sum(part.correct[method] for part in parts) for method in self.methods}
        asked, total = sum(part.asked for part in parts), sum(part.total for part in parts)
        return SectionScore(name, correct, asked, total)


def evaluate_analogies(
    vectors: Vectors,
    questions: PathLike | Questions,
    *,
    restrict_vocabulary: int | None = 30_000,
    methods: Sequence[Method] = METHODS,
    unseen: bool = False,
) -> AnalogiesScore:
    """Answer analogy questions and count what is correct.

    The answer to "a is to b as c is to what?" is the word with the highest score that is none of
    the three, in any case. ``"3cosadd"`` scores cos(b) - cos(a) + cos(c) (Mikolov et al. 2013),
    ``"3cosmul"`` cos(b) cos(c) / (cos(a) + 0.001) with cosines shifted to 0 to 1 (Levy and
    Goldberg 2014). Questions with a word that is not there are counted, but not asked.

    Args:
        vectors: what is scored.
        questions: a file (see ``read_questions``), or what was read from one.
        restrict_vocabulary: ask for and choose among so many of the most frequent words; None
            for all of them.
        methods: which ways to answer; both take little longer than one.
        unseen: whether questions are asked whose first three words are not in the vocabulary but
            have vectors by their n-grams; what is looked for must be in it all the same.

    Raises:
        FileError: the file is not there or cannot be read.
        FormatError: it holds no question.
        InputError: an unknown method, or none.
    """
    _check(methods, restrict_vocabulary)
    name, asked = _named_questions(questions)
    complete, correct = _answered(vectors, asked, restrict_vocabulary, methods, unseen)
    return AnalogiesScore(
        name=name,
        methods=tuple(methods),
        restrict_vocabulary=restrict_vocabulary,
        sections=_section_scores(asked, complete, correct, methods),
        bad_lines=asked.bad_lines,
    )


def analogy_items(
    vectors: Vectors,
    questions: PathLike | Questions,
    *,
    restrict_vocabulary: int | None = 30_000,
    method: Method = "3cosadd",
) -> ItemScores:
    """Return for each question whether the answer is correct; see ``evaluate_analogies``."""
    _check([method], restrict_vocabulary)
    name, asked = _named_questions(questions)
    complete, correct = _answered(vectors, asked, restrict_vocabulary, [method])
    items = np.where(complete, correct[0], np.nan)[:, None]
    return ItemScores(name, f"accuracy, {method}", share, items, {"bad_lines": asked.bad_lines})


def _check(methods: Sequence[Method], restrict_vocabulary: int | None) -> None:
    if not methods or not set(methods) <= set(METHODS):
        raise InputError(f"methods must be some of {METHODS}, got {tuple(methods)!r}")
    if restrict_vocabulary is not None and restrict_vocabulary < 0:
        raise InputError(f"restrict_vocabulary must be 0 or more, got {restrict_vocabulary}")


def _answered(
    vectors: Vectors,
    asked: Questions,
    restrict_vocabulary: int | None,
    methods: Sequence[Method],
    unseen: bool = False,
) -> tuple[AnyArray, AnyArray]:
    """Return which questions have all their words, and (methods, questions) what is correct."""
    flat = [words for _, section in asked.sections for words in section]
    wanted = {word for words in flat for word in words}
    known = folded_words(vectors, wanted, restrict_vocabulary)
    known = with_unseen_words(known, vectors, wanted) if unseen else known
    distinct = sorted(wanted)
    group_of = dict(zip(distinct, known.find(distinct), strict=True))
    numbers = [group_of[word] for words in flat for word in words]
    groups = np.array(numbers, dtype=np.int64).reshape(-1, 4)
    # What is looked for is chosen from words that are there.
    complete = np.all(groups >= 0, axis=1) & (groups[:, 3] < len(known.word_ids))
    space = vectors.search_space(restrict_vocabulary)
    found = answer_all(space, known, groups[complete][:, :3], methods)
    correct: AnyArray = np.zeros((len(methods), len(flat)), dtype=np.bool_)
    right = known.group_of_word[found] == groups[complete, 3]
    correct[:, complete] = right & (found >= 0)
    return complete, correct


def _named_questions(questions: PathLike | Questions) -> tuple[str, Questions]:
    if isinstance(questions, Questions):
        return "questions", questions
    return Path(questions).name, read_questions(questions)


def _section_scores(
    questions: Questions, complete: AnyArray, correct: AnyArray, methods: Sequence[Method]
) -> tuple[SectionScore, ...]:
    scores, begin = [], 0
    for name, section in questions.sections:
        part = slice(begin, begin + len(section))
        counted = {method: int(correct[i, part].sum()) for i, method in enumerate(methods)}
        scores.append(SectionScore(name, counted, int(complete[part].sum()), len(section)))
        begin = part.stop
    return tuple(scores)
