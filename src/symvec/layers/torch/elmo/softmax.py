"""Which word it is, among very many: exact, and cheap for the frequent ones."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import torch
from torch import Generator, Tensor, nn

from symvec.layers.torch.elmo.cross_entropy import LinearCrossEntropy
from symvec.layers.torch.elmo.precision import applied, cast_for_products
from symvec.layers.torch.elmo.start import drawn

# Classes that end a band. The head has most of a text's words, rarer bands have fewer dimensions.
# A word is scored against its own band only. Measured: of 50,002 classes, seven bands need half of
# the scores that four do, at the same loss; see benchmarks/results/elmo.md.
CUTOFFS: Final = (1000, 2000, 4000, 8000, 16_000, 32_000, 64_000, 128_000)
_SMALLEST_BAND: Final = 2
_BANDS_ALIKE: Final = 2  # so many bands have as many dimensions, the next ones half of them
_FEWEST_DIMENSIONS: Final = 8


class AdaptiveSoftmax(nn.Module):
    """The adaptive softmax of Grave et al. 2017: one distribution over all classes, no sample.

    It begins at the frequencies of the classes, which the article leaves to be learned.

    Args:
        size: dimensions of what is classified.
        frequencies: (classes,) float32, how likely each is, most frequent first as a rule.
        generator: what the weights are drawn from.
        cutoffs: classes that end a band; those beyond the number of classes do not count.
    """

    def __init__(
        self,
        size: int,
        frequencies: Tensor,
        generator: Generator,
        cutoffs: Sequence[int] = CUTOFFS,
    ) -> None:
        super().__init__()
        count = len(frequencies)
        ends = [end for end in cutoffs if end <= count - _SMALLEST_BAND]
        self._bands = list(pairwise([*ends, count]))
        self._head = ends[0] if ends else count
        shares = [frequencies[begin:end] for begin, end in self._bands]
        sums = torch.stack([*frequencies[: self._head], *(share.sum() for share in shares)])
        self.head = drawn(size**-0.5, generator, size, len(sums))
        self.head_bias = nn.Parameter(sums.log())
        dimensions = [
            max(size >> (n // _BANDS_ALIKE + 1), _FEWEST_DIMENSIONS) for n in range(len(ends))
        ]
        self.narrowings = nn.ParameterList(
            drawn(size**-0.5, generator, size, d) for d in dimensions
        )
        self.tails = nn.ParameterList(
            drawn(d**-0.5, generator, d, len(share))
            for d, share in zip(dimensions, shares, strict=True)
        )
        self.tail_biases = nn.ParameterList((share / share.sum()).log() for share in shares)

    def forward(self, inputs: Tensor, classes: Tensor) -> Tensor:
        """Return the summed negative log-likelihood of classes.

        Args:
            inputs: (predictions, size).
            classes: (predictions,) int64.
        """
        places, bands = classes, []
        for n, (begin, end) in enumerate(self._bands):
            inside = (classes >= begin) & (classes < end)
            places = torch.where(inside, self._head + n, places)
            bands.append(inside.nonzero().squeeze(1))
        total = _loss(inputs, self.head, self.head_bias, places)
        for (begin, _), chosen, narrowing, tail, bias in zip(
            self._bands, bands, self.narrowings, self.tails, self.tail_biases, strict=True
        ):
            if len(chosen):
                narrow = inputs[chosen] @ narrowing
                total = total + _loss(narrow, tail, bias, classes[chosen] - begin)
        return total


def _loss(inputs: Tensor, weight: Tensor, bias: Tensor, classes: Tensor) -> Tensor:
    return applied(LinearCrossEntropy, *cast_for_products(inputs, weight), bias, classes)
