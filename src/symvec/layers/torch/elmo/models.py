"""Two language models that share their words and their softmax."""

from __future__ import annotations

from typing import Final, TypeAlias

import torch
from torch import Generator, Tensor, nn

from symvec.layers.torch.elmo.batch import IGNORED, Batch, flipped_steps
from symvec.layers.torch.elmo.precision import applied, cast_for_products
from symvec.layers.torch.elmo.recurrence import GATES, ProjectedLstm
from symvec.layers.torch.elmo.sizes import ElmoSizes
from symvec.layers.torch.elmo.softmax import AdaptiveSoftmax
from symvec.layers.torch.elmo.start import drawn
from symvec.layers.torch.elmo.words import WordNetwork

DIRECTIONS: Final = 2
Both: TypeAlias = tuple[Tensor, Tensor]
"""The same of the direction that reads from the left, and of the other one."""


class RecurrentLayer(nn.Module):
    """A recurrent layer of both directions; see `ProjectedLstm`.

    Args:
        sizes: of the ELMo.
        generator: what the weights are drawn from.
    """

    def __init__(self, sizes: ElmoSizes, generator: Generator) -> None:
        super().__init__()
        size, cell = sizes.projection_size, sizes.cell_size
        bound = cell**-0.5  # as torch.nn.LSTM begins
        self.input_kernel = drawn(bound, generator, DIRECTIONS, size, 4 * cell)
        self.output_kernel = drawn(bound, generator, DIRECTIONS, size, 4 * cell)
        self.projection = drawn(bound, generator, DIRECTIONS, cell, size)
        bias = torch.zeros(DIRECTIONS, 1, 4 * cell)
        forget = GATES.index("forget")
        bias[..., forget * cell : (forget + 1) * cell] = 1  # the published cell adds it
        self.bias = nn.Parameter(bias)

    def forward(self, inputs: Both) -> Both:
        """Return for each direction (steps, sentences, projection) of the same shape."""
        first, second, *weights = cast_for_products(
            *inputs, self.input_kernel, self.output_kernel, self.bias, self.projection
        )
        if first.is_cuda:  # one call for both: a device is faster than Python's steps
            first, second = applied(ProjectedLstm, torch.stack([first, second]), *weights).unbind()
        else:  # a processor multiplies two matrices faster than a stack of two
            first, second = (
                applied(ProjectedLstm, own, *(weight[n] for weight in weights))
                for n, own in enumerate((first, second))
            )
        return first, second


class LanguageModels(nn.Module):
    """Predicts each next word from those before it, and each word before from those after it.

    Args:
        sizes: of the ELMo.
        frequencies: (classes,) float32, how likely each class of the softmax is.
        dropout: share of the numbers that are dropped between layers.
        generator: what the weights are drawn from; on the processor.
    """

    def __init__(
        self, sizes: ElmoSizes, frequencies: Tensor, dropout: float, generator: Generator
    ) -> None:
        super().__init__()
        self.sizes, self._dropout = sizes, dropout
        self.words = WordNetwork(sizes, generator)
        self.layers = nn.ModuleList(RecurrentLayer(sizes, generator) for _ in range(sizes.layers))
        self.softmax = AdaptiveSoftmax(sizes.projection_size, frequencies, generator)

    def forward(self, batch: Batch, dropped: Generator | None = None) -> Both:
        """Return the summed negative log-likelihood of what each direction predicts.

        Args:
            batch: sentences.
            dropped: what dropout draws from, on the batch's device; None drops nothing.
        """
        flipped = flipped_steps(batch.lengths, len(batch.places))
        outputs = self.layer_outputs(batch, dropped)[-1]
        following = batch.classes, torch.gather(batch.classes, 0, flipped)
        forward, backward = (
            self._loss(self._thinned(own[:-1], dropped), classes[1:])
            for own, classes in zip(outputs, following, strict=True)
        )
        return forward, backward

    def layer_outputs(self, batch: Batch, dropped: Generator | None = None) -> list[Both]:
        """Return what the words are, and each layer's output, each in the order it is read.

        Args:
            batch: sentences.
            dropped: see ``forward``.

        Returns:
            (steps, sentences, projection) for each direction.
        """
        flipped = flipped_steps(batch.lengths, len(batch.places))
        vectors = self.words(batch.characters)
        orders = batch.places, torch.gather(batch.places, 0, flipped)
        first, second = (nn.functional.embedding(places, vectors) for places in orders)
        outputs: list[Both] = [(first, second)]
        for n, layer in enumerate(self.layers):
            inputs = outputs[-1]
            first, second = layer(tuple(self._thinned(own, dropped) for own in inputs))
            if n > 0 and self.sizes.skip_connections:
                first, second = first + inputs[0], second + inputs[1]
            outputs.append((first, second))
        return outputs

    def _loss(self, outputs: Tensor, classes: Tensor) -> Tensor:
        predicted = classes != IGNORED
        return self.softmax(outputs[predicted], classes[predicted])

    def _thinned(self, inputs: Tensor, dropped: Generator | None) -> Tensor:
        if dropped is None or self._dropout == 0:
            return inputs
        kept = 1 - self._dropout
        mask = torch.empty_like(inputs).bernoulli_(kept, generator=dropped)
        return inputs * mask.div_(kept)
