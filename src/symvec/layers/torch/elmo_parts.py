"""The parts of an ELMo: words from their characters, and the recurrent layers of a direction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch

from symvec.arrays import AnyArray


@dataclass(frozen=True, slots=True)
class Sizes:
    """What the parts have to know of an ELMo's architecture, which says what each means."""

    most_characters: int
    filter_widths: tuple[int, ...]
    activation: str
    highways: int
    layers: int
    skip_connections: bool
    cell_clip: float | None
    projection_clip: float | None

    @classmethod
    def of(cls, metadata: Mapping[str, Any]) -> Sizes:
        """Return the sizes that ``Architecture.to_metadata`` tells."""
        widths = tuple(int(width) for width, _ in metadata["filters"])
        same = {name: metadata[name] for name in cls.__slots__ if name != "filter_widths"}
        return cls(filter_widths=widths, **same)


class LstmState(NamedTuple):
    """What a recurrent layer remembers, for each row of a batch."""

    output: torch.Tensor  # (rows, projection), before a skip connection
    memory: torch.Tensor  # (rows, cell)


class NamedNumbers(torch.nn.Module):
    """A module whose parameters are some tensors of symvec's file of an ELMo.

    Args:
        tensors: of the file, by name.
        names: which of them; a parameter's name has ``_`` where the file's has a dot.
    """

    def __init__(self, tensors: Mapping[str, AnyArray], names: list[str]) -> None:
        super().__init__()
        self._names = names
        for name in names:
            number = torch.nn.Parameter(torch.tensor(tensors[name]))
            self.register_parameter(name.replace(".", "_"), number)

    def named_tensors(self) -> dict[str, torch.Tensor]:
        """Return the parameters by the names that the file has for them."""
        return {name: self.number(name) for name in self._names}

    def number(self, name: str) -> torch.Tensor:
        """Return a parameter by the file's name for it."""
        return self.get_parameter(name.replace(".", "_"))


class WordEncoder(NamedNumbers):
    """Words to vectors by their characters: convolutions, highways, projection."""

    def __init__(self, sizes: Sizes, tensors: Mapping[str, AnyArray]) -> None:
        first = ("characters", "filters.", "highways.", "projection")
        super().__init__(tensors, [name for name in tensors if name.startswith(first)])
        self.sizes = sizes

    def forward(self, character_ids: torch.Tensor) -> torch.Tensor:
        """Return (words, projection) from (words, most_characters) int64."""
        characters = self.number("characters")[character_ids].transpose(1, 2)
        found = []
        for n in range(len(self.sizes.filter_widths)):
            # The file has (width, size, number), a convolution wants (number, size, width).
            filters = self.number(f"filters.{n}").permute(2, 1, 0)
            scores = torch.nn.functional.conv1d(characters, filters)
            found.append(scores.amax(dim=2) + self.number(f"filters.{n}.bias"))
        x = torch.cat(found, dim=1)
        x = torch.relu(x) if self.sizes.activation == "relu" else torch.tanh(x)
        for n in range(self.sizes.highways):
            part = f"highways.{n}."
            gate = torch.sigmoid(x @ self.number(part + "carry") + self.number(part + "carry_bias"))
            other = x @ self.number(part + "transform") + self.number(part + "transform_bias")
            x = gate * torch.relu(other) + (1 - gate) * x
        return x @ self.number("projection") + self.number("projection.bias")


class Lstm(NamedNumbers):
    """The recurrent layers of one direction: LSTMs with a projection, clipped."""

    def __init__(self, sizes: Sizes, tensors: Mapping[str, AnyArray], direction: str) -> None:
        super().__init__(tensors, [name for name in tensors if name.startswith(f"{direction}.")])
        self.sizes = sizes
        self.direction = direction

    def forward(
        self, inputs: torch.Tensor, lengths: torch.Tensor, states: list[LstmState] | None
    ) -> tuple[torch.Tensor, list[LstmState]]:
        """Read the sentences from their first step to their last.

        Args:
            inputs: (rows, steps, projection), in the order in which they are read.
            lengths: (rows,) int64, how many steps of a row are read.
            states: what each layer remembers, None for nothing.

        Returns:
            (layers + 1, rows, steps, projection), the inputs first, of no meaning beyond a row's
            length; and what each layer remembers of the last step of each row.
        """
        outputs, after = [inputs], []
        for n in range(self.sizes.layers):
            own, last = self._layer(n, inputs, lengths, None if states is None else states[n])
            inputs = own + inputs if n > 0 and self.sizes.skip_connections else own
            outputs.append(inputs)
            after.append(last)
        return torch.stack(outputs), after

    def _layer(
        self, n: int, inputs: torch.Tensor, lengths: torch.Tensor, state: LstmState | None
    ) -> tuple[torch.Tensor, LstmState]:
        rows, steps, size = inputs.shape
        kernel = self.number(f"{self.direction}.{n}.kernel")
        projection = self.number(f"{self.direction}.{n}.projection")
        # What the inputs add to the gates is one product for all steps.
        from_inputs = inputs @ kernel[:size] + self.number(f"{self.direction}.{n}.bias")
        output, memory = state or LstmState(
            inputs.new_zeros(rows, size), inputs.new_zeros(rows, len(projection))
        )
        found = []
        for step in range(steps):
            i, j, f, o = (from_inputs[:, step] + output @ kernel[size:]).chunk(4, dim=1)
            new = torch.sigmoid(f + 1) * memory + torch.sigmoid(i) * torch.tanh(j)
            new = _clipped(new, self.sizes.cell_clip)
            out = (torch.sigmoid(o) * torch.tanh(new)) @ projection
            out = _clipped(out, self.sizes.projection_clip)
            found.append(out)
            active = (lengths > step)[:, None]
            output, memory = torch.where(active, out, output), torch.where(active, new, memory)
        stacked = torch.stack(found, dim=1) if found else inputs.new_zeros(rows, 0, size)
        return stacked, LstmState(output, memory)


def _clipped(x: torch.Tensor, bound: float | None) -> torch.Tensor:
    return x if bound is None else x.clamp(-bound, bound)
