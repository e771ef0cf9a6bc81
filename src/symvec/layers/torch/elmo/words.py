"""Words to vectors by their characters."""

from __future__ import annotations

from typing import Final

import torch
from torch import Generator, Tensor, nn

from symvec.layers.torch.elmo.sizes import ElmoSizes
from symvec.layers.torch.elmo.start import drawn
from symvec.layers.torch.elmo.windows import strongest

# Words of like length go together, so that few of their places are padding; a card has places to
# spare, and each part costs it more calls.
_PARTS: Final = {"cpu": 2, "cuda": 1}
_CARRIED = -2.0  # of a highway's gate: mostly carried at first (Srivastava et al. 2015)


class WordNetwork(nn.Module):
    """Characters, convolutions, highways, projection.

    Args:
        sizes: of the ELMo.
        generator: what the weights are drawn from.
    """

    def __init__(self, sizes: ElmoSizes, generator: Generator) -> None:
        super().__init__()
        self._sizes = sizes
        size, count = sizes.character_size, sum(number for _, number in sizes.filters)
        # Kaiming's bounds for rectified layers, as torch.nn has them for linear ones.
        self.characters = drawn(1.0, generator, sizes.characters, size)
        self.filters = nn.ParameterList(
            drawn((width * size) ** -0.5, generator, width * size, number)
            for width, number in sizes.filters
        )
        self.filter_biases = nn.ParameterList(torch.zeros(number) for _, number in sizes.filters)
        bound = count**-0.5
        self.carries, self.transforms = (
            nn.ParameterList(drawn(bound, generator, count, count) for _ in range(sizes.highways))
            for _ in range(2)
        )
        self.carry_biases = nn.ParameterList(
            torch.full((count,), _CARRIED) for _ in range(sizes.highways)
        )
        self.transform_biases = nn.ParameterList(torch.zeros(count) for _ in range(sizes.highways))
        self.projection = drawn(bound, generator, count, sizes.projection_size)
        self.projection_bias = nn.Parameter(torch.zeros(sizes.projection_size))

    def forward(self, ids: Tensor) -> Tensor:
        """Return (words, projection) of (words, most_characters) ids."""
        used = (ids != self._sizes.characters - 1).sum(dim=1)
        order = used.argsort(stable=True)
        parts = [
            self._filtered(ids[some], used[some]) for some in order.chunk(_PARTS[ids.device.type])
        ]
        found = torch.cat(parts)[order.argsort()]
        x = torch.relu(found) if self._sizes.activation == "relu" else torch.tanh(found)
        for carry, carry_bias, transform, transform_bias in zip(
            self.carries, self.carry_biases, self.transforms, self.transform_biases, strict=True
        ):
            gate = torch.sigmoid(x @ carry + carry_bias)
            x = x + gate * (torch.relu(x @ transform + transform_bias) - x)
        return x @ self.projection + self.projection_bias

    def _filtered(self, ids: Tensor, used: Tensor) -> Tensor:
        """Return what the filters find in words of like length, (words, filters)."""
        # Cut off what is padding in every word: the maximum over one window of it is as good.
        widest = max(width for width, _ in self._sizes.filters)
        most = int(used.max()) + widest if len(used) else 0
        characters = nn.functional.embedding(ids[:, :most], self.characters)
        return torch.cat(
            [
                strongest(characters, filters, width) + bias
                for filters, bias, (width, _) in zip(
                    self.filters, self.filter_biases, self._sizes.filters, strict=True
                )
            ],
            dim=1,
        )
