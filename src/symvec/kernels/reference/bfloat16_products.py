"""Twin of ``symvec.kernels.bfloat16_products``."""

from __future__ import annotations

import numpy as np

from symvec.arrays import AnyArray, Float2
from symvec.kernels.bfloat16_products import PANEL


def multiply_panels(left: AnyArray, panels: AnyArray, out: Float2, start: int, stop: int) -> None:
    """Set the columns of some panels to those of the product, summed in float32."""
    numbers = _numbers(left.view(np.uint16))
    for panel in range(start, stop):
        pairs = panels[panel].view(np.uint16).reshape(-1, PANEL, 2)
        weights = pairs.swapaxes(1, 2).reshape(-1, PANEL)
        out[:, panel * PANEL : (panel + 1) * PANEL] = numbers @ _numbers(weights)


def _numbers(bits: AnyArray) -> Float2:
    numbers: Float2 = (bits.astype(np.uint32) << 16).view(np.float32)
    return numbers
