"""Questions about a word in a sentence: the options, and what reads the sentence."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from symvec.cli.notes import note
from symvec.errors import InputError

if TYPE_CHECKING:
    from symvec.vectors import Vectors
    from symvec.vectors.contexts import Contexts

_PANEL: Final = "In a sentence"

SentencesOption = Annotated[
    list[str] | None,
    typer.Option(
        "--in",
        metavar="TEXT",
        help="Answer for the word as it is meant in this sentence. May be given again.",
        rich_help_panel=_PANEL,
    ),
]
ContextsOption = Annotated[
    str | None,
    typer.Option(
        metavar="FILE",
        help="How sentences are read, as `symvec contexts` wrote it.  [default: the one beside "
        "MODEL; without one, the words around it weighed by MODEL's own counts]",
        rich_help_panel=_PANEL,
    ),
]
EncoderOption = Annotated[
    str | None,
    typer.Option(
        metavar="ELMO",
        help="The ELMo that the map was fitted with.  [default: the one beside the map]",
        rich_help_panel=_PANEL,
    ),
]


def contexts_beside(model: str) -> str:
    """Return the name that the map of a model has as a rule.

    Example:
        >>> contexts_beside("models/city.safetensors")
        'models/city.contexts.safetensors'
    """
    path = Path(model)
    return str(path.with_name(f"{path.stem}.contexts.safetensors"))


def sentence_reader(
    vectors: Vectors, model: str, contexts: str | None, encoder: str | None
) -> Contexts:
    """Return what gives words in sentences their vectors.

    Raises:
        InputError: an encoder without a map, or a map of another model.
        FileError: the map cannot be opened.
    """
    from symvec.vectors.contexts import whitening_context_map

    if contexts is None and Path(contexts_beside(model)).is_file():
        contexts = contexts_beside(model)
    if contexts is not None:
        from symvec.formats.contexts import open_contexts

        return open_contexts(contexts, vectors, encoder=encoder)
    if encoder is not None:
        raise InputError(
            "an encoder needs a map into the space of the model's words; fit one with: "
            f"symvec contexts {model} --corpus TEXT --encoder {encoder}"
        )
    note(f"for neighbours that fit better, once: symvec contexts {model} --corpus TEXT")
    return whitening_context_map(vectors)


def refuse_without_sentence(contexts: str | None, encoder: str | None) -> None:
    """Refuse options that belong to ``--in`` where it is not given.

    Raises:
        InputError: one of them is given.
    """
    if contexts is not None or encoder is not None:
        raise InputError("--contexts and --encoder say how a sentence is read: give it by --in")
