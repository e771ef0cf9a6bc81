"""Which word it is, among very many: exact, and cheap for the frequent ones."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import torch
from torch import Generator, Tensor, nn

from symvec.arrays import Ids64
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


class ByBand(NamedTuple):
    """Classes that are asked for, band by band.

    Attributes:
        order: (classes,) int64, which of those that came each is.
        heads: (classes,) int64, what the head is asked for.
        inner: (classes,) int64, the class counted from the first of its band.
        sizes: how many are the head's own, and how many are of each band.
    """

    order: Ids64
    heads: Ids64
    inner: Ids64
    sizes: list[int]


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
        begins = [0, *(begin for begin, _ in self._bands), count]
        self._band_of_class = np.repeat(np.arange(len(begins) - 1, dtype=np.uint8), np.diff(begins))
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

    def by_band(self, classes: Ids64) -> ByBand:
        """Return classes as ``forward`` takes them: found here, no device is asked."""
        begins = np.array([0, *(begin for begin, _ in self._bands)])
        band = self._band_of_class[classes]
        order = np.argsort(band, kind="stable")
        classes, band = classes[order], band[order]
        heads = np.where(band > 0, self._head + band.astype(np.int64) - 1, classes)
        sizes = np.bincount(band, minlength=len(begins)).tolist()
        return ByBand(order, heads, classes - begins[band], sizes)

    def forward(
        self, inputs: Tensor, heads: Tensor, inner: Tensor, sizes: Sequence[int]
    ) -> tuple[Tensor, Tensor]:
        """Return the summed negative log-likelihood of classes, and that of each.

        Args:
            inputs: (predictions, size), by band.
            heads: see `ByBand`, as the next ones.
            inner: of the band.
            sizes: of the bands.

        Returns:
            A scalar, and (predictions,) numbers that have no gradient.
        """
        total, each = _loss(inputs, self.head, self.head_bias, heads)
        begin = sizes[0]
        for size, narrowing, tail, bias in zip(
            sizes[1:], self.narrowings, self.tails, self.tail_biases, strict=True
        ):
            if size:
                band = slice(begin, begin + size)
                own, of_each = _loss(inputs[band] @ narrowing, tail, bias, inner[band])
                total, begin = total + own, begin + size
                each[band] += of_each
        return total, each


def _loss(inputs: Tensor, weight: Tensor, bias: Tensor, classes: Tensor) -> tuple[Tensor, Tensor]:
    """Return the sum, and the loss of each row, which has no gradient."""
    if inputs.is_cuda:
        return whole_loss(inputs, weight, bias, classes)
    total, each = applied(LinearCrossEntropy, *cast_for_products(inputs, weight), bias, classes)
    return total, each


def whole_loss(
    inputs: Tensor, weight: Tensor, bias: Tensor, classes: Tensor
) -> tuple[Tensor, Tensor]:
    """Return what `LinearCrossEntropy` does, in few calls of PyTorch, with all scores at once.

    A graphics card has memory for them, and less to do than a program to ask for it.
    """
    scores = torch.addmm(bias, inputs, weight)
    losses = nn.functional.cross_entropy(scores.float(), classes, reduction="none")
    return losses.sum(), losses.detach()
