"""What the network runs on, and in which numbers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Final, Literal

import torch

from symvec.errors import InputError

DeviceName = Literal["auto", "cpu", "cuda"]
PrecisionName = Literal["auto", "float32", "bfloat16"]
# Instructions that multiply bfloat16, as torch.cpu.get_capabilities names them.
_OF_HALVES: Final = ("amx_bf16", "avx512_bf16")


@dataclass(frozen=True, slots=True)
class Device:
    """What the network runs on.

    Args:
        kind: ``"cpu"`` or ``"cuda"``.
        is_half: whether products are of bfloat16; sums and weights stay float32.
    """

    kind: str
    is_half: bool

    def __str__(self) -> str:
        """Return both, for people."""
        return f"{self.kind}, {'bfloat16' if self.is_half else 'float32'}"

    @property
    def torch(self) -> torch.device:
        """The device as PyTorch knows it."""
        return torch.device(self.kind)

    @property
    def keeps_shapes(self) -> bool:
        """Whether memory is held for each shape of a product that was met.

        oneDNN keeps the code of the last thousand: with a shape of its own for each batch
        `tiny` took 2.2 GB instead of 0.9.
        """
        return self.kind == "cpu" and self.is_half

    def products(self) -> AbstractContextManager[object]:
        """Return the context in which products are of the right type."""
        return torch.autocast(self.kind, torch.bfloat16, enabled=self.is_half)


def device_named(name: DeviceName, precision: PrecisionName = "auto") -> Device:
    """Return a device; ``"auto"`` is a graphics card where there is one.

    Args:
        name: of the device.
        precision: of products; ``"auto"`` is bfloat16 where the device multiplies it itself.

    Raises:
        InputError: there is no graphics card that PyTorch can use.

    Example:
        >>> str(device_named("cpu", "float32"))
        'cpu, float32'
    """
    has_card = torch.cuda.is_available()
    if name == "cuda" and not has_card:
        raise InputError(
            "device='cuda' needs a graphics card that this PyTorch can use, and there is none; "
            "take 'cpu', or install a PyTorch that is built for the card"
        )
    kind = "cuda" if has_card and name != "cpu" else "cpu"
    if precision == "auto":
        return Device(kind, _multiplies_halves(kind))
    return Device(kind, precision == "bfloat16")


def _multiplies_halves(kind: str) -> bool:
    """Return whether the device has instructions for products of bfloat16."""
    if kind == "cuda":
        return torch.cuda.is_bf16_supported()
    ask = getattr(torch.cpu, "get_capabilities", None)  # younger than the oldest PyTorch here
    capabilities: dict[str, object] = ask() if ask else {}
    return any(capabilities.get(name, False) for name in _OF_HALVES)


@contextmanager
def torch_threads(threads: int) -> Iterator[None]:
    """Have PyTorch use so many threads, and afterwards as many as before."""
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        yield
    finally:
        torch.set_num_threads(before)
