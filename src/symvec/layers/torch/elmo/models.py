"""Two language models that share their words and their softmax."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple, TypeAlias, cast

import numpy as np
import torch
from torch import Generator, Tensor, nn

from symvec.layers.torch.elmo.batch import Batch
from symvec.layers.torch.elmo.card_recurrence import card_recurrence, has_card_recurrence
from symvec.layers.torch.elmo.precision import applied, cast_for_products, summing
from symvec.layers.torch.elmo.recurrence import GATES, ProjectedLstm
from symvec.layers.torch.elmo.sizes import ElmoSizes
from symvec.layers.torch.elmo.softmax import AdaptiveSoftmax
from symvec.layers.torch.elmo.start import drawn
from symvec.layers.torch.elmo.word_recurrence import WordLstm
from symvec.layers.torch.elmo.words import WordNetwork

DIRECTIONS: Final = 2
BOTH: Final = slice(DIRECTIONS)
Both: TypeAlias = tuple[Tensor, Tensor]
"""The same of the direction that reads from the left, and of the other one."""


class Losses(NamedTuple):
    """Summed negative log-likelihoods."""

    total: Tensor
    by_direction: Both  # without a gradient


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
        self.input_kernel = _of_each(lambda: drawn(bound, generator, size, 4 * cell))
        self.output_kernel = _of_each(lambda: drawn(bound, generator, size, 4 * cell))
        self.projection = _of_each(lambda: drawn(bound, generator, cell, size))
        bias = torch.zeros(1, 4 * cell)
        forget = GATES.index("forget")
        bias[:, forget * cell : (forget + 1) * cell] = 1  # the published cell adds it
        self.bias = _of_each(lambda: nn.Parameter(bias.clone()))

    def of_direction(self, direction: int) -> list[nn.Parameter]:
        """Return the weights that a direction has for itself, as `ProjectedLstm` takes them."""
        weights = self.input_kernel, self.output_kernel, self.bias, self.projection
        return [weight[direction] for weight in weights]

    def forward(self, inputs: Tensor, directions: int | slice) -> Tensor:
        """Return what the layer makes of inputs, of the same shape.

        Args:
            inputs: (steps, sentences, projection) of one direction, or (2, ...) of both.
            directions: which of them.
        """
        chosen = cast_for_products(inputs, *self._weights(directions))
        if has_card_recurrence(inputs):
            with torch.autocast(inputs.device.type, enabled=False):
                return card_recurrence(*chosen)
        outputs: Tensor = applied(ProjectedLstm, *chosen)
        return outputs

    def read_words(self, vectors: Tensor, places: Tensor, direction: int) -> Tensor:
        """Return what the layer makes of words, on a processor; see `WordLstm`."""
        words, *weights = cast_for_products(vectors, *self._weights(direction))
        outputs: Tensor = applied(WordLstm, words, places, *weights)
        return outputs

    def _weights(self, directions: int | slice) -> Sequence[Tensor]:
        if isinstance(directions, int):
            return self.of_direction(directions)
        both = zip(*map(self.of_direction, range(DIRECTIONS)[directions]), strict=True)
        return [torch.stack(each) for each in both]


def _of_each(made: Callable[[], nn.Parameter]) -> nn.ParameterList:
    """Return weights of each direction: apart, as each has its gradients on its own thread."""
    return nn.ParameterList(made() for _ in range(DIRECTIONS))


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

    def forward(self, batch: Batch, dropped: Generator | None = None) -> Losses:
        """Return the summed negative log-likelihood of what both directions predict.

        Args:
            batch: sentences.
            dropped: what dropout draws from, on the batch's device; None drops nothing.
        """
        outputs = self.layer_outputs(self.words(batch.characters), batch, BOTH, dropped)[-1]
        total, each, places = self._losses(outputs, batch, BOTH, dropped)
        forward = torch.where(places < batch.places.numel(), each, 0).sum()
        return Losses(total, (forward, each.sum() - forward))

    def weights_of(self, direction: int) -> list[nn.Parameter]:
        """Return the weights that a direction has for itself."""
        layers = cast(Iterable[RecurrentLayer], self.layers)
        return [weight for layer in layers for weight in layer.of_direction(direction)]

    def direction_loss(
        self, vectors: Tensor, batch: Batch, direction: int, dropped: Generator | None = None
    ) -> Tensor:
        """Return the summed negative log-likelihood of what a direction predicts, on a processor.

        The softmax is of float32 in any case: its products have few classes and another number of
        rows in each band of each batch, for which bfloat16 is slower and oneDNN makes code anew.

        Args:
            vectors: (words, projection) of ``batch.characters``.
            batch: sentences.
            direction: 0 reads from the left, 1 from the right.
            dropped: see ``forward``.
        """
        outputs = self.layer_outputs(vectors, batch, direction, dropped)[-1]
        with torch.autocast("cpu", enabled=False):
            return self._losses(outputs.to(summing(outputs)), batch, direction, dropped)[0]

    def layer_outputs(
        self,
        vectors: Tensor,
        batch: Batch,
        directions: int | slice,
        dropped: Generator | None = None,
    ) -> list[Tensor]:
        """Return what the words are, and each layer's output, in the order they are read.

        Args:
            vectors: (words, projection) of ``batch.characters``.
            batch: sentences.
            directions: see `RecurrentLayer`.
            dropped: see ``forward``.

        Returns:
            (steps, sentences, projection) of one direction, or (2, ...) of both.
        """
        places = batch.read(batch.places, directions)
        outputs = [nn.functional.embedding(places, vectors)]
        for n, layer in enumerate(self.layers):
            inputs = outputs[-1]
            if n == 0 and isinstance(directions, int) and not self._drops(dropped):
                own = cast(RecurrentLayer, layer).read_words(vectors, places, directions)
            else:
                own = layer(self._thinned(inputs, dropped), directions)
            outputs.append(own + inputs if n > 0 and self.sizes.skip_connections else own)
        return outputs

    def _losses(
        self, outputs: Tensor, batch: Batch, directions: int | slice, dropped: Generator | None
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Return the sum, the loss of each prediction, and the place of the output it is of."""
        places, classes = batch.arrays.predicted(directions)
        bands = self.softmax.by_band(classes)
        numbers = np.stack([places[bands.order], bands.heads, bands.inner])
        predicting, heads, inner = torch.from_numpy(numbers).to(outputs.device)
        inputs = outputs.flatten(0, -2).index_select(0, predicting)
        total, each = self.softmax(self._thinned(inputs, dropped), heads, inner, bands.sizes)
        return total, each, predicting

    def _drops(self, dropped: Generator | None) -> bool:
        return dropped is not None and self._dropout > 0

    def _thinned(self, inputs: Tensor, dropped: Generator | None) -> Tensor:
        if not self._drops(dropped):
            return inputs
        kept = 1 - self._dropout
        mask = torch.empty_like(inputs).bernoulli_(kept, generator=dropped)
        return inputs * mask.div_(kept)
