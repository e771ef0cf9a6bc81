"""The gradient and the loss of logistic regression on a small matrix of scores, in vectors.

In loops of Numba's over a few columns, finding out whether arrays overlap costs more than the
numbers. The formula of the odds is that of `symvec.kernels.logistic`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from llvmlite import ir
from numba import types

from symvec.kernels.emission import (
    DOUBLE,
    Builder,
    Context,
    Emitter,
    Lanes,
    Matrix,
    NumbaType,
    Signature,
    Value,
    as_index,
    emitted,
    index,
    left_of,
    splat,
    steps,
    variable,
)
from symvec.kernels.logistic import LOGIT_LIMIT, odds_of

_WIDTHS = (16, 8)  # lanes: wide vectors as far as they fit, then one that always fits
_BYTES_PER_DOUBLE = 8


class _Regression(NamedTuple):
    """What goes in and comes out."""

    scores: Matrix
    weights: Matrix
    target_of: Callable[[Value], Value]  # by row
    alpha: Value
    odds: Value  # pointer


def _emit_columns(builder: Builder, of: _Regression, j: Value, rows: Value, lanes: int) -> None:
    """Write the gradients and the odds of the columns ``j`` to ``j + lanes``."""
    doubles, column = ir.VectorType(DOUBLE, lanes), left_of(builder, j)
    product = variable(builder, ir.Constant(doubles, [1.0] * lanes))
    with steps(builder, variable(builder, index(0)), rows, 1) as i:
        place = builder.add(of.scores.row(i), column)
        weight = of.weights.load(builder.add(of.weights.row(i), column), lanes)
        target = of.target_of(i)
        against = splat(builder, builder.fneg(target), lanes)
        score = Lanes(builder, of.scores.load(place, lanes)) * Lanes(builder, against)
        odds = odds_of(score.within(float(LOGIT_LIMIT)))
        step = splat(builder, builder.fmul(of.alpha, target), lanes)
        gradient = Lanes(builder, step) * Lanes(builder, weight) * (odds / (odds + 1.0))
        of.scores.store(gradient.value, place, lanes)
        none, one = (ir.Constant(weight.type, [number] * lanes) for number in (0.0, 1.0))
        is_pair = builder.fcmp_ordered(">", weight, none)
        factor = builder.select(is_pair, (odds + 1.0).value, one)
        wider = builder.fpext(factor, doubles)
        builder.store(builder.fmul(builder.load(product), wider), product)
    place = builder.gep(of.odds, [builder.mul(j, index(_BYTES_PER_DOUBLE))])
    pointer = builder.bitcast(place, doubles.as_pointer())
    builder.store(builder.load(product), pointer, align=_BYTES_PER_DOUBLE)


def _of_rows(
    context: Context, builder: Builder, target_type: NumbaType, target: Value
) -> Callable[[Value], Value]:
    """Return what tells a row's target: an array, or a number for all rows."""
    if not isinstance(target_type, types.Array):
        return lambda _: target
    targets = Matrix.of_array(context, builder, target_type, target)
    return lambda i: targets.load(targets.row(i), 1)


def _emit(context: Context, builder: Builder, signature: Signature, args: Sequence[Value]) -> Value:
    scores, weights, odds = (
        Matrix.of_array(context, builder, signature.args[n], args[n]) for n in (0, 1, 6)
    )
    if signature.args[1].ndim == 1:  # those of all rows
        weights = Matrix(builder, weights.base, [index(0)])
    target_of = _of_rows(context, builder, signature.args[2], args[2])
    regression = _Regression(scores, weights, target_of, args[3], odds.base)
    column = variable(builder, index(0))
    for lanes in _WIDTHS:
        with steps(builder, column, args[5], lanes) as j:
            _emit_columns(builder, regression, j, args[4], lanes)
    return context.get_dummy_value()


@emitted
def logistic_gradient(
    _: Context,
    scores: NumbaType,
    weights: NumbaType,
    targets: NumbaType,
    alpha: NumbaType,  # noqa: ARG001 - a float32
    rows: NumbaType,
    columns: NumbaType,
    odds: NumbaType,
) -> tuple[Signature, Emitter]:
    """Replace each score s by alpha * weight * t * sigmoid(-t s), and collect the loss.

    Args:
        scores: (>= rows, >= columns) float32, scores in, gradients out.
        weights: the same shape, or (>= columns,) of all rows; 0 where there is no pair.
        targets: float32, t: 1 for pairs that should be, -1 for pairs that should not; a number,
            or (>= rows,) one for each row.
        alpha: float32, the learning rate.
        rows: how many rows count, at most `symvec.kernels.logistic.MAX_ROWS`.
        columns: how many columns count, a multiple of 8.
        odds: (>= columns,) float64, out: product over the rows with a weight of
            1 + exp(-t s); its logarithm is the loss.
    """
    target = targets if isinstance(targets, types.Array) else types.float32
    sizes = as_index(rows), as_index(columns)
    return types.void(scores, weights, target, types.float32, *sizes, odds), _emit
