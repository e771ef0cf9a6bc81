"""The check of ids on torch's devices."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

import numpy as np
import torch
from torch._subclasses.fake_tensor import FakeTensor

from symvec.arrays import AnyArray
from symvec.errors import IdError
from symvec.ids import as_ids, check_ids, kind_error, range_error


def as_id_tensor(ids: object) -> torch.Tensor:
    """Return ids as an int64 or int32 tensor, whatever integers they are.

    Raises:
        IdError: ids that are floats, booleans or lists of different lengths.
    """
    if not isinstance(ids, torch.Tensor):
        return torch.from_numpy(as_ids(ids))
    error = kind_error(str(ids.dtype))
    if error is not None:
        raise error
    return ids if ids.dtype in (torch.int64, torch.int32) else ids.to(torch.int64)


def is_traced(values: object) -> bool:
    """Return whether the numbers come later: in a graph that is being made, or never."""
    return torch.compiler.is_compiling() or isinstance(values, FakeTensor | torch.fx.Proxy)


@torch.library.custom_op("symvec::checked_ids", mutates_args=())
def checked_ids(ids: torch.Tensor, row_count: int) -> torch.Tensor:
    """Return a copy of ids after checking them: the form of the check that compiles."""
    check_ids(ids.numpy(force=True), row_count)
    return ids.clone()


@checked_ids.register_fake
def _(ids: torch.Tensor, row_count: int) -> torch.Tensor:
    del row_count
    return torch.empty_like(ids)


class _Finding(NamedTuple):
    """What a check found on a device, on its way back."""

    numbers: torch.Tensor  # (3,) int64: whether one is bad, the position of the first, its value
    arrival: torch.cuda.Event | None  # None: it is there
    shape: tuple[int, ...]
    row_count: int

    def error(self) -> IdError | None:
        """Return the error if there is one; the numbers must have arrived."""
        any_bad, position, value = self.numbers.tolist()
        if not any_bad:
            return None
        where = tuple(int(index) for index in np.unravel_index(position, self.shape))
        error = range_error(value, where, self.row_count)
        return IdError(f"{error} (in an earlier batch: the device is not waited for)")


class DeferredCheck:
    """The check on a device that would have to be waited for.

    Bad ids are replaced by row 0 in the kernels' sight, so that the device keeps its context; what
    was found is copied back behind the computation and read at the next call that finds it there.
    """

    def __init__(self) -> None:
        self._findings: deque[_Finding] = deque()  # a device may be several calls behind

    def __call__(self, ids: torch.Tensor, row_count: int) -> torch.Tensor:
        """Return ids that are safe to read, and raise what an earlier call found.

        Raises:
            IdError: an earlier call's ids held one that the table does not have.
        """
        self.raise_found()
        if ids.numel() == 0:
            return ids
        bad = (ids < 0) | (ids >= row_count)
        position = bad.flatten().to(torch.uint8).argmax()
        found = torch.stack([bad.any().to(torch.int64), position, ids.flatten()[position].long()])
        numbers = torch.empty(3, dtype=torch.int64, pin_memory=ids.is_cuda)
        numbers.copy_(found, non_blocking=True)
        arrival = torch.cuda.Event() if ids.is_cuda else None
        if arrival is not None:
            arrival.record()
        self._findings.append(_Finding(numbers, arrival, tuple(ids.shape), row_count))
        return torch.where(bad, 0, ids)

    def raise_found(self, *, wait: bool = False) -> None:
        """Raise the error of an earlier call if it has arrived; with ``wait``, when it arrives."""
        while self._findings:
            arrival = self._findings[0].arrival
            if arrival is not None and wait:
                arrival.synchronize()
            elif arrival is not None and not arrival.query():
                return
            error = self._findings.popleft().error()
            if error is not None:
                raise error


def _numbers(ids: torch.Tensor) -> AnyArray:
    """Return the numbers of ids, also under ``vmap``, ``grad`` and ``jvp``, which hide them."""
    functorch = torch._C._functorch
    while functorch.is_functorch_wrapped_tensor(ids):
        ids = functorch.get_unwrapped(ids)
    with torch._C._DisableFuncTorch():
        numbers: AnyArray = ids.numpy()
    return numbers


def checked(ids: torch.Tensor, row_count: int, deferred: DeferredCheck) -> torch.Tensor:
    """Return ids after the check that fits their device.

    Raises:
        IdError: an id that the table does not have.
    """
    if ids.device.type == "meta":
        return ids
    if ids.device.type == "cpu":
        check_ids(_numbers(ids), row_count)
        return ids
    return deferred(ids, row_count)
