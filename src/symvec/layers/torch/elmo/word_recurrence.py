"""The recurrent layer that reads words: what a word adds to the gates is found once.

Half of the places of a batch hold a word that stands elsewhere in it, too. A distinct word is
multiplied once, and the gradients of its places are added up before they are multiplied.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from symvec.kernels.word_sums import add_up_words
from symvec.layers.torch.elmo.precision import array_of, summing
from symvec.layers.torch.elmo.recurrence import (
    ReadSteps,
    one_step_later,
    read_steps,
    step_gradients,
    summed_product,
    with_ones,
)


class WordLstm(torch.autograd.Function):
    """What `ProjectedLstm` is to ``vectors[places]``, of one direction and on a processor.

    Inputs: vectors (words, p), places (T, B) int64 which of them stands where, the rest as there.
    """

    @staticmethod
    def forward(  # type: ignore[override]
        ctx: Any,
        vectors: Tensor,
        places: Tensor,
        input_kernel: Tensor,
        output_kernel: Tensor,
        bias: Tensor,
        projection: Tensor,
    ) -> Tensor:
        """Multiply the words, then read the steps in their order."""
        of_words = with_ones(vectors) @ torch.cat([input_kernel, bias])
        gates = of_words.index_select(0, places.flatten()).unflatten(0, places.shape)
        steps = read_steps(gates, output_kernel, projection)
        ctx.save_for_backward(vectors, places, input_kernel, output_kernel, projection, *steps)
        return steps.outputs

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:  # type: ignore[override]
        """Find the gates' gradients, add them up by words, then those of what made them."""
        vectors, places, input_kernel, output_kernel, projection, *kept = ctx.saved_tensors
        steps = ReadSteps(*kept)
        gate_grads, projection_grads = step_gradients(steps, output_kernel, projection, grad)
        of_words = _by_word(gate_grads, places, len(vectors))
        seen = with_ones(vectors).mT @ of_words
        return (
            of_words @ input_kernel.mT,
            None,
            seen[:-1],
            summed_product(one_step_later(steps.outputs), gate_grads),
            seen[-1:],
            projection_grads,
        )


def _by_word(grads: Tensor, places: Tensor, words: int) -> Tensor:
    """Return the sums of gradients (T, B, 4 m) over the places of each word, (words, 4 m)."""
    sorted_places, order = places.flatten().sort(stable=True)
    starts = torch.searchsorted(sorted_places, torch.arange(words + 1))
    sums = grads.new_empty(words, grads.shape[-1])
    space = grads.new_empty(grads.shape[-1], dtype=summing(grads))
    add_up_words(
        array_of(grads.flatten(0, 1)), order.numpy(), starts.numpy(), space.numpy(), array_of(sums)
    )
    return sums
