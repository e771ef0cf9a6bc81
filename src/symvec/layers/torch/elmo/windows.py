"""What filters find in the characters of words: their strongest score over all windows."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from symvec.kernels.character_filters import strongest_windows, window_gradients
from symvec.layers.torch.elmo.precision import applied


def strongest(characters: Tensor, filters: Tensor, width: int) -> Tensor:
    """Return (words, number) of characters (words, length, size), filters (width * size, number).

    On a processor the gradient of float32 goes through compiled loops, whatever is cast by itself.
    """
    kinds = {characters.dtype, filters.dtype}
    if kinds == {torch.float32} and characters.device.type == "cpu":
        found: Tensor = applied(StrongestWindows, characters, filters, width)
        return found
    return _scores(characters, filters, width).amax(dim=1)


class StrongestWindows(torch.autograd.Function):
    """See `strongest`."""

    @staticmethod
    def forward(  # type: ignore[override]
        ctx: Any, characters: Tensor, filters: Tensor, width: int
    ) -> Tensor:
        """Find the scores, and where the strongest are."""
        scores = _scores(characters, filters, width)
        best = scores.new_empty(len(scores), scores.shape[2])
        places = torch.empty(best.shape, dtype=torch.int32)
        strongest_windows(scores.numpy(), best.numpy(), places.numpy())
        ctx.save_for_backward(characters, filters, places)
        return best

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:  # type: ignore[override]
        """Add up what the strongest windows get."""
        characters, filters, places = (each.contiguous() for each in ctx.saved_tensors)
        rows = filters.mT.contiguous()
        filter_grads, character_grads = torch.zeros_like(rows), torch.zeros_like(characters)
        window_gradients(
            grad.contiguous().numpy(),
            places.numpy(),
            characters.numpy(),
            rows.numpy(),
            filter_grads.numpy(),
            character_grads.flatten(1).numpy(),
        )
        return character_grads, filter_grads.mT, None


def _scores(characters: Tensor, filters: Tensor, width: int) -> Tensor:
    """Return (words, places, number)."""
    windows = characters.unfold(1, width, 1).transpose(2, 3)  # (words, places, width, size)
    return windows.flatten(2) @ filters
