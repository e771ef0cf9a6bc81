"""The cuttings by the names that settings and files know them by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from symvec.errors import InputError
from symvec.text.graphemes import Graphemes
from symvec.text.jamo import Jamo
from symvec.text.ngrams import Characters, Cutting

CUTTINGS: Final[Mapping[str, Callable[..., Cutting]]] = {
    Characters.kind: Characters,
    Graphemes.kind: Graphemes,
    Jamo.kind: Jamo,
}


def cutting_from_metadata(metadata: Mapping[str, Any]) -> Cutting:
    """Return the cutting whose ``to_metadata`` gave this.

    Raises:
        InputError: there is no such cutting, or a setting is missing, not known or wrong.

    Example:
        >>> cutting_from_metadata({"kind": "chars", "min_n": 3, "max_n": 5})
        Characters(min_n=3, max_n=5)
    """
    settings = dict(metadata)
    kind = settings.pop("kind", None)
    if kind not in CUTTINGS:
        raise InputError(f"n-grams can be cut from {', '.join(CUTTINGS)}, got {kind!r}")
    try:
        return CUTTINGS[kind](**settings)
    except TypeError as error:
        raise InputError(f"the settings of n-grams do not fit: {error}") from error
