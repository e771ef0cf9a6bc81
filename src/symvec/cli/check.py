"""``symvec check``: what is wrong with a file of vectors, and a copy without it."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated

import typer

from symvec.cli.facts import facts_output
from symvec.cli.notes import note
from symvec.cli.options import FormatOption, ModelArgument, VocabularyOption
from symvec.cli.output import Output, write
from symvec.errors import FormatError

if TYPE_CHECKING:
    from symvec.formats.checking import CheckedFile

EXAMPLES = """Examples:

\b
  symvec check vectors.txt
  symvec check vectors.txt --format json
  symvec check vectors.txt --fix clean.safetensors
"""

FixOption = Annotated[
    str | None,
    typer.Option("--fix", metavar="OUT", help="Write all that is right to OUT."),
]


def check(
    model: ModelArgument,
    fix: FixOption = None,
    vocabulary: VocabularyOption = None,
    format: FormatOption = "table",  # noqa: A002 - as the option is called
) -> None:
    """Tell what MODEL holds and what is wrong: lost rows, duplicates, NaN, spelling, hubs.

    The exit code is 0 if nothing is wrong and 3 otherwise, also when a clean copy was written.
    """
    from symvec.formats.checking import check as check_file
    from symvec.formats.checking import cleaned
    from symvec.formats.converting import target_of, write_as

    target = None if fix is None else target_of(fix)
    checked = check_file(model, vocabulary=vocabulary)
    write(check_output(checked), format)
    if fix is not None and target is not None:
        write_as(cleaned(checked), fix, target)
        note(f"what is right was written to {fix}")
    if not checked.is_sound:
        raise typer.Exit(FormatError.exit_code)


def check_output(checked: CheckedFile) -> Output:
    """Return what was found, to be written."""
    vectors = checked.vectors
    head: dict[str, object] = {
        "path": checked.path,
        "is_sound": checked.is_sound,
        "format": checked.format,
        "size_bytes": checked.size_bytes,
        "compression": checked.compression,
        "words": None if vectors is None else len(vectors),
        "vector_size": None if vectors is None else vectors.vector_size,
        "rows_kind": None if vectors is None else vectors.rows.kind,
    }
    tail: dict[str, object] = {
        "fault_counts": dict(checked.fault_counts),
        "norms": asdict(checked.norms) if checked.norms else {},
        "spelling": asdict(checked.spelling) if checked.spelling else {},
        "hubness": asdict(checked.hubness) if checked.hubness else {},
    }
    said = {
        str(number): f"{fault.place}: {fault.text}"
        for number, fault in enumerate(checked.faults, start=1)
    }
    faults = [asdict(fault) for fault in checked.faults]
    return replace(
        facts_output({**head, "faults": said, **tail}), document={**head, "faults": faults, **tail}
    )
