"""The recurrent layers of one direction, over sentences side by side."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from symvec.arrays import Float2, Float3
from symvec.contextual.architecture import Architecture
from symvec.contextual.streams import Streams
from symvec.contextual.weights import Cell

STEPS_AT_ONCE: Final = 4
"""What the inputs add to the gates is one product for so many steps, always: see ``row_counts``."""


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


def empty_inputs(architecture: Architecture, steps: int, rows: int) -> Float3:
    """Return zeros for the inputs of so many steps, and for those that fill up the last product."""
    filled = -(-steps // STEPS_AT_ONCE) * STEPS_AT_ONCE
    return np.zeros((filled, rows, architecture.projection_size), np.float32)


def run_direction(
    cells: tuple[Cell, ...],
    architecture: Architecture,
    inputs: Float3,
    streams: Streams,
    states: list[State],
) -> tuple[list[Float3], list[State]]:
    """Read the sentences from their first step to their last.

    Args:
        cells: the layers of the direction.
        architecture: of the ELMo.
        inputs: (steps, rows, projection) float32, already in the order in which it is read; as
            many steps as ``empty_inputs`` has.
        streams: how many steps of a row are read, and where a sentence begins from nothing.
        states: what each layer remembers.

    Returns:
        Each layer's output, (steps, rows, projection) float32, of no meaning beyond a row's
        length; and what each layer remembers of the last step of each row.
    """
    outputs, after = [], []
    for n, (cell, state) in enumerate(zip(cells, states, strict=True)):
        own, last = _run_layer(cell, architecture, inputs, streams, state)
        if n > 0 and architecture.skip_connections:
            own += inputs
        inputs = own
        outputs.append(inputs)
        after.append(last)
    return outputs, after


def _run_layer(
    cell: Cell, architecture: Architecture, inputs: Float3, streams: Streams, state: State
) -> tuple[Float3, State]:
    """Return the outputs of a layer: the LSTM with projection of Sak et al. 2014, clipped."""
    from symvec.kernels.lstm_cells import read_cells  # not before a sentence is read

    size, clip = architecture.projection_size, np.float32(architecture.cell_clip or np.inf)
    from_input, from_output = cell.kernel[:size], cell.kernel[size:]
    rows, outputs = inputs.shape[1], np.zeros_like(inputs)
    output, memory = state.output, state.memory.copy()
    last = State(state.output.copy(), state.memory.copy())
    many = np.empty((STEPS_AT_ONCE * rows, cell.kernel.shape[1]), np.float32)
    more, hidden = np.empty((rows, many.shape[1]), np.float32), np.empty_like(memory)
    for step in range(streams.steps):
        if (begun := streams.begins.get(step)) is not None:
            output = output.copy()  # it is an answer, too
            output[begun], memory[begun] = 0, 0
        at = step % STEPS_AT_ONCE
        if at == 0:
            np.matmul(inputs[step : step + STEPS_AT_ONCE].reshape(-1, size), from_input, out=many)
        np.matmul(output, from_output, out=more)
        read_cells(many[at * rows : (at + 1) * rows], more, cell.bias, memory, hidden, clip)
        output = np.matmul(hidden, cell.projection, out=outputs[step])
        if architecture.projection_clip is not None:
            np.clip(output, -architecture.projection_clip, architecture.projection_clip, output)
        ended = np.flatnonzero(streams.lengths == step + 1)
        last.output[ended], last.memory[ended] = output[ended], memory[ended]
    return outputs, last
