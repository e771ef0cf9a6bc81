"""What the functions that write their own vector code are built from: addresses, loops, vectors.

They write LLVM's vector types, which LLVM turns into AVX-512, AVX2 or NEON code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, TypeAlias, cast

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

# llvmlite and Numba have no types: these names say what is meant.
Builder: TypeAlias = ir.IRBuilder
Value: TypeAlias = ir.Value
NumbaType: TypeAlias = Any
Context: TypeAlias = Any
Signature: TypeAlias = Any
Emitter: TypeAlias = Callable[[Context, Builder, Signature, Sequence[Value]], Value]

FLOAT = ir.FloatType()
DOUBLE = ir.DoubleType()
INDEX = ir.IntType(64)
POINTER = ir.IntType(8).as_pointer()
LANE_NUMBER = ir.IntType(32)
BYTES_PER_FLOAT: Final = 4
LANES: Final = 8
"""Floats in a vector that every row is a multiple of."""
SIDE: Final = 4
"""Rows of either matrix that ``set_row_products`` takes at once."""


def emitted(define: Callable[..., tuple[Signature, Emitter]]) -> Callable[..., Any]:
    """Make a function that writes its own code out of what tells its types and its code."""
    return cast(Callable[..., Any], intrinsic(define))


def as_index(number: NumbaType) -> NumbaType:
    """Return the type that an integer of any type is handed over as."""
    if not isinstance(number, types.Integer):
        raise TypeError(f"expected an integer, got {number}")
    return types.intp


def index(value: int) -> Value:
    """Return a constant."""
    return ir.Constant(INDEX, value)


def left_of(builder: Builder, column: Value) -> Value:
    """Return the bytes that stand before a column of floats."""
    return builder.mul(column, index(BYTES_PER_FLOAT))


class Matrix:
    """Addresses in a matrix of floats, by their offsets in bytes.

    Args:
        builder: writes the code.
        base: pointer to the first float.
        strides: bytes from a row to the next and from a column to the next.
    """

    def __init__(self, builder: Builder, base: Value, strides: Sequence[Value]) -> None:
        self._builder = builder
        self.base = builder.bitcast(base, POINTER)
        self.strides = tuple(strides)

    @classmethod
    def of_array(
        cls, context: Context, builder: Builder, array_type: NumbaType, value: Value
    ) -> Matrix:
        """Return the matrix that an argument of array type is."""
        array = context.make_array(array_type)(context, builder, value)
        axes = range(array_type.ndim)
        return cls(builder, array.data, [builder.extract_value(array.strides, n) for n in axes])

    def row(self, row: Value) -> Value:
        """Return the offset of a row."""
        return self._builder.mul(row, self.strides[0])

    def load(self, offset: Value, lanes: int) -> Value:
        """Return the vector at an offset, or the float if ``lanes`` is 1."""
        return self._builder.load(self._pointer(offset, lanes), align=BYTES_PER_FLOAT)

    def store(self, vector: Value, offset: Value, lanes: int) -> None:
        """Write a vector at an offset."""
        self._builder.store(vector, self._pointer(offset, lanes), align=BYTES_PER_FLOAT)

    def address(self, offset: Value) -> Value:
        """Return the pointer to an offset."""
        return self._builder.gep(self.base, [offset])

    def _pointer(self, offset: Value, lanes: int) -> Value:
        element = ir.VectorType(FLOAT, lanes) if lanes > 1 else FLOAT
        return self._builder.bitcast(self.address(offset), element.as_pointer())


class Slots:
    """A stretch of an array of row numbers.

    Args:
        context: of Numba.
        builder: writes the code.
        array_type: of int32.
        value: the array.
        first: where the stretch begins.
    """

    def __init__(
        self, context: Context, builder: Builder, array_type: NumbaType, value: Value, first: Value
    ) -> None:
        array = context.make_array(array_type)(context, builder, value)
        self._builder = builder
        self._start = builder.gep(array.data, [first])

    def of(self, place: Value) -> Value:
        """Return the row number at a place of the stretch."""
        number = self._builder.load(self._builder.gep(self._start, [place]))
        return self._builder.sext(number, INDEX)

    def row(self, place: Value, records: Matrix, table: Matrix) -> Value:
        """Return the offset, from where ``records`` begins, of the row at a place of the stretch.

        A number n from 0 on is row n of ``records``, a negative one row ~n of ``table``.
        """
        builder, number = self._builder, self.of(place)
        bases = (builder.ptrtoint(matrix.base, INDEX) for matrix in (table, records))
        in_table = builder.add(builder.sub(*bases), table.row(builder.not_(number)))
        is_in_table = builder.icmp_signed("<", number, index(0))
        return builder.select(is_in_table, in_table, records.row(number))


def variable(builder: Builder, start: Value) -> Value:
    """Return a place on the stack that holds ``start``."""
    with builder.goto_entry_block():
        place = builder.alloca(start.type)
    builder.store(start, place)
    return place


@contextmanager
def steps(builder: Builder, counter: Value, stop: Value, step: int) -> Iterator[Value]:
    """Count on from where ``counter`` stands for as long as a whole step fits under ``stop``."""
    test, body, end = (builder.append_basic_block(name) for name in ("test", "body", "end"))
    builder.branch(test)
    builder.position_at_end(test)
    value = builder.load(counter)
    following = builder.add(value, index(step))
    builder.cbranch(builder.icmp_signed("<=", following, stop), body, end)
    builder.position_at_end(body)
    yield value
    builder.store(following, counter)
    builder.branch(test)
    builder.position_at_end(end)


class Lanes:
    """A vector of floats that formulas are written with as they are with NumPy's.

    Args:
        builder: writes the code.
        value: of a vector type.
    """

    __array_ufunc__ = None  # a float32 of NumPy's on the left leaves the operation to this class

    def __init__(self, builder: Builder, value: Value) -> None:
        self._builder = builder
        self.value = value

    def __add__(self, other: Lanes | float) -> Lanes:
        return self._result(self._builder.fadd, other)

    def __mul__(self, other: Lanes | float) -> Lanes:
        return self._result(self._builder.fmul, other)

    def __truediv__(self, other: Lanes) -> Lanes:
        return self._result(self._builder.fdiv, other)

    __radd__, __rmul__ = __add__, __mul__

    def within(self, limit: float) -> Lanes:
        """Return the numbers cut to -limit to limit; NaN stays NaN."""
        cut = self.value
        for bound, beyond in ((limit, ">"), (-limit, "<")):
            edge = self._other(bound)
            is_beyond = self._builder.fcmp_ordered(beyond, cut, edge)
            cut = self._builder.select(is_beyond, edge, cut)
        return Lanes(self._builder, cut)

    def _result(self, operation: Callable[..., Value], other: Lanes | float) -> Lanes:
        # A product and a sum may become one operation, as Numba lets them in numeric kernels.
        return Lanes(
            self._builder, operation(self.value, self._other(other), flags=("contract", "nsz"))
        )

    def _other(self, other: Lanes | float) -> Value:
        if isinstance(other, Lanes):
            return other.value
        vector = self.value.type
        return ir.Constant(vector, [float(other)] * vector.count)


def splat(builder: Builder, scalar: Value, lanes: int) -> Value:
    """Return a vector that holds ``scalar``, of any type, in each lane."""
    empty = ir.Constant(ir.VectorType(scalar.type, lanes), ir.Undefined)
    first = builder.insert_element(empty, scalar, ir.Constant(LANE_NUMBER, 0))
    lane_zero = ir.Constant(ir.VectorType(LANE_NUMBER, lanes), [0] * lanes)
    return builder.shuffle_vector(first, empty, lane_zero)


def declared(builder: Builder, name: str, result: Value, arguments: Sequence[Value]) -> Value:
    """Return a function that is defined elsewhere: by LLVM, or under a registered symbol."""
    known = builder.module.globals.get(name)
    return known or ir.Function(builder.module, ir.FunctionType(result, arguments), name)


def multiply_add(builder: Builder, a: Value, b: Value, c: Value) -> Value:
    """Return a * b + c of vectors, rounded once where the processor can."""
    vector = a.type
    fused = declared(builder, f"llvm.fmuladd.v{vector.count}f32", vector, [vector] * 3)
    return builder.call(fused, [a, b, c])
