"""``symvec info``: what a file of vectors, or of an ELMo, holds."""

from __future__ import annotations

from dataclasses import asdict

from symvec.cli.facts import facts_output
from symvec.cli.options import FormatOption, ModelArgument, VerifyOption
from symvec.cli.output import write

EXAMPLES = """Examples:

\b
  symvec info city.safetensors
  symvec info city.safetensors --verify --format json
"""


def info(
    model: ModelArgument,
    format: FormatOption = "table",  # noqa: A002 - as the option is called
    verify: VerifyOption = False,
) -> None:
    """Tell what MODEL holds: sizes, the text it learned from, settings, checksums."""
    from symvec.formats.anything import summarise

    document = asdict(summarise(model, verify=verify))
    # What the vectors or the ELMo are stands beside what the file is, checksums last.
    document |= document.pop("vectors" if "vectors" in document else "encoder")
    document["sha256"] = document.pop("sha256")
    write(facts_output(document), format)
