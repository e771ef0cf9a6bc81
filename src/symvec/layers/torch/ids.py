"""The check of ids on torch's devices."""

from __future__ import annotations

from inspect import signature
from typing import Any, Final

import torch
from torch._subclasses.fake_tensor import FakeTensor

from symvec.arrays import AnyArray
from symvec.errors import IdError
from symvec.ids import as_ids, check_ids, kind_error, range_error
from symvec.layers.torch.findings import Findings


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


def safe_ids(ids: torch.Tensor, row_count: int, findings: Findings) -> torch.Tensor:
    """Return new ids that the table has, without waiting for their device.

    A bad id becomes the row nearest to it, so that the device keeps its context. Only the least
    and the largest id come back, in as few calls as there can be; where the bad one stands is
    looked up when there is one.

    Raises:
        IdError: an earlier call's ids held one that the table does not have, or it has none.
    """
    findings.raise_found()
    if ids.numel() == 0:
        return ids.clone()
    if row_count == 0:
        check_ids(ids.numpy(force=True), row_count)
    ends = ids.new_empty(2)
    torch.aminmax(ids, out=(ends[0], ends[1]))
    findings.add(ends, lambda found: _error(found, ids, row_count))
    return ids.clamp(0, row_count - 1)


def _error(found: list[int], ids: torch.Tensor, row_count: int) -> IdError | None:
    least, largest = found
    if least >= 0 and largest < row_count:
        return None
    try:
        check_ids(ids.numpy(force=True), row_count)
    except IdError as error:
        return error
    bad = least if least < 0 else largest
    return IdError(f"{range_error(bad, (), row_count)}; where it stood was written over since")


IN_GRAPHS: Final = Findings()
"""What compiled graphs found: their operators know no layer."""

_CAN_BE_TAGGED: Final = "tags" in signature(torch.library.custom_op).parameters
OUTSIDE_GRAPHS: Final[dict[str, Any]] = (
    {"tags": (torch.Tag.cudagraph_unsafe,)}
    if _CAN_BE_TAGGED and hasattr(torch.Tag, "cudagraph_unsafe")
    else {}
)
"""Has graphs that compilers capture and replay run an operator between their parts."""


@torch.library.custom_op("symvec::checked_ids", mutates_args=(), **OUTSIDE_GRAPHS)
def checked_ids(ids: torch.Tensor, row_count: int) -> torch.Tensor:
    """Return a copy of ids after checking them: the form of the check that compiles."""
    if ids.is_cpu:
        check_ids(ids.numpy(), row_count)
        return ids.clone()
    return safe_ids(ids, row_count, IN_GRAPHS)


@checked_ids.register_fake
def _(ids: torch.Tensor, row_count: int) -> torch.Tensor:
    del row_count
    return torch.empty_like(ids)


def _numbers(ids: torch.Tensor) -> AnyArray:
    """Return the numbers of ids, also under ``vmap``, ``grad`` and ``jvp``, which hide them."""
    functorch = torch._C._functorch
    while functorch.is_functorch_wrapped_tensor(ids):
        ids = functorch.get_unwrapped(ids)
    with torch._C._DisableFuncTorch():
        numbers: AnyArray = ids.numpy()
    return numbers


def checked(ids: torch.Tensor, row_count: int, findings: Findings) -> torch.Tensor:
    """Return ids after the check that fits their device.

    Raises:
        IdError: an id that the table does not have.
    """
    if ids.device.type == "meta":
        return ids
    if ids.device.type == "cpu":
        check_ids(_numbers(ids), row_count)
        return ids
    return safe_ids(ids, row_count, findings)
