"""A step of a recurrent layer's cells, forward and backward, in one pass over their numbers.

The twin states the formula in NumPy. For training gates lie in the order new memory, input,
forget, output, and what a step found is kept, all but the memories in float32 or in bfloat16
(as uint16); for reading they lie as ELMo's file has them.
"""

from __future__ import annotations

import numpy as np

from symvec.arrays import AnyArray, Float1, Float2, Float3, Ids64
from symvec.kernels.bfloat16 import element_of, number_of
from symvec.kernels.compiling import Scalar, merged, numeric_kernel

_HALF, _ONE, _LIMIT = np.float32(0.5), np.float32(1), np.float32(9)  # tanh(9) is 1 in float32
# Lambert's continued fraction x / (1 + x^2 / (3 + x^2 / (5 + ...))), seven levels of it.
_N0, _N1, _N2 = np.float32(135135), np.float32(17325), np.float32(378)
_D1, _D2, _D3 = np.float32(62370), np.float32(3150), np.float32(28)


@merged
def tanh_of(x: Scalar) -> Scalar:
    """Return tanh(x) with a relative error below 4e-7, without a branch or a table.

    It is 2 t / (1 + t^2) with t = tanh(x / 2), whose fraction is exact up to 4.5; a loop runs
    in vectors.
    """
    y = _HALF * min(max(x, -_LIMIT), _LIMIT)
    z = y * y
    a = y * (((z + _N2) * z + _N1) * z + _N0)
    b = ((_D3 * z + _D2) * z + _D1) * z + _N0
    return (a + a) * b / (a * a + b * b)


@merged
def sigmoid_of(x: Scalar) -> Scalar:
    """Return 1 / (1 + exp(-x))."""
    return tanh_of(_HALF * x) * _HALF + _HALF


@numeric_kernel
def open_cells(
    gates: AnyArray, memories: Float3, squashed: AnyArray, hidden: AnyArray, step: int
) -> None:
    """Squash the gates of a step and find what the cells remember and show.

    Args:
        gates: (steps, rows, 4 * size) float32 or uint16, of this step changed.
        memories: (steps, rows, size) float32, of this step written.
        squashed: (steps, rows, size) as gates, of this step set to the memory's tanh.
        hidden: (rows, size) as gates, set to what the cells show.
        step: counted from 0, where nothing was remembered before.
    """
    size = hidden.shape[1]
    for row in range(hidden.shape[0]):
        gate = gates[step, row]
        new, entered = gate[:size], gate[size : 2 * size]
        held, shown = gate[2 * size : 3 * size], gate[3 * size :]
        memory, open_, out = memories[step, row], squashed[step, row], hidden[row]
        before = memories[max(step - 1, 0), row]
        for k in range(size):
            new[k] = element_of(tanh_of(number_of(new[k])), new)
            entered[k] = element_of(sigmoid_of(number_of(entered[k])), new)
            held[k] = element_of(sigmoid_of(number_of(held[k])), new)
            shown[k] = element_of(sigmoid_of(number_of(shown[k])), new)
        if step == 0:
            for k in range(size):
                memory[k] = number_of(new[k]) * number_of(entered[k])
        else:
            for k in range(size):
                found = number_of(new[k]) * number_of(entered[k])
                memory[k] = found + before[k] * number_of(held[k])
        for k in range(size):
            opened = tanh_of(memory[k])
            open_[k] = element_of(opened, open_)
            out[k] = element_of(opened * number_of(shown[k]), out)


@numeric_kernel
def read_cells(
    from_inputs: Float2,
    read: Ids64,
    from_outputs: Float2,
    bias: Float1,
    memory: Float2,
    hidden: Float2,
    clip: Scalar,
    start: int,
    stop: int,
) -> None:
    """Bring memories to the next step, and find what the cells show; nothing else is kept.

    Args:
        from_inputs: (any, 4 * size) float32, what inputs add to the gates: input gate, new memory,
            forget gate, output gate.
        read: (rows,) int64, which of them each row takes.
        from_outputs: (rows, 4 * size) float32, what the last outputs add.
        bias: (4 * size,) float32; 1 is added to the forget gate's part.
        memory: (rows, size) float32, changed.
        hidden: (rows, size) float32, set to what the cells show.
        clip: bound of the memories, float32.
        start: the first row that is read.
        stop: the row behind the last.
    """
    size = memory.shape[1]
    for row in range(start, stop):
        x, h = from_inputs[read[row]], from_outputs[row]
        remembered, out = memory[row], hidden[row]
        x_entered, h_entered, b_entered = x[:size], h[:size], bias[:size]
        x_new, h_new, b_new = x[size : 2 * size], h[size : 2 * size], bias[size : 2 * size]
        x_held, h_held = x[2 * size : 3 * size], h[2 * size : 3 * size]
        x_shown, h_shown, b_shown = x[3 * size :], h[3 * size :], bias[3 * size :]
        b_held = bias[2 * size : 3 * size]
        for k in range(size):
            entered = sigmoid_of(x_entered[k] + h_entered[k] + b_entered[k])
            new = tanh_of(x_new[k] + h_new[k] + b_new[k])
            held = sigmoid_of(x_held[k] + h_held[k] + b_held[k] + _ONE)
            found = held * remembered[k] + entered * new
            found = min(max(found, -clip), clip)
            remembered[k] = found
            shown = sigmoid_of(x_shown[k] + h_shown[k] + b_shown[k])
            out[k] = shown * tanh_of(found)


@numeric_kernel
def close_cells(
    gates: AnyArray,
    memories: Float3,
    squashed: AnyArray,
    hidden_grads: AnyArray,
    carried: Float2,
    gate_grads: AnyArray,
    step: int,
) -> None:
    """Find the gradients of a step's gates before they were squashed.

    Args:
        gates: (steps, rows, 4 * size) float32, as ``open_cells`` left them.
        memories: the same.
        squashed: the same.
        hidden_grads: (rows, size) as gates, of what the cells show.
        carried: (rows, size) float32, of the memories, from the step after; changed to what the
            step before gets.
        gate_grads: (steps, rows, 4 * size) as gates, of this step written.
        step: counted from 0.
    """
    size = carried.shape[1]
    for row in range(carried.shape[0]):
        gate, grads = gates[step, row], gate_grads[step, row]
        new, entered = gate[:size], gate[size : 2 * size]
        held, shown = gate[2 * size : 3 * size], gate[3 * size :]
        d_new, d_entered = grads[:size], grads[size : 2 * size]
        d_held, d_shown = grads[2 * size : 3 * size], grads[3 * size :]
        open_, d_hidden, kept = squashed[step, row], hidden_grads[row], carried[row]
        before = memories[max(step - 1, 0), row]
        for k in range(size):
            d_hid, show, open_now = number_of(d_hidden[k]), number_of(shown[k]), number_of(open_[k])
            d = d_hid * show
            d_shown[k] = element_of(d_hid * open_now * show * (_ONE - show), grads)
            kept[k] += d * (_ONE - open_now * open_now)
        for k in range(size):
            made, enter = number_of(new[k]), number_of(entered[k])
            d_new[k] = element_of(kept[k] * enter * (_ONE - made * made), grads)
            d_entered[k] = element_of(kept[k] * made * enter * (_ONE - enter), grads)
        if step == 0:
            for k in range(size):
                d_held[k] = 0
        else:
            for k in range(size):
                hold = number_of(held[k])
                d_held[k] = element_of(kept[k] * before[k] * hold * (_ONE - hold), grads)
        for k in range(size):
            kept[k] *= number_of(held[k])
