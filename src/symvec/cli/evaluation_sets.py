"""The test sets that ``evaluate`` and ``report`` take: options, and what scores a model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

import typer

from symvec.cli.notes import warn

if TYPE_CHECKING:
    from symvec.evaluation import BadLine, ItemScores
    from symvec.vectors import Vectors

PairsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--pairs",
        metavar="FILE",
        help="Lines of two words and how alike people find them. May be given again.",
    ),
]
AnalogiesOption = Annotated[
    list[str] | None,
    typer.Option(
        "--analogies",
        metavar="FILE",
        help="Lines of four words, a : b = c : d, in sections ': name'. May be given again.",
    ),
]
RestrictOption = Annotated[
    int,
    typer.Option(
        "--restrict-vocabulary",
        metavar="N",
        help="Analogies: ask for and choose among the N most frequent words; 0 for all.",
    ),
]
CategoriesOption = Annotated[
    list[str] | None,
    typer.Option("--categories", metavar="FILE", help="Lines of a word and its category."),
]
OddOption = Annotated[
    list[str] | None,
    typer.Option("--odd-words", metavar="FILE", help="Lines of words, the odd one last."),
]
ListsOption = Annotated[
    str | None,
    typer.Option("--weat", metavar="FILE", help="A JSON object of lists of words, for WEAT."),
]
AssociationsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--associations",
        metavar="X,Y,A,B",
        help="Of --weat, the names of two lists of targets and two of attributes.",
    ),
]
LexiconOption = Annotated[
    list[str] | None,
    typer.Option(
        "--lexicon",
        metavar="FILE",
        help="Lines of a word and its translation among the words of --target. A fifth of the "
        "words is held out and translated (precision at 1).",
    ),
]
TargetOption = Annotated[
    str | None,
    typer.Option("--target", metavar="MODEL", help="Vectors of the language of translations."),
]
ContextPairsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--context-pairs",
        metavar="FILE",
        help="A word in two sentences, and whether it means the same: WiC's files, KoBEST's, or "
        "lines of two sentences with the [word] marked, and T or F.",
    ),
]
ScoresFormatOption = Annotated[
    Literal["table", "markdown", "json", "jsonl", "tsv"],
    typer.Option("--format", "-f", help="How the answer is written on standard output."),
]


@dataclass(frozen=True, eq=False)
class OpenModel:
    """A model and the file that it came from, beside which its map of contexts may lie.

    Args:
        vectors: the model.
        path: its file.
    """

    vectors: Vectors
    path: str


ModelTest: TypeAlias = Callable[[OpenModel], "ItemScores"]


@dataclass(frozen=True)
class TestFiles:
    """The test sets that were asked for, beside word pairs and analogies.

    Args:
        categories: files of words and their category.
        odd_words: files of lines whose last word does not belong.
        weat: a file of lists of words.
        associations: the names of four of its lists each.
        lexicons: files of words and translations.
        target: the model that has the translations.
        context_pairs: files of words in two sentences.
    """

    categories: Sequence[str]
    odd_words: Sequence[str]
    weat: str | None
    associations: Sequence[str]
    lexicons: Sequence[str]
    target: str | None
    context_pairs: Sequence[str]

    def tests(self) -> list[ModelTest]:
        """Return what scores a model on each of them.

        Raises:
            typer.BadParameter: one of two options that belong together is missing.
        """
        from symvec import evaluation

        categories, odd_words = evaluation.evaluate_categories, evaluation.evaluate_odd_words
        return [
            *(of_vectors(partial(categories, members=path)) for path in self.categories),
            *(of_vectors(partial(odd_words, questions=path)) for path in self.odd_words),
            *self._associations(),
            *self._lexicons(),
            *(partial(_context_scores, path=path) for path in self.context_pairs),
        ]

    def _associations(self) -> Iterator[ModelTest]:
        _refuse_one_alone((self.weat, self.associations), "--weat and --associations")
        if self.weat is None:
            return
        from symvec.evaluation import evaluate_associations, read_word_lists

        lists = read_word_lists(self.weat)
        for test in self.associations:
            yield of_vectors(partial(evaluate_associations, lists=lists, names=test.split(",")))

    def _lexicons(self) -> Iterator[ModelTest]:
        _refuse_one_alone((self.target, self.lexicons), "--lexicon and --target")
        if self.target is None:
            return
        from symvec.evaluation import translation_items
        from symvec.formats import load

        target = load(self.target)
        for path in self.lexicons:
            yield of_vectors(partial(translation_items, target=target, lexicon=path))


def of_vectors(test_set: Callable[[Vectors], ItemScores]) -> ModelTest:
    """Return a test set that asks the vectors of an open model."""
    return lambda model: test_set(model.vectors)


def warn_of_bad_lines(name: str, bad_lines: Sequence[BadLine]) -> None:
    """Warn that lines of a test set were passed over, if there are any."""
    if bad_lines:
        counted = "1 line was" if len(bad_lines) == 1 else f"{len(bad_lines):,} lines were"
        first = bad_lines[0]
        warn(f"{name}: {counted} passed over; line {first.number}: {first.reason}")


def _context_scores(model: OpenModel, path: str) -> ItemScores:
    from symvec.cli.in_sentence import sentence_reader
    from symvec.evaluation import evaluate_context_pairs, read_context_pairs

    pairs, bad_lines = read_context_pairs(path)
    warn_of_bad_lines(Path(path).name, bad_lines)
    reader = sentence_reader(model.vectors, model.path, None, None)
    cut = [pair.cut(model.vectors) for pair in pairs]
    return evaluate_context_pairs(reader, cut, name=Path(path).name)


def _refuse_one_alone(given: tuple[object, object], names: str) -> None:
    if bool(given[0]) != bool(given[1]):
        raise typer.BadParameter("give both of them", param_hint=names)
