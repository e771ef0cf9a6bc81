"""An ELMo as a PyTorch module: the same numbers as with NumPy, and it can be trained further."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol, TypeAlias, cast

import numpy as np
import torch

from symvec.arrays import AnyArray, Ids2
from symvec.errors import InputError
from symvec.layers.torch.elmo_parts import Lstm, LstmState, Sizes, WordEncoder

Sentence: TypeAlias = Sequence[str]


class _Described(Protocol):
    def to_metadata(self) -> Mapping[str, Any]: ...


class _Numbers(Protocol):
    def to_tensors(self) -> Mapping[str, AnyArray]: ...


class _Characters(Protocol):
    def ids(self, words: Sequence[str], most: int) -> Ids2: ...

    def sentence_marks(self, most: int) -> Ids2: ...


class Elmo(Protocol):
    """What an open ELMo shows; ``symvec.ContextualEncoder`` does."""

    @property
    def architecture(self) -> _Described:
        """Its sizes."""

    @property
    def weights(self) -> _Numbers:
        """Its numbers."""

    @property
    def characters(self) -> _Characters:
        """How words are read."""


class ElmoOutput(NamedTuple):
    """The vectors of words in their sentences."""

    layers: torch.Tensor  # (layers + 1, sentences, words, D), zero behind a sentence's end
    mask: torch.Tensor  # (sentences, words) bool, true where there is a word
    states: list[list[LstmState]]  # by direction and layer: what each row remembers


class ElmoEncoder(torch.nn.Module):
    """Gives each word of a sentence vectors that depend on the sentence, in PyTorch.

    Args:
        elmo: what ``symvec.load`` opened.
        trainable: whether its numbers get gradients; they are copied in any case.

    Example:
        >>> import symvec
        >>> elmo = symvec.load("elmo.safetensors")  # doctest: +SKIP
        >>> encoder, mix = ElmoEncoder(elmo), ScalarMix(3)  # doctest: +SKIP
        >>> found = encoder([["I", "went", "to", "the", "bank"]])  # doctest: +SKIP
        >>> mix(found.layers, found.mask).shape  # doctest: +SKIP
        torch.Size([1, 5, 1024])
    """

    def __init__(self, elmo: Elmo, *, trainable: bool = False) -> None:
        super().__init__()
        sizes = Sizes.of(elmo.architecture.to_metadata())
        tensors = elmo.weights.to_tensors()
        self._read_as = elmo.characters
        self.sizes = sizes
        self.words = WordEncoder(sizes, tensors)
        self.directions = torch.nn.ModuleList(
            Lstm(sizes, tensors, direction) for direction in ("forward", "backward")
        )
        self.requires_grad_(trainable)

    def forward(
        self, sentences: Sequence[Sentence], states: list[list[LstmState]] | None = None
    ) -> ElmoOutput:
        """Return the vectors of each word of each sentence.

        Args:
            sentences: lists of words; none need be of one length.
            states: what an earlier output remembers, for as many sentences, to go on from it as
                the published programs did; sentences begin from nothing when left out.

        Raises:
            InputError: a sentence is no list of words.
        """
        places, lengths, ids = self._looked_up(sentences)
        tokens = self.words(ids)[places]  # (sentences, steps, projection)
        halves, after = [], []
        for n, direction in enumerate(self.directions):
            order = _order(lengths, places.shape[1], backward=n == 1)
            read = torch.gather(tokens, 1, order[..., None].expand_as(tokens))
            outputs, last = direction(read, lengths, None if states is None else states[n])
            back = order[None, ..., None].expand_as(outputs)
            halves.append(torch.gather(outputs, 2, back))
            after.append(last)
        layers = torch.cat(halves, dim=-1)[:, :, 1:-1]  # without the marks of begin and end
        mask = torch.arange(layers.shape[2], device=lengths.device) < (lengths - 2)[:, None]
        return ElmoOutput(torch.where(mask[..., None], layers, 0), mask, after)

    def to_tensors(self) -> dict[str, AnyArray]:
        """Return the numbers by the names of symvec's file, to save what was trained further.

        ``Weights.from_tensors(encoder.to_tensors(), elmo.architecture)`` takes them.
        """
        found = self.words.named_tensors()
        for direction in self.directions:
            found |= cast(Lstm, direction).named_tensors()
        return {name: tensor.detach().cpu().numpy().copy() for name, tensor in found.items()}

    def _looked_up(
        self, sentences: Sequence[Sentence]
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return where each word is among the distinct ones, lengths, and their characters."""
        numbers: dict[str, int] = {}
        places = []
        for number, sentence in enumerate(sentences):
            if isinstance(sentence, str) or not isinstance(sentence, Sequence):
                raise InputError(
                    f"sentence {number} must be a list of words, got {sentence!r}; split it first"
                )
            words = [2 + numbers.setdefault(word, len(numbers)) for word in sentence]
            places.append([0, *words, 1])
        most = self.sizes.most_characters
        marks = self._read_as.sentence_marks(most)
        ids = np.concatenate([marks, self._read_as.ids(list(numbers), most)]).astype(np.int64)
        lengths = np.array([len(place) for place in places], dtype=np.int64)
        padded = np.zeros((len(places), lengths.max(initial=2)), dtype=np.int64)
        for row, place in zip(padded, places, strict=True):
            row[: len(place)] = place
        device = self.words.number("projection").device
        a, b, c = (torch.from_numpy(array).to(device) for array in (padded, lengths, ids))
        return a, b, c


def _order(lengths: torch.Tensor, steps: int, *, backward: bool) -> torch.Tensor:
    """Return which place of a sentence is read at each step, (sentences, steps).

    Backward, a sentence is read from its own end; the order is its own inverse.
    """
    step = torch.arange(steps, device=lengths.device).expand(len(lengths), steps)
    if not backward:
        return step
    return torch.where(step < lengths[:, None], lengths[:, None] - 1 - step, step)
