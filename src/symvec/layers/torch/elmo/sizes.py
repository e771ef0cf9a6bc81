"""What the network has to know of an ELMo's sizes."""

from __future__ import annotations

from typing import Protocol


class ElmoSizes(Protocol):
    """The sizes of an ELMo; ``symvec.contextual.Architecture`` has them, and explains them."""

    @property
    def characters(self) -> int:
        """Rows of the table of characters; the last one is padding."""

    @property
    def character_size(self) -> int:
        """Dimensions of a character's vector."""

    @property
    def filters(self) -> tuple[tuple[int, int], ...]:
        """Width and number of each convolution."""

    @property
    def activation(self) -> str:
        """What follows the convolutions' maximum, ``"relu"`` or ``"tanh"``."""

    @property
    def highways(self) -> int:
        """Layers between the filters and the projection."""

    @property
    def layers(self) -> int:
        """Recurrent layers in each direction."""

    @property
    def cell_size(self) -> int:
        """Numbers in the memory of a recurrent layer."""

    @property
    def projection_size(self) -> int:
        """Dimensions of a token, and of a direction's output."""

    @property
    def skip_connections(self) -> bool:
        """Whether a layer's input is added to its output, from the second on."""
