"""``symvec evaluate``: how well the vectors agree with people and with facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from symvec.cli.notes import warn
from symvec.cli.options import FormatOption, ModelArgument, VerifyOption
from symvec.cli.output import write
from symvec.cli.scores import scores_output

if TYPE_CHECKING:
    from symvec.evaluation import BadLine

EXAMPLES = """Examples:

\b
  symvec evaluate city.safetensors --pairs ws353.txt --analogies questions-words.txt
  symvec evaluate city.safetensors --pairs ws353.txt --format json
"""

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
UnseenOption = Annotated[
    bool,
    typer.Option(
        "--unseen",
        help="Analogies: also ask by words that are not in the vocabulary, but have n-grams.",
    ),
]


def evaluate(
    model: ModelArgument,
    pairs: PairsOption = None,
    analogies: AnalogiesOption = None,
    restrict_vocabulary: RestrictOption = 30_000,
    unseen: UnseenOption = False,
    format: FormatOption = "table",  # noqa: A002 - as the option is called
    verify: VerifyOption = False,
) -> None:
    """Score MODEL by word pairs (rank correlation) and by analogies (accuracy).

    Only what has all its words in the vocabulary counts; how much that is, is shown.
    """
    if not pairs and not analogies:
        raise typer.BadParameter("give at least one FILE", param_hint="--pairs or --analogies")
    from symvec.evaluation import evaluate_analogies, evaluate_pairs
    from symvec.formats import load

    vectors = load(model, verify=verify)
    pair_scores = [evaluate_pairs(vectors, path) for path in pairs or ()]
    limit = restrict_vocabulary or None
    analogy_scores = [
        evaluate_analogies(vectors, path, restrict_vocabulary=limit, unseen=unseen)
        for path in analogies or ()
    ]
    for name, bad_lines in (
        *((score.name, score.bad_lines) for score in pair_scores),
        *((score.name, score.bad_lines) for score in analogy_scores),
    ):
        _warn_of_bad_lines(name, bad_lines)
    write(scores_output(pair_scores, analogy_scores), format)


def _warn_of_bad_lines(name: str, bad_lines: tuple[BadLine, ...]) -> None:
    if bad_lines:
        counted = "1 line was" if len(bad_lines) == 1 else f"{len(bad_lines):,} lines were"
        first = bad_lines[0]
        warn(f"{name}: {counted} passed over; line {first.number}: {first.reason}")
