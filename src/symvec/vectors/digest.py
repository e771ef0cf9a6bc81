"""What vectors are, in one number: the same words, rows and numbers give the same."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Final

import numpy as np

from symvec.arrays import AnyArray

if TYPE_CHECKING:
    from symvec.vectors.vectors import Vectors

_ROWS_AT_ONCE: Final = 1 << 14


def digest(vectors: Vectors) -> str:
    """Return the SHA-256 of words, counts, rows and numbers, whatever file they came from.

    Where the numbers come from, and how text is cut, are not part of it.

    Args:
        vectors: of any kind of rows.

    Example:
        >>> from symvec.vectors import Vectors
        >>> from symvec.vocabulary import Vocabulary, WordRows
        >>> words = WordRows(Vocabulary.from_words(["tea", "coffee"]))
        >>> digest(Vectors(words, np.eye(2, dtype=np.float32)))[:8]
        'ca616437'
    """
    rows, words = vectors.rows, vectors.vocabulary
    told = {"rows": rows.kind, "settings": dict(rows.to_metadata()), "size": vectors.vector_size}
    found = hashlib.sha256(json.dumps(told, sort_keys=True).encode())
    arrays: dict[str, AnyArray] = {
        "words": words.blob,
        "offsets": words.offsets,
        "counts": words.counts,
        **rows.to_tensors(),
        "table": vectors.table,
    }
    if vectors.outputs is not None:
        arrays["outputs"] = vectors.outputs
    for name, array in arrays.items():
        found.update(f"{name} {array.shape}".encode())
        for start in range(0, len(array), _ROWS_AT_ONCE):
            part = array[start : start + _ROWS_AT_ONCE]
            found.update(np.ascontiguousarray(part, array.dtype.newbyteorder("<")).data)
    return found.hexdigest()
