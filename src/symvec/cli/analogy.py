"""``symvec analogy``: a is to b as c is to what?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from symvec.cli.options import AmongOption, AnswersOption, FormatOption, ModelArgument, VerifyOption
from symvec.cli.output import Output, write
from symvec.cli.tables import Table

if TYPE_CHECKING:
    from symvec.vectors import Answer

EXAMPLES = """Examples:

\b
  symvec analogy city.safetensors man king woman
  symvec analogy city.safetensors man king woman -k 3 --method 3cosmul --format json
"""


def analogy(
    model: ModelArgument,
    a: Annotated[str, typer.Argument(metavar="A", help="Is to B ...")],
    b: Annotated[str, typer.Argument(metavar="B", help="... as ...")],
    c: Annotated[str, typer.Argument(metavar="C", help="... is to the answer.")],
    k: AnswersOption = 10,
    method: Annotated[
        Literal["3cosadd", "3cosmul"],
        typer.Option(help="Add and subtract unit vectors, or multiply and divide cosines."),
    ] = "3cosadd",
    restrict_vocabulary: AmongOption = None,
    format: FormatOption = "table",  # noqa: A002 - as the option is called
    verify: VerifyOption = False,
) -> None:
    """Answer: A is to B as C is to what? The three words are never the answer."""
    from symvec.formats import load

    vectors = load(model, verify=verify)
    answer = vectors.analogy(
        positive=[b, c], negative=[a], topn=k, method=method, restrict_to=restrict_vocabulary
    )
    write(_output((a, b, c), method, answer), format)


def _output(question: tuple[str, str, str], method: str, answer: Answer) -> Output:
    records = [
        {"rank": rank, "word": word, "score": score}
        for rank, (word, score) in enumerate(answer, start=1)
    ]
    a, b, c = question
    document = {"question": {"a": a, "b": b, "c": c}, "method": method, "answers": records}
    return Output(document, records, [Table([f"{a} : {b} = {c} : ?", "score"], answer)])
