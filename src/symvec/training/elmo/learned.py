"""What the training of ELMo ends in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from symvec.arrays import AnyArray
from symvec.contextual import Architecture, ContextualEncoder, Weights
from symvec.contextual.characters import Characters
from symvec.text.tokenising import TextTokeniser


@dataclass(frozen=True, eq=False)
class LearnedEncoder:
    """The numbers of an ELMo, and how it reads words.

    Args:
        architecture: sizes.
        tensors: by the names of ``symvec.contextual.weights.shapes``.
        characters: how words are read.
        results: see ``symvec.training.task.Learned``.
    """

    architecture: Architecture
    tensors: Mapping[str, AnyArray]
    characters: Characters
    results: Mapping[str, object]

    def model(
        self, tokeniser: TextTokeniser | None, provenance: Mapping[str, object]
    ) -> ContextualEncoder:
        """Return the encoder; its provenance says how text was cut into words."""
        cut = None if tokeniser is None else dict(tokeniser.to_metadata())
        return ContextualEncoder(
            self.architecture,
            Weights.from_tensors(self.tensors, self.architecture),
            self.characters,
            provenance={**provenance, "tokeniser": cut},
        )
