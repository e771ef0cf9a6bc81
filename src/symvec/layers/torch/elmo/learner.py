"""The network while it learns: a step, a look at its loss, its whole state."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from symvec.arrays import AnyArray, Float1
from symvec.errors import SymvecError
from symvec.layers.torch.elmo.batch import Batch, BatchArrays
from symvec.layers.torch.elmo.devices import Device
from symvec.layers.torch.elmo.gradients import add_gradients, losses_of
from symvec.layers.torch.elmo.memory import keep_freed_memory
from symvec.layers.torch.elmo.models import Both, LanguageModels
from symvec.layers.torch.elmo.sizes import ElmoSizes
from symvec.layers.torch.elmo.tensors import filed_tensors

MOST_NORM: Final = 1.0  # of the gradient; as usual for LSTMs
_BETAS: Final = (0.9, 0.99)  # the second below Adam's 0.999: a run of minutes has few steps
_MOMENTS: Final = ("exp_avg", "exp_avg_sq")
_MOST_PARTS: Final = 256
_WORDS_ALIKE: Final = 64  # numbers of words are a multiple of it where shapes are kept
_STREAM: Final = 0x9E3779B97F4A7C15  # parts the draws of one seed from those of another
_SEEDS: Final = 2**63


class Losses(NamedTuple):
    """Summed negative log-likelihoods of what was predicted."""

    forward: float
    backward: float


class Learner:
    """The network, its optimiser (Adam, Kingma and Ba 2015), and its device.

    Args:
        sizes: of the ELMo.
        frequencies: (classes,) float32, how likely each class of the softmax is.
        dropout: share of the numbers that are dropped between layers.
        seed: of the first weights, and of what is dropped.
        device: what it runs on.
        on_shortage: called with the number of parts that a batch is now computed in, when
            memory was short.
    """

    def __init__(
        self,
        sizes: ElmoSizes,
        frequencies: Float1,
        dropout: float,
        seed: int,
        device: Device,
        on_shortage: Callable[[int], None] = lambda _: None,
    ) -> None:
        keep_freed_memory()
        generator = torch.Generator().manual_seed(seed)
        models = LanguageModels(sizes, torch.from_numpy(frequencies), dropout, generator)
        self.models = models.to(device.torch)
        self.parts = 1
        self._device, self._seed, self._on_shortage = device, seed, on_shortage
        self._optimiser = torch.optim.Adam(models.parameters(), betas=_BETAS, fused=True)
        for weight in models.parameters():
            self._optimiser.state[weight] = {
                "step": torch.zeros((), device=device.torch),
                **{name: torch.zeros_like(weight) for name in _MOMENTS},
            }

    def step(self, batch: BatchArrays, rate: float, number: int) -> Losses:
        """Learn from a batch.

        Args:
            batch: sentences.
            rate: the learning rate.
            number: of the step, counted from 0; what is dropped depends on it.

        Raises:
            SymvecError: memory is short even for the smallest part of a batch.
        """
        losses = self._in_parts(lambda: self._learned(batch, number))
        nn.utils.clip_grad_norm_(self.models.parameters(), MOST_NORM)
        for group in self._optimiser.param_groups:
            group["lr"] = rate
        self._optimiser.step()
        return losses

    @torch.no_grad()
    def losses(self, batch: BatchArrays) -> Losses:
        """Return the losses of a batch, learning nothing.

        Raises:
            SymvecError: memory is short even for the smallest part of a batch.
        """
        return self._in_parts(
            lambda: _summed(
                losses_of(self.models, part, self._device) for part in self._split(batch)
            )
        )

    def tensors(self) -> dict[str, AnyArray]:
        """Return the numbers of the ELMo by their names in its file."""
        return filed_tensors(self.models)

    def state(self) -> dict[str, AnyArray]:
        """Return all that training changes but the number of the step; it may be shared."""
        return {name: tensor.detach().cpu().numpy().reshape(-1) for name, tensor in self._tensors()}

    def restore(self, state: Mapping[str, AnyArray], step: int) -> None:
        """Go back to a state.

        Args:
            state: as ``state`` returned it.
            step: how many steps had been made.
        """
        for name, tensor in self._tensors():
            tensor.detach().copy_(torch.from_numpy(np.array(state[name])).view_as(tensor))
        for state_of_weight in self._optimiser.state.values():
            state_of_weight["step"].fill_(step)

    def _tensors(self) -> Iterator[tuple[str, Tensor]]:
        for name, weight in self.models.named_parameters():
            yield name, weight
            for moment in _MOMENTS:
                yield f"{name}.{moment}", self._optimiser.state[weight][moment]

    def _learned(self, batch: BatchArrays, number: int) -> Losses:
        self._optimiser.zero_grad(set_to_none=True)
        dropped = self._generator(2 * number), self._generator(2 * number + 1)
        predictions = max(sum(batch.predictions), 1)
        return _summed(
            add_gradients(self.models, part, self._device, dropped, predictions)
            for part in self._split(batch)
        )

    def _generator(self, stream: int) -> torch.Generator:
        """Return what draws the numbers of a stream."""
        generator = torch.Generator(self._device.torch)
        return generator.manual_seed((self._seed * _STREAM + stream) % _SEEDS)

    def _split(self, batch: BatchArrays) -> Iterator[Batch]:
        for number in range(min(self.parts, len(batch.lengths))):
            part = batch if self.parts == 1 else batch.part(number, self.parts)
            if self._device.keeps_shapes:
                part = part.filled(_WORDS_ALIKE)
            yield Batch.of(part, self._device.torch)

    def _in_parts(self, compute: Callable[[], Losses]) -> Losses:
        """Compute, in more parts where memory is short; the gradient is that of the whole."""
        while True:
            try:
                return compute()
            except RuntimeError as error:
                if not is_shortage(error):
                    raise
                if self.parts >= _MOST_PARTS:
                    raise SymvecError(
                        "there is not enough memory even for a part of a batch; take a smaller "
                        "batch_words or size"
                    ) from error
            self._optimiser.zero_grad(set_to_none=True)
            if self._device.kind == "cuda":
                torch.cuda.empty_cache()
            self.parts *= 2
            self._on_shortage(self.parts)


def is_shortage(error: RuntimeError) -> bool:
    """Return whether an error says that memory is short.

    Example:
        >>> is_shortage(torch.OutOfMemoryError("CUDA out of memory"))
        True
    """
    return isinstance(error, torch.OutOfMemoryError) or "can't allocate memory" in str(error)


def _summed(found: Iterator[Both]) -> Losses:
    both = [torch.stack(losses).tolist() for losses in found]  # a card is waited for once
    return Losses(sum(own for own, _ in both), sum(own for _, own in both))
