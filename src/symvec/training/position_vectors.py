"""The vectors of places that position-weighted CBOW learns, as a model keeps them."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from symvec.arrays import Float2
from symvec.errors import FormatError, InputError

KEY: Final = "position_vectors"
_TYPE: Final = np.dtype("<f4")


def to_metadata(places: Float2) -> dict[str, object]:
    """Return the vectors as JSON can hold them, float32 numbers in base64.

    Args:
        places: (2 * window, weighted) float32.
    """
    bytes_ = np.ascontiguousarray(places, _TYPE).tobytes()
    return {"shape": list(places.shape), "float32": b64encode(bytes_).decode("ascii")}


def position_vectors(provenance: Mapping[str, Any]) -> Float2:
    """Return the vectors of places of a model.

    Row ``w + p - (p > 0)`` of ``2 w`` is the place ``p`` words behind the centre, before it where
    p is negative. A context's vector counts in its place times that row, number by number; where
    fewer numbers are weighted than a vector has, the others count as they are.

    Args:
        provenance: of `Vectors`.

    Returns:
        (2 * window, weighted numbers) float32.

    Raises:
        InputError: the model was trained without position weights.
        FormatError: what is there cannot be vectors.

    Example:
        >>> position_vectors({KEY: to_metadata(np.ones((4, 3), np.float32))}).shape
        (4, 3)
    """
    if KEY not in provenance:
        raise InputError("the model has no position vectors: it was trained without them")
    try:
        shape = tuple(int(size) for size in provenance[KEY]["shape"])
        numbers = np.frombuffer(b64decode(provenance[KEY]["float32"], validate=True), _TYPE)
        if len(shape) != 2 or numbers.size != shape[0] * shape[1]:
            raise ValueError(f"{numbers.size} numbers are not {shape}")
    except (KeyError, TypeError, ValueError) as error:
        raise FormatError(f"the position vectors of the model are damaged: {error}") from error
    return numbers.reshape(shape).astype(np.float32)
