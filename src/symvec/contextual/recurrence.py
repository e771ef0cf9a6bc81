"""The recurrent layers of one direction, over sentences side by side."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from symvec.arrays import Float2, Float3
from symvec.contextual.architecture import Architecture
from symvec.contextual.input_gates import STEPS_AT_ONCE, GatesByStep, InputGates, WordInputs
from symvec.contextual.matrices import CellMatrices
from symvec.contextual.streams import Streams


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
    cells: tuple[CellMatrices, ...],
    architecture: Architecture,
    words: WordInputs,
    streams: Streams,
    states: list[State],
) -> tuple[list[Float3], list[State]]:
    """Read the sentences from their first step to their last.

    Args:
        cells: the layers of the direction.
        architecture: of the ELMo.
        words: in the order in which they are read.
        streams: how many steps of a row are read, and where a sentence begins from nothing.
        states: what each layer remembers.

    Returns:
        Each layer's output, (steps and more, rows, projection) float32, of no meaning beyond a
        row's length; and what each layer remembers of the last step of each row.
    """
    outputs: list[Float3] = []
    after = []
    for n, (cell, state) in enumerate(zip(cells, states, strict=True)):
        by = cell.from_input
        inputs = words.gates(by) if n == 0 else GatesByStep(outputs[-1], by)
        own, last = _run_layer(cell, architecture, inputs, streams, state)
        if n > 0 and architecture.skip_connections:
            own += outputs[-1]
        outputs.append(own)
        after.append(last)
    return outputs, after


def _run_layer(
    cell: CellMatrices,
    architecture: Architecture,
    inputs: InputGates,
    streams: Streams,
    state: State,
) -> tuple[Float3, State]:
    """Return the outputs of a layer: the LSTM with projection of Sak et al. 2014, clipped."""
    from symvec.kernels.lstm_cells import read_cells  # not before a sentence is read
    from symvec.kernels.row_threads import even_bounds, run_ranges

    size, clip = architecture.projection_size, np.float32(architecture.cell_clip or np.inf)
    rows = len(streams.lengths)
    filled = -(-streams.steps // STEPS_AT_ONCE) * STEPS_AT_ONCE
    outputs = np.zeros((filled, rows, size), np.float32)
    output, memory = state.output, state.memory.copy()
    last = State(state.output.copy(), state.memory.copy())
    more, hidden = np.empty((rows, cell.from_output.shape[1]), np.float32), np.empty_like(memory)
    ranges = even_bounds(rows, memory.shape[1], None)
    for step in range(streams.steps):
        if (begun := streams.begins.get(step)) is not None:
            output = output.copy()  # it is an answer, too
            output[begun], memory[begun] = 0, 0
        cell.from_output.times(output, more)
        gates, read = inputs.at(step)
        run_ranges(read_cells, ranges, gates, read, more, cell.bias, memory, hidden, clip)
        output = cell.projection.times(hidden, outputs[step])
        if architecture.projection_clip is not None:
            np.clip(output, -architecture.projection_clip, architecture.projection_clip, output)
        ended = np.flatnonzero(streams.lengths == step + 1)
        last.output[ended], last.memory[ended] = output[ended], memory[ended]
    return outputs, last
