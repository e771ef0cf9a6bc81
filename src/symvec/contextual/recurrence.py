"""The recurrent layers of one direction, over sentences side by side."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from symvec.arrays import Float2, Float3, Ids64
from symvec.contextual.architecture import Architecture
from symvec.contextual.tokens import sigmoid
from symvec.contextual.weights import Cell


class State(NamedTuple):
    """What a recurrent layer remembers, for each row of a batch."""

    output: Float2  # (rows, projection), before a skip connection
    memory: Float2  # (rows, cell)


def empty_states(architecture: Architecture, rows: int) -> list[State]:
    """Return the states of the layers of a direction that has read nothing."""
    return [
        State(
            np.zeros((rows, architecture.projection_size), np.float32),
            np.zeros((rows, architecture.cell_size), np.float32),
        )
        for _ in range(architecture.layers)
    ]


def run_direction(
    cells: tuple[Cell, ...],
    architecture: Architecture,
    inputs: Float3,
    lengths: Ids64,
    states: list[State],
) -> tuple[list[Float3], list[State]]:
    """Read the sentences from their first step to their last.

    Args:
        cells: the layers of the direction.
        architecture: of the ELMo.
        inputs: (steps, rows, projection) float32, already in the order in which it is read.
        lengths: (rows,) int64, how many steps of a row are read.
        states: what each layer remembers.

    Returns:
        Each layer's output, (steps, rows, projection) float32, of no meaning beyond a row's
        length; and what each layer remembers of the last step of each row.
    """
    outputs, after = [], []
    for n, (cell, state) in enumerate(zip(cells, states, strict=True)):
        own, last = _run_layer(cell, architecture, inputs, lengths, state)
        inputs = own + inputs if n > 0 and architecture.skip_connections else own
        outputs.append(inputs)
        after.append(last)
    return outputs, after


def _run_layer(
    cell: Cell, architecture: Architecture, inputs: Float3, lengths: Ids64, state: State
) -> tuple[Float3, State]:
    outputs = np.empty((*inputs.shape[:2], architecture.projection_size), np.float32)
    for step in range(len(inputs)):
        new = _step(cell, architecture, inputs[step], state)
        active = (lengths > step)[:, None]
        state = State(
            np.where(active, new.output, state.output), np.where(active, new.memory, state.memory)
        )
        outputs[step] = new.output
    return outputs, state


def _step(cell: Cell, architecture: Architecture, x: Float2, state: State) -> State:
    """Return the next state: the LSTM with projection of Sak et al. 2014, clipped."""
    gates = np.concatenate([x, state.output], axis=1) @ cell.kernel + cell.bias
    i, j, f, o = np.split(gates, 4, axis=1)
    memory = _clipped(
        sigmoid(f + np.float32(1)) * state.memory + sigmoid(i) * np.tanh(j),
        architecture.cell_clip,
    )
    output = _clipped(
        (sigmoid(o) * np.tanh(memory)) @ cell.projection, architecture.projection_clip
    )
    return State(output, memory)


def _clipped(x: Float2, bound: float | None) -> Float2:
    if bound is None:
        return x
    clipped: Float2 = np.clip(x, np.float32(-bound), np.float32(bound))
    return clipped
