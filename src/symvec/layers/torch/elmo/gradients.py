"""Losses of a batch and their gradients: on a processor two halves of the work at once.

These are half of the words each, then a direction each, and the gradients of half of the words
each. A card gets all in as few calls as possible. Gradients are added in one order always.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import torch
from torch import Generator, Tensor, nn

from symvec.layers.torch.elmo.batch import Batch
from symvec.layers.torch.elmo.devices import Device
from symvec.layers.torch.elmo.models import DIRECTIONS, Both, LanguageModels
from symvec.layers.torch.elmo.side_by_side import side_by_side

_HALVES: Final = 2


def losses_of(models: LanguageModels, batch: Batch, device: Device) -> Both:
    """Return the summed negative log-likelihood of what each direction predicts."""
    if device.kind == "cuda":
        with device.products():
            return models(batch).by_direction  # type: ignore[no-any-return]
    vectors = _joined(_halves_of_words(models, batch, device))

    def loss(direction: int) -> Tensor:
        with device.products():
            return models.direction_loss(vectors, batch, direction)

    return side_by_side(loss)


def add_gradients(
    models: LanguageModels,
    batch: Batch,
    device: Device,
    dropped: tuple[Generator, Generator],
    predictions: int,
) -> Both:
    """Add the gradients of the mean loss of so many predictions to those of the weights.

    Args:
        models: what learns.
        batch: sentences.
        device: where all of this is.
        dropped: what dropout draws from, for each direction; on the device.
        predictions: what the summed losses are divided by.

    Returns:
        The losses, as `losses_of` does.
    """
    if device.kind == "cuda":
        with device.products():
            losses = models(batch, dropped[0])
        weights = list(models.parameters())
        _add(weights, [_gradients(losses.total / predictions, weights)])
        return losses.by_direction  # type: ignore[no-any-return]
    words = list(models.words.parameters())
    softmax = list(models.softmax.parameters())
    apart = [models.weights_of(direction) for direction in range(DIRECTIONS)]
    halves = _halves_of_words(models, batch, device)
    vectors = _joined(halves).requires_grad_()

    def of_direction(direction: int) -> tuple[Tensor, Sequence[Tensor]]:
        with device.products():
            loss = models.direction_loss(vectors, batch, direction, dropped[direction])
        weights = [vectors, *softmax, *apart[direction]]
        return loss.detach(), _gradients(loss / predictions, weights)

    (forward, one), (backward, other) = side_by_side(of_direction)
    own = 1 + len(softmax)
    _add(softmax, [one[1:own], other[1:own]])
    for weights, grads in zip(apart, (one, other), strict=True):
        _add(weights, [grads[own:]])
    grad = one[0] + other[0]
    _add(words, side_by_side(lambda n: _gradients(halves[n], words, grad[n::_HALVES])))
    return forward, backward


def _halves_of_words(models: LanguageModels, batch: Batch, device: Device) -> Both:
    def half(number: int) -> Tensor:
        with device.products():
            return models.words(batch.characters[number::_HALVES])  # type: ignore[no-any-return]

    return side_by_side(half)


def _joined(halves: Both) -> Tensor:
    """Return the vectors of all words in their order, apart from where they came from."""
    words = sum(len(half) for half in halves)
    joined = halves[0].new_empty(words, halves[0].shape[1])
    for number, half in enumerate(halves):
        joined[number::_HALVES] = half.detach()
    return joined


def _gradients(
    result: Tensor, weights: Sequence[Tensor], grad: Tensor | None = None
) -> Sequence[Tensor]:
    """Return the gradients of weights, zeros of those that were not used."""
    return torch.autograd.grad(result, weights, grad, allow_unused=True, materialize_grads=True)


def _add(weights: Sequence[nn.Parameter], found: Iterable[Sequence[Tensor]]) -> None:
    for grads in found:
        for weight, grad in zip(weights, grads, strict=True):
            weight.grad = grad if weight.grad is None else weight.grad.add_(grad)
