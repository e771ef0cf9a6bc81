"""``symvec evaluate``: how well the vectors agree with people and with facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from symvec.cli.comparison_tables import comparison_output, write_scores
from symvec.cli.evaluation_sets import (
    AnalogiesOption,
    AssociationsOption,
    CategoriesOption,
    ContextPairsOption,
    LexiconOption,
    ListsOption,
    ModelTest,
    OddOption,
    OpenModel,
    PairsOption,
    RestrictOption,
    ScoresFormatOption,
    TargetOption,
    TestFiles,
    warn_of_bad_lines,
)
from symvec.cli.options import ModelArgument, VerifyOption
from symvec.cli.output import Output
from symvec.cli.scores import scores_output

if TYPE_CHECKING:
    from symvec.vectors import Vectors

EXAMPLES = """Examples:

\b
  symvec evaluate city.safetensors --pairs ws353.txt --analogies questions-words.txt
  symvec evaluate city.safetensors --pairs ws353.txt --format json
  symvec evaluate city.safetensors --lexicon dictionary.txt --target city.safetensors
"""

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
    categories: CategoriesOption = None,
    odd_words: OddOption = None,
    weat: ListsOption = None,
    associations: AssociationsOption = None,
    lexicon: LexiconOption = None,
    target: TargetOption = None,
    context_pairs: ContextPairsOption = None,
    restrict_vocabulary: RestrictOption = 30_000,
    unseen: UnseenOption = False,
    format: ScoresFormatOption = "table",  # noqa: A002 - as the option is called
    verify: VerifyOption = False,
) -> None:
    """Score MODEL on test sets, such as word pairs (rank correlation) and analogies (accuracy).

    Only what has all its words in the vocabulary counts; how much that is, is shown, and where
    the score lies in 95 % of bootstrap samples. 'symvec report' compares models.
    """
    tests = TestFiles(
        categories or (),
        odd_words or (),
        weat,
        associations or (),
        lexicon or (),
        target,
        context_pairs or (),
    ).tests()
    if not pairs and not analogies and not tests:
        raise typer.BadParameter("give at least one FILE", param_hint="--pairs or --analogies ...")
    from symvec.formats import load

    vectors = load(model, verify=verify)
    limit = restrict_vocabulary or None
    words = _word_scores(vectors, pairs or [], analogies or [], limit, unseen)
    others = _other_scores(OpenModel(vectors, model), tests)
    write_scores(_joined(words, others), format)


def _word_scores(
    vectors: Vectors, pairs: list[str], analogies: list[str], limit: int | None, unseen: bool
) -> Output:
    from symvec.evaluation import evaluate_analogies, evaluate_pairs, pair_items, score_interval

    pair_scores = [evaluate_pairs(vectors, path) for path in pairs]
    intervals = [score_interval([pair_items(vectors, path)]) for path in pairs]
    analogy_scores = [
        evaluate_analogies(vectors, path, restrict_vocabulary=limit, unseen=unseen)
        for path in analogies
    ]
    for name, bad_lines in (
        *((score.name, score.bad_lines) for score in pair_scores),
        *((score.name, score.bad_lines) for score in analogy_scores),
    ):
        warn_of_bad_lines(name, bad_lines)
    return scores_output(list(zip(pair_scores, intervals, strict=True)), analogy_scores)


def _other_scores(model: OpenModel, tests: list[ModelTest]) -> Output:
    from symvec.evaluation import compare_on

    return comparison_output(compare_on({model.path: [model]}, tests) if tests else [])


def _joined(words: Output, others: Output) -> Output:
    """Return both together; flat records keep what both have."""
    records = [*words.records]
    for record in others.records:
        (found,) = record["found"] if isinstance(record["found"], list) else (record["found"],)
        kept = {name: record[name] for name in ("measure", "value", "low", "high")}
        name = {"test_set": record["test_set"], "section": "all"}
        records.append({**name, **kept, "found": found, "total": record["total"]})
    document = {**words.document, "others": others.document["scores"]}
    return Output(document, records, [*words.tables, *others.tables])
