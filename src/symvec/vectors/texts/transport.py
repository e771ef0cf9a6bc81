"""The cheapest way to carry what is here to where it is wanted, exactly."""

from __future__ import annotations

import numpy as np

from symvec.arrays import AnyArray, Double1, Double2, Ids64
from symvec.errors import InputError

# Amounts below this part of the whole are the rounding of float64.
_NOTHING = 1e-12


def transport(supply: AnyArray, demand: AnyArray, cost: AnyArray) -> Double2:
    """Return the flow of least total cost from supplies to demands.

    Successive shortest paths with prices (Edmonds and Karp 1972; the search over a dense matrix
    is that of Jonker and Volgenant 1987). The result is exact, not smoothed as Sinkhorn's is;
    the time grows with the cube of the number of places, which for texts of up to a few hundred
    distinct words is less than a second.

    Args:
        supply: (n,) floats, 0 or more.
        demand: (m,) floats, 0 or more, with the same sum.
        cost: (n, m) finite floats, the cost of one unit.

    Returns:
        (n, m) float64, how much goes from each place to each.

    Raises:
        InputError: the shapes or the sums do not fit, or a number is negative or not finite.

    Example:
        >>> transport([2, 1], [1, 2], [[0, 1], [1, 0]]).tolist()
        [[1.0, 1.0], [0.0, 1.0]]
    """
    left, wanted, costs = _checked(supply, demand, cost)
    flow = np.zeros(costs.shape)
    nothing = _NOTHING * max(left.sum(), 1.0)
    row_prices = costs.min(axis=1, initial=np.inf) if costs.size else np.zeros(len(left))
    reduced = costs - row_prices[:, None]
    while left.size and left.max() > nothing and wanted.max() > nothing:
        column, row_of, column_of = _shortest_path(left > nothing, wanted > nothing, reduced, flow)
        _carry(flow, left, wanted, column, row_of, column_of)
    return flow


def _checked(
    supply: AnyArray, demand: AnyArray, cost: AnyArray
) -> tuple[Double1, Double1, Double2]:
    left, wanted = (np.array(amounts, dtype=np.float64) for amounts in (supply, demand))
    costs = np.asarray(cost, dtype=np.float64)
    if left.ndim != 1 or wanted.ndim != 1 or costs.shape != (len(left), len(wanted)):
        raise InputError(
            f"expected a cost for each of {left.shape} supplies and {wanted.shape} demands, got "
            f"{np.shape(cost)}"
        )
    for name, array in (("supply", left), ("demand", wanted)):
        if not np.isfinite(array).all() or (array < 0).any():
            raise InputError(f"each {name} must be a finite number and 0 or more")
    if not np.isfinite(costs).all():
        raise InputError("each cost must be a finite number")
    if not np.isclose(left.sum(), wanted.sum(), rtol=1e-9, atol=0):
        raise InputError(
            f"supply and demand must have the same sum, got {left.sum()} and {wanted.sum()}"
        )
    return left, wanted, costs


def _shortest_path(
    begins: AnyArray, ends: AnyArray, reduced: Double2, flow: Double2
) -> tuple[int, Ids64, Ids64]:
    """Find the cheapest path from what is left to what is wanted, and adapt the prices.

    ``reduced`` are costs less prices, 0 or more, and 0 where something flows; they are changed
    in place so that they stay so.

    Returns:
        The column at the end, the row before each column, and the column before each row (-1
        where the path begins).
    """
    rows, columns = reduced.shape
    row_costs = np.where(begins, 0.0, np.inf)
    column_of = np.full(rows, -1, dtype=np.int64)
    first = np.flatnonzero(begins)
    row_of = first[reduced[first].argmin(axis=0)]
    column_costs = reduced[row_of, np.arange(columns)]
    done = np.zeros(columns, dtype=np.bool_)
    while True:
        column = int(np.where(done, np.inf, column_costs).argmin())
        length = column_costs[column]
        done[column] = True
        if ends[column]:
            break
        for row in np.flatnonzero((flow[:, column] > 0) & np.isinf(row_costs)):
            row_costs[row], column_of[row] = length, column
            through = length + reduced[row]
            nearer = ~done & (through < column_costs)
            column_costs[nearer], row_of[nearer] = through[nearer], row
    reduced -= np.maximum(length - row_costs, 0)[:, None]
    reduced += np.where(done, length - column_costs, 0)
    np.maximum(reduced, 0, out=reduced)  # what is below is rounding
    return column, row_of, column_of


def _carry(
    flow: Double2, left: Double1, wanted: Double1, column: int, row_of: Ids64, column_of: Ids64
) -> None:
    """Carry along a path as much as each of its parts allows."""
    path: list[tuple[int, int]] = []  # rows, and the columns that they now go to
    backs: list[tuple[int, int]] = []  # rows, and the columns that they no longer go to
    at = column
    while True:
        row = int(row_of[at])
        path.append((row, at))
        if column_of[row] < 0:
            break
        at = int(column_of[row])
        backs.append((row, at))
    amount = min(left[row], wanted[column], *(flow[place] for place in backs))
    for place in path:
        flow[place] += amount
    for place in backs:
        flow[place] -= amount
    left[row] -= amount
    wanted[column] -= amount
