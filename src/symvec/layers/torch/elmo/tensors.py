"""The network's numbers under the names that the file of an ELMo has for them."""

from __future__ import annotations

from typing import Final, cast

import numpy as np
from torch import Tensor

from symvec.arrays import AnyArray
from symvec.layers.torch.elmo.models import LanguageModels, RecurrentLayer
from symvec.layers.torch.elmo.recurrence import GATES

_FILED_GATES: Final = ("input", "new", "forget", "output")
_DIRECTIONS: Final = ("forward", "backward")


def filed_tensors(models: LanguageModels) -> dict[str, AnyArray]:
    """Return the numbers of the words and the recurrent layers, float32; the softmax is left out.

    ``docs/reference/elmo-file.md`` describes names and shapes.
    """
    words, sizes = models.words, models.sizes
    tensors = {"characters": _array(words.characters)}
    for n, (width, number) in enumerate(sizes.filters):
        filters = _array(words.filters[n])
        tensors[f"filters.{n}"] = filters.reshape(width, sizes.character_size, number)
        tensors[f"filters.{n}.bias"] = _array(words.filter_biases[n])
    for n in range(sizes.highways):
        tensors[f"highways.{n}.carry"] = _array(words.carries[n])
        tensors[f"highways.{n}.carry_bias"] = _array(words.carry_biases[n])
        tensors[f"highways.{n}.transform"] = _array(words.transforms[n])
        tensors[f"highways.{n}.transform_bias"] = _array(words.transform_biases[n])
    tensors["projection"] = _array(words.projection)
    tensors["projection.bias"] = _array(words.projection_bias)
    for direction, name in enumerate(_DIRECTIONS):
        for n, layer in enumerate(models.layers):
            tensors |= _cell(f"{name}.{n}", cast(RecurrentLayer, layer), direction)
    return tensors


def _cell(name: str, layer: RecurrentLayer, direction: int) -> dict[str, AnyArray]:
    """Return a cell with its gates in the file's order, and without the 1 that it adds."""
    from_input, from_output, bias, projection = map(_array, layer.of_direction(direction))
    kernel, bias = np.concatenate([from_input, from_output]), bias[0]
    gates = dict(zip(GATES, np.split(np.arange(len(bias)), len(GATES)), strict=True))
    bias[gates["forget"]] -= 1
    order = np.concatenate([gates[gate] for gate in _FILED_GATES])
    return {
        f"{name}.kernel": kernel[:, order],
        f"{name}.bias": bias[order],
        f"{name}.projection": projection,
    }


def _array(tensor: Tensor) -> AnyArray:
    """Return a copy of float32 on the processor."""
    array: AnyArray = tensor.detach().cpu().float().numpy().copy()
    return array
