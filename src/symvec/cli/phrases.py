"""``symvec phrases``: the pairs of words that a model takes for one."""

from __future__ import annotations

from symvec.cli.notes import note
from symvec.cli.options import AnswersOption, FormatOption, ModelArgument, VerifyOption
from symvec.cli.output import Output, write
from symvec.cli.tables import Table

EXAMPLES = """Examples:

\b
  symvec phrases city.safetensors
  symvec phrases city.safetensors -k 1000 --format tsv
"""


def phrases(
    model: ModelArgument,
    k: AnswersOption = 20,
    format: FormatOption = "table",  # noqa: A002 - as the option is called
    verify: VerifyOption = False,
) -> None:
    """List the phrases that MODEL learned from its text, those of the highest score first.

    The score is the one that 'symvec train --phrases' chose them by; together is how often the two
    words stood side by side; in a later pass either may be a phrase itself.
    """
    from symvec.formats import load

    tokeniser = load(model, verify=verify).tokeniser
    learned = None if tokeniser is None else tokeniser.phrases
    rows: list[tuple[str, float, int, int]] = []
    if learned is not None:
        for number, of_pass in enumerate(learned.passes, start=1):
            rows += [(learned.spelled(each), each.score, each.together, number) for each in of_pass]
    rows.sort(key=lambda row: -row[1])
    shown = rows[: max(k, 0)]
    columns = ("phrase", "score", "together", "pass")
    records = [dict(zip(columns, row, strict=True)) for row in shown]
    rules = None if learned is None else learned.rules
    document = {
        "scoring": rules and rules.scoring,
        "threshold": rules and rules.least_score,
        "learned": len(rows),
        "phrases": records,
    }
    write(Output(document, records, [Table(list(columns), shown)]), format)
    if not rows:
        note(f"{model} has no phrases; they are learned by: symvec train --phrases 2")
