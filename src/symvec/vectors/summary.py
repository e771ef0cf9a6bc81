"""What vectors consist of, in numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from symvec.vectors.cosine import SHORTEST

if TYPE_CHECKING:
    from symvec.vectors.vectors import Vectors


@dataclass(frozen=True, slots=True)
class VectorsSummary:
    """Sizes and settings of vectors.

    Args:
        words: words in the vocabulary.
        vector_size: dimensions.
        rows: rows of the table.
        rows_kind: how a word becomes rows: ``"words"`` is one row a word.
        dtype: of the table.
        table_bytes: size of the table.
        corpus_words: the sum of the words' counts, 0 if they are not known.
        not_finite_words: words whose vectors hold NaN or infinity; they are never answers.
        zero_words: words whose vectors are zero; their similarity to all others is 0.
        tokeniser: settings of the tokeniser, empty if none is known; of phrases the best.
        provenance: where the numbers come from.
    """

    words: int
    vector_size: int
    rows: int
    rows_kind: str
    dtype: str
    table_bytes: int
    corpus_words: int
    not_finite_words: int
    zero_words: int
    tokeniser: Mapping[str, object]
    provenance: Mapping[str, object]


def summarise(vectors: Vectors) -> VectorsSummary:
    """Return the summary of vectors; it reads their norms and counts, not the table."""
    finite = np.isfinite(vectors.norms)
    return VectorsSummary(
        words=len(vectors),
        vector_size=vectors.vector_size,
        rows=len(vectors.table),
        rows_kind=vectors.rows.kind,
        dtype=str(vectors.table.dtype),
        table_bytes=vectors.table.nbytes,
        corpus_words=int(vectors.vocabulary.counts.sum()),
        not_finite_words=int((~finite).sum()),
        zero_words=int((finite & (vectors.norms < SHORTEST)).sum()),
        tokeniser={} if vectors.tokeniser is None else dict(vectors.tokeniser.summary()),
        provenance=dict(vectors.provenance),
    )
