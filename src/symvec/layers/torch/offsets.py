"""Where bags begin, checked: offsets as the bags of torch take them."""

from __future__ import annotations

import torch
from torch.nn import functional

from symvec.arrays import Ids64
from symvec.errors import IdError, InputError
from symvec.ids import kind_error
from symvec.layers.bags import check_offsets
from symvec.layers.torch.findings import Findings
from symvec.layers.torch.ids import IN_GRAPHS, OUTSIDE_GRAPHS


class BagError(InputError, RuntimeError):
    """Offsets or weights that fit no bags; torch raises a ``RuntimeError`` for them."""


class BagIdError(IdError, RuntimeError):
    """Ids in bags that the table does not have; torch raises a ``RuntimeError`` for them."""


def bag_edges(offsets: torch.Tensor, positions: int, *, include_last_offset: bool) -> Ids64:
    """Return where each bag begins and the last one ends, (bags + 1,) int64.

    Args:
        offsets: (bags,) integers; with ``include_last_offset`` one more, which is not read: as in
            torch, the last bag ends with the last id.
        positions: how many ids there are.
        include_last_offset: whether the last offset is the end of the last bag.

    Raises:
        BagError: offsets that are no integers, or that do not rise from 0 to the ids that came.
    """
    starts = _starts(offsets, include_last_offset=include_last_offset)
    try:
        return check_offsets(starts.numpy(force=True), positions, include_last_offset=False)
    except InputError as error:
        raise BagError(str(error)) from None


def _starts(offsets: torch.Tensor, *, include_last_offset: bool) -> torch.Tensor:
    """Return where each bag begins, after the checks that need no numbers."""
    if kind_error(str(offsets.dtype)) is not None:
        kind = str(offsets.dtype).removeprefix("torch.")
        raise BagError(f"offsets must be integers, got {kind}")
    if offsets.dim() != 1:
        raise BagError(f"offsets has to be a 1D Tensor, got shape {tuple(offsets.shape)}")
    if not include_last_offset:
        return offsets
    if offsets.numel() == 0:
        raise BagError("include_last_offset: number of offsets should be at least 1")
    return offsets[:-1]


def safe_offsets(
    offsets: torch.Tensor, positions: int, findings: Findings, *, include_last_offset: bool
) -> torch.Tensor:
    """Return where each bag begins, (bags,) int64, without waiting for the device of the offsets.

    Offsets that are wrong become some that rise, the first of which counts as 0 to torch's
    operators on a card; what was wrong is told at a later call.

    Raises:
        BagError: see `bag_edges`; of numbers, those of an earlier call.
    """
    findings.raise_found()
    starts = _starts(offsets, include_last_offset=include_last_offset).long()
    if starts.numel() == 0:
        bag_edges(offsets, positions, include_last_offset=include_last_offset)
        return starts
    safe = starts.clamp(0, positions).cummax(0).values
    found = starts.new_empty(2)
    torch.sum(safe != starts, 0, dtype=torch.int64, out=found[0])
    found[1:].copy_(starts[:1])
    findings.add(found, lambda numbers: _error(numbers, starts, positions))
    return safe


def _error(found: list[int], starts: torch.Tensor, positions: int) -> BagError | None:
    if found == [0, 0]:
        return None
    try:
        bag_edges(starts, positions, include_last_offset=False)
    except BagError as error:
        return error
    return BagError(
        "offsets must begin at 0, must not fall, and must not be more than the ids; those that did "
        "not were written over since"
    )


@torch.library.custom_op("symvec::checked_offsets", mutates_args=(), **OUTSIDE_GRAPHS)
def checked_offsets(
    offsets: torch.Tensor, positions: int, include_last_offset: bool
) -> torch.Tensor:
    """Return offsets after checking them: the form of the check that compiles."""
    if offsets.is_cpu:
        bag_edges(offsets, positions, include_last_offset=include_last_offset)
        return offsets.clone()
    safe = safe_offsets(offsets, positions, IN_GRAPHS, include_last_offset=include_last_offset)
    if include_last_offset:
        safe = functional.pad(safe, (0, 1), value=positions)
    return safe.to(offsets.dtype, copy=True)


@checked_offsets.register_fake
def _(offsets: torch.Tensor, positions: int, include_last_offset: bool) -> torch.Tensor:
    del positions, include_last_offset
    return torch.empty_like(offsets)
