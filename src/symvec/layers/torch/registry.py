"""Which weight is trained by a row optimiser: what tells a layer how to read it."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import torch
from torch.utils.weak import WeakTensorKeyDictionary

from symvec.arrays import AnyArray, Ids64
from symvec.errors import InputError
from symvec.kernels.row_threads import Threads
from symvec.layers.gradients import Segments
from symvec.layers.tables import RowStore, read_batch, read_segments
from symvec.layers.torch.team import torch_threads


class Rows(Protocol):
    """The state of a table under an optimiser."""

    step: int
    threads: Threads

    def read(self, row_ids: Ids64) -> AnyArray:
        """Return rows as they are after the last step."""
        ...

    def flush(self, row_ids: Ids64 | None = None) -> None:
        """Bring rows up to date in place."""
        ...


class TensorStore:
    """A tensor whose rows the kernels cannot reach: another device, or half precision.

    Rows go to float32 on the processor and back. Cost follows the rows, not the table.
    """

    def __init__(self, tensor: torch.Tensor) -> None:
        self.tensor = tensor

    @property
    def shape(self) -> tuple[int, ...]:
        """Rows and their width."""
        return tuple(self.tensor.shape)

    def take(self, row_ids: Ids64) -> AnyArray:
        """Return rows as float32, (ids, D)."""
        ids = torch.from_numpy(row_ids).to(self.tensor.device)
        rows: AnyArray = self.tensor[ids].to("cpu", torch.float32, copy=True).numpy()
        return rows

    def put(self, row_ids: Ids64, rows: AnyArray) -> None:
        """Write float32 rows back."""
        ids = torch.from_numpy(row_ids).to(self.tensor.device)
        self.tensor[ids] = torch.from_numpy(rows).to(self.tensor.device, self.tensor.dtype)


def as_matrix(tensor: torch.Tensor) -> torch.Tensor:
    """Return a tensor as (rows, D) without copying; a scalar is one row."""
    flat = tensor.detach()
    if flat.dim() == 2:
        return flat
    rows = flat.shape[0] if flat.dim() else 1
    return flat.view(rows, flat[0].numel() if flat.dim() > 1 and rows else 1)


def as_table(tensor: torch.Tensor) -> AnyArray | RowStore:
    """Return a weight as the row kernels take it: where it lies, if they can reach it."""
    matrix = as_matrix(tensor)
    reachable = matrix.device.type == "cpu" and matrix.dtype in (torch.float32, torch.float64)
    if reachable and matrix.is_contiguous():
        table: AnyArray = matrix.numpy()
        return table
    return TensorStore(matrix)


class TrainedWeight:
    """A weight under a row optimiser, and the state of its rows once it has taken a step."""

    def __init__(self) -> None:
        self.rows: Any = None
        self._frozen: Ids64 | None = None
        self._place = 0
        self._version = 0

    def begin(self, weight: torch.Tensor, rows: Rows) -> None:
        """Take on the state of the rows of a weight."""
        self.rows = rows
        self.remember(weight)
        if self._frozen is not None:
            self.freeze(self._frozen)

    def remember(self, weight: torch.Tensor) -> None:
        """Note where the weight lies and how often it was changed in place."""
        self._place, self._version = weight.data_ptr(), weight._version

    def check(self, weight: torch.Tensor) -> None:
        """Raise an error if someone else changed the weight while rows were behind.

        Raises:
            InputError: the weight was written to, or moved, before ``flush()``.
        """
        if self.rows is None or (weight.data_ptr(), weight._version) == (
            self._place,
            self._version,
        ):
            return
        if getattr(self.rows, "behind", False):
            raise InputError(
                "the weight was changed or moved while idle rows were behind; call the row "
                "optimiser's flush() before you change a weight by hand"
            )
        self.rows.table = as_table(weight)
        self.remember(weight)

    def read(self, weight: torch.Tensor, row_ids: Ids64) -> torch.Tensor:
        """Return rows as they are after the last step, (ids, D)."""
        self.check(weight)
        if self.rows is None or not getattr(self.rows, "behind", False):
            ids = torch.from_numpy(row_ids).to(weight.device)
            return as_matrix(weight).index_select(0, ids)  # on the threads that torch keeps awake
        return torch.from_numpy(self.rows.read(row_ids)).to(weight.device, weight.dtype)

    def read_batch(self, weight: torch.Tensor, row_ids: Ids64) -> tuple[torch.Tensor, Segments]:
        """Return the row of each id, (..., D), and the segments that the backward pass sums.

        Raises:
            IdError: an id that the table does not have.
        """
        self.check(weight)
        rows, threads = self.rows, torch_threads()
        table = as_table(weight) if rows is None else rows.table
        if isinstance(table, np.ndarray) and not getattr(rows, "behind", False):
            out = torch.empty(*row_ids.shape, table.shape[1], dtype=weight.dtype)
            return out, read_batch(table, row_ids, out.numpy(), threads)
        segments = Segments.checked(row_ids, weight.shape[0])
        read = torch.from_numpy(self._read_segments(table, segments, threads))
        if not (weight.is_cpu and read.dtype == weight.dtype):
            read = read.to(weight.device, weight.dtype)
        return read.view(*row_ids.shape, weight.shape[1]), segments

    def _read_segments(self, table: Any, segments: Segments, threads: Threads) -> AnyArray:
        if not getattr(self.rows, "behind", False):
            return read_segments(table, segments, threads)
        self.rows.threads = threads
        if hasattr(self.rows, "read_segments"):
            rows: AnyArray = self.rows.read_segments(segments)
            return rows
        distinct: AnyArray = self.rows.read(segments.row_ids)
        return distinct[segments.segment_of_position]

    def flush(self, weight: torch.Tensor, row_ids: Ids64 | None = None) -> None:
        """Bring rows up to date in the weight."""
        if self.rows is not None:
            self.check(weight)
            self.rows.flush(row_ids)
            self.remember(weight)

    def freeze(self, row_ids: Ids64) -> None:
        """Never move these rows."""
        self._frozen = row_ids
        if self.rows is not None and hasattr(self.rows, "freeze"):
            self.rows.freeze(row_ids)


MARK = "_trained_by_rows"
_TRAINED = WeakTensorKeyDictionary()


def register(weight: torch.Tensor) -> TrainedWeight:
    """Let layers know that a row optimiser trains this weight, from its initial state."""
    known = trained(weight)
    if known is not None:
        known.flush(weight)
    found = TrainedWeight()
    _TRAINED[weight] = found
    weight.__dict__[MARK] = True
    return found


def is_marked(weight: object) -> bool:
    """Return whether a row optimiser was ever given this weight: what a compiler can see."""
    return getattr(weight, MARK, False) is True  # a proxy has any attribute


def trained(weight: torch.Tensor) -> TrainedWeight | None:
    """Return how a row optimiser trains this weight, or ``None`` if none does."""
    found: TrainedWeight | None = _TRAINED.get(weight)
    return found


def flush(weight: torch.Tensor) -> None:
    """Bring all rows of a weight up to date, if a row optimiser left any behind."""
    found = trained(weight)
    if found is not None:
        found.flush(weight)
