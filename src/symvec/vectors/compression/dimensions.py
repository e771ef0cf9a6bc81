"""Vectors of fewer dimensions, which keep the cosines as well as so few can."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from symvec.errors import InputError
from symvec.vectors.cosine import unit

if TYPE_CHECKING:
    from symvec.vectors.vectors import Vectors

_WORDS = 50_000


def fewer_dimensions(vectors: Vectors, dimensions: int) -> Vectors:
    """Return vectors projected on the directions in which frequent words' directions lie most.

    The directions are the first right singular vectors of the unit vectors (Eckart and Young
    1936), so that products, and with them cosines, change as little as they can.

    Args:
        vectors: of any kind of rows.
        dimensions: from 1 to as many as there are.

    Raises:
        InputError: another number, or a table that is not finite.
    """
    if not 1 <= dimensions <= vectors.vector_size:
        raise InputError(f"dimensions must be from 1 to {vectors.vector_size}, got {dimensions}")
    rows = unit(vectors.word_matrix[:_WORDS]).astype(np.float64)
    if not np.isfinite(vectors.table).all():
        raise InputError("the table holds NaN or infinity; clean it first: symvec check --fix")
    _, directions = np.linalg.eigh(rows.T @ rows)
    kept = directions[:, ::-1][:, :dimensions].astype(np.float32)
    return replace(
        vectors,
        table=np.ascontiguousarray(vectors.table @ kept),
        stored_norms=None,
        stored_word_matrix=None,
        outputs=None,
        provenance={**vectors.provenance, "dimensions_before": vectors.vector_size},
    )
