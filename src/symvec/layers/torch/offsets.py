"""Where bags begin, checked: offsets as the bags of torch take them."""

from __future__ import annotations

import torch

from symvec.arrays import Ids64
from symvec.errors import IdError, InputError
from symvec.ids import kind_error
from symvec.layers.bags import check_offsets


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
    if kind_error(str(offsets.dtype)) is not None:
        kind = str(offsets.dtype).removeprefix("torch.")
        raise BagError(f"offsets must be integers, got {kind}")
    starts = offsets.numpy(force=True)
    if starts.ndim != 1:
        raise BagError(f"offsets has to be a 1D Tensor, got shape {starts.shape}")
    if include_last_offset:
        if starts.size == 0:
            raise BagError("include_last_offset: number of offsets should be at least 1")
        starts = starts[:-1]
    try:
        return check_offsets(starts, positions, include_last_offset=False)
    except InputError as error:
        raise BagError(str(error)) from None


@torch.library.custom_op("symvec::checked_offsets", mutates_args=())
def checked_offsets(
    offsets: torch.Tensor, positions: int, include_last_offset: bool
) -> torch.Tensor:
    """Return a copy of offsets after checking them: the form of the check that compiles."""
    bag_edges(offsets, positions, include_last_offset=include_last_offset)
    return offsets.clone()


@checked_offsets.register_fake
def _(offsets: torch.Tensor, positions: int, include_last_offset: bool) -> torch.Tensor:
    del positions, include_last_offset
    return torch.empty_like(offsets)
