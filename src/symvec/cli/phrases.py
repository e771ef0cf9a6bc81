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
    records = [
        {
            "phrase": learned.spelled(phrase),
            "score": phrase.score,
            "together": phrase.together,
            "pass": number,
        }
        for number, of_pass in enumerate(learned.passes if learned else (), start=1)
        for phrase in of_pass
        if learned is not None
    ]
    records.sort(key=lambda record: -float(str(record["score"])))
    shown = records[: max(k, 0)]
    rules = None if learned is None else learned.rules
    document = {
        "scoring": rules and rules.scoring,
        "threshold": rules and rules.least_score,
        "learned": len(records),
        "phrases": shown,
    }
    rows = [list(record.values()) for record in shown]
    write(Output(document, shown, [Table(["phrase", "score", "together", "pass"], rows)]), format)
    if not records:
        note(f"{model} has no phrases; they are learned by: symvec train --phrases 2")
