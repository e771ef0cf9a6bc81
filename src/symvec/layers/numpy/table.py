"""A table with its rules: padding, frozen rows, norms, and what ids without a row mean."""

from __future__ import annotations

from typing import Protocol, TypedDict

import numpy as np

from symvec.arrays import AnyArray, Ids64
from symvec.errors import InputError
from symvec.ids import Missing, check_missing
from symvec.layers.gradients import RowGradient
from symvec.layers.tables import read_table


class RowReader(Protocol):
    """An optimiser that may be behind with idle rows and reads them as they ought to be."""

    def read(self, row_ids: Ids64) -> AnyArray:
        """Return rows as they are after the last step."""
        ...

    def flush(self, row_ids: Ids64 | None = None) -> None:
        """Bring rows up to date in place."""
        ...


class TableRules(TypedDict, total=False):
    """The options of :class:`LayerTable`, for layers that pass them on."""

    padding_row: int | None
    max_norm: float | None
    norm_type: float
    frozen: bool | AnyArray
    missing: Missing
    unknown_row: int | None
    threads: int | None


class LayerTable:
    """The rows of a layer; the parent of the NumPy layers.

    Args:
        table: (rows, D) float16, float32 or float64; used and updated in place.
        padding_row: a row that never gets a gradient; a negative one counts from the end, as in
            torch.
        max_norm: rows that are read and longer than this are scaled to it, in place.
        norm_type: p of the p-norm of ``max_norm``.
        frozen: ``True`` for a table that never gets a gradient, or the row ids that do not.
        missing: what an id without a row means: an error (``"raise"``), a vector of zeros
            (``"zero"``) or the row ``unknown_row`` (``"row"``).
        unknown_row: see ``missing``.
        threads: upper bound; ``None`` for the processors that this process may use.

    Raises:
        InputError: a table that is not two-dimensional floats, or a row that it does not have.
    """

    def __init__(
        self,
        table: AnyArray,
        *,
        padding_row: int | None = None,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        frozen: bool | AnyArray = False,
        missing: Missing = "raise",
        unknown_row: int | None = None,
        threads: int | None = None,
    ) -> None:
        self.table = table
        if self.table.ndim != 2 or self.table.dtype.kind != "f":
            raise InputError(
                f"the table must be floats of shape (rows, D), got {table.dtype} of {table.shape}"
            )
        self.padding_row = wrap_row(padding_row, len(table))
        check_missing(missing, unknown_row, len(table))
        self.max_norm = max_norm
        self.norm_type = norm_type
        self.frozen = frozen
        self.missing: Missing = missing
        self.unknown_row = unknown_row
        self.threads = threads
        self._reader: RowReader | None = None

    def attach(self, reader: RowReader) -> None:
        """Read rows through an optimiser from now on; optimisers call this themselves."""
        self._reader = reader

    def read(self, row_ids: Ids64) -> AnyArray:
        """Return rows by checked flat ids, (ids, D), after applying ``max_norm`` to them."""
        if self.max_norm is not None:
            self._limit_norms(np.unique(row_ids))
        if self._reader is not None:
            return self._reader.read(row_ids)
        return read_table(self.table, row_ids, self.threads)

    def flush(self) -> None:
        """Bring rows that an ``exact`` optimiser left behind up to date, so ``table`` is whole."""
        if self._reader is not None:
            self._reader.flush()

    def trainable(self, gradient: RowGradient) -> RowGradient:
        """Return a gradient without padding and frozen rows."""
        if self.frozen is True:
            chosen = np.zeros(len(gradient.row_ids), np.bool_)
        elif self.frozen is False:
            chosen = np.ones(len(gradient.row_ids), np.bool_)
        else:
            chosen = ~np.isin(gradient.row_ids, self.frozen)
        if self.padding_row is not None:
            chosen &= gradient.row_ids != self.padding_row
        if chosen.all():
            return gradient
        return RowGradient(gradient.row_ids[chosen], gradient.rows[chosen], gradient.row_count)

    def _limit_norms(self, row_ids: Ids64) -> None:
        if self._reader is not None:
            self._reader.flush(row_ids)
        rows = self.table[row_ids].astype(np.float64)
        norms = np.linalg.norm(rows, ord=self.norm_type, axis=1)
        long = norms > (self.max_norm or 0.0)
        # torch's renorm divides by norm + 1e-7 so that rounding cannot leave a row too long
        factors = (self.max_norm or 0.0) / (norms[long] + 1e-7)
        self.table[row_ids[long]] = (rows[long] * factors[:, None]).astype(self.table.dtype)


def wrap_row(row: int | None, row_count: int) -> int | None:
    """Return a row counted from the end as one counted from the start.

    Raises:
        InputError: a row that the table does not have.
    """
    if row is None:
        return None
    if not -row_count <= row < row_count:
        raise InputError(f"padding row {row} is out of range: the table has {row_count} rows")
    return row % row_count
