"""Twins of ``symvec.kernels.lstm_cells``."""

from __future__ import annotations

import numpy as np

from symvec.arrays import AnyArray, Float1, Float2, Float3, Ids64


def open_cells(
    gates: Float3, memories: Float3, squashed: Float3, hidden: Float2, step: int
) -> None:
    """Squash the gates of a step and find what the cells remember and show."""
    new, *rest = np.split(gates[step], 4, axis=1)
    new, (entered, held, shown) = np.tanh(new), map(_sigmoid, rest)
    before = memories[step - 1] if step else 0
    memories[step] = new * entered + before * held
    squashed[step] = np.tanh(memories[step])
    hidden[:] = squashed[step] * shown
    gates[step] = np.concatenate([new, entered, held, shown], axis=1)


def read_cells(
    from_inputs: Float2,
    read: Ids64,
    from_outputs: Float2,
    bias: Float1,
    memory: Float2,
    hidden: Float2,
    clip: float,
    start: int,
    stop: int,
) -> None:
    """Bring memories to the next step, and find what the cells show; nothing else is kept."""
    some = slice(start, stop)
    gates = from_inputs[read[some]] + from_outputs[some] + bias
    entered, new, held, shown = np.split(gates, 4, axis=1)
    found = _sigmoid(held + 1) * memory[some] + _sigmoid(entered) * np.tanh(new)
    memory[some] = np.clip(found, -clip, clip)
    hidden[some] = _sigmoid(shown) * np.tanh(memory[some])


def close_cells(
    gates: Float3,
    memories: Float3,
    squashed: Float3,
    hidden_grads: Float2,
    carried: Float2,
    gate_grads: Float3,
    step: int,
) -> None:
    """Find the gradients of a step's gates before they were squashed."""
    new, entered, held, shown = np.split(gates[step], 4, axis=1)
    before = memories[step - 1] if step else 0
    memory = carried + hidden_grads * shown * (1 - squashed[step] ** 2)
    gate_grads[step] = np.concatenate(
        [
            memory * entered * (1 - new**2),
            memory * new * entered * (1 - entered),
            memory * before * held * (1 - held),
            hidden_grads * squashed[step] * shown * (1 - shown),
        ],
        axis=1,
    )
    carried[:] = memory * held


def _sigmoid(x: AnyArray) -> AnyArray:
    found: AnyArray = 1 / (1 + np.exp(-x))
    return found
