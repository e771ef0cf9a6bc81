"""Small dense products and row updates at the speed of the processor's vector unit.

Numba's loop vectoriser reaches a sixth of what the hardware can do on matrices of a few dozen
rows, because it cannot keep a tile of the result in registers. These intrinsics emit that tile
themselves, as LLVM vectors, which LLVM turns into AVX-512, AVX2 or NEON code.

Each number of a result is summed in the order of the inner index, whatever the width of the
vectors: the same input gives the same bits on every processor with fused multiply-add.

The NumPy twin, which reads like the formulas, is `symvec.kernels.reference.tiles`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import llvmlite.binding
from llvmlite import ir
from numba import config, njit, types
from numba.core import cgutils
from numba.extending import intrinsic

FLOAT = ir.FloatType()
INDEX = ir.IntType(64)
BYTES_PER_FLOAT = 4
LANES = 8  # floats in a vector that every row is a multiple of

# Blocks of the result held in registers: (vectors, floats a vector, rows). AVX-512 has 32
# registers: 24 sums, 3 columns, 1 broadcast; AVX2 has 16: 12 sums, 2 columns, 1 broadcast.
_AVX512_BLOCKS = ((3, 16, (8, 6, 1)), (1, 16, (8, 6, 1)))
_AVX2_BLOCKS = ((2, 8, (6, 4, 1)),)
_LAST_BLOCK = ((1, 8, (8, 6, 1)),)
_HAS_AVX512 = bool(llvmlite.binding.get_host_cpu_features().get("avx512f", False))
_ROW_LANES = (16, 8)
BLOCKS = (_AVX512_BLOCKS if _HAS_AVX512 else _AVX2_BLOCKS) + _LAST_BLOCK


def _index(value: int) -> ir.Constant:
    return ir.Constant(INDEX, value)


class _Matrix:
    """Addresses inside one array argument of one or two axes."""

    def __init__(self, context: Any, builder: Any, array_type: Any, value: Any) -> None:
        array = context.make_array(array_type)(context, builder, value)
        self._builder = builder
        self._base = builder.bitcast(array.data, ir.IntType(8).as_pointer())
        self.strides = cgutils.unpack_tuple(builder, array.strides, array_type.ndim)

    def row(self, row: Any) -> Any:
        """Return the byte offset of a row."""
        return self._builder.mul(row, self.strides[0])

    def load(self, byte_offset: Any, lanes: int) -> Any:
        return self._builder.load(self._pointer(byte_offset, lanes), align=BYTES_PER_FLOAT)

    def store(self, vector: Any, byte_offset: Any, lanes: int) -> None:
        pointer = self._pointer(byte_offset, lanes)
        self._builder.store(vector, pointer, align=BYTES_PER_FLOAT)

    def address(self, byte_offset: Any) -> Any:
        return self._builder.gep(self._base, [byte_offset])

    def _pointer(self, byte_offset: Any, lanes: int) -> Any:
        element = ir.VectorType(FLOAT, lanes) if lanes > 1 else FLOAT
        return self._builder.bitcast(self.address(byte_offset), element.as_pointer())


@contextmanager
def _while(builder: Any, condition: Callable[[], Any]) -> Iterator[None]:
    test, body, end = (builder.append_basic_block(name) for name in ("test", "body", "end"))
    builder.branch(test)
    builder.position_at_end(test)
    builder.cbranch(condition(), body, end)
    builder.position_at_end(body)
    yield
    builder.branch(test)
    builder.position_at_end(end)


@contextmanager
def _steps(builder: Any, counter: Any, stop: Any, step: int) -> Iterator[Any]:
    """Count on from where ``counter`` stands for as long as a whole step fits under ``stop``."""

    def fits() -> Any:
        return builder.icmp_signed("<=", builder.add(builder.load(counter), _index(step)), stop)

    with _while(builder, fits):
        value = builder.load(counter)
        yield value
        builder.store(builder.add(value, _index(step)), counter)


def _splat(builder: Any, scalar: Any, lanes: int) -> Any:
    vector = ir.VectorType(FLOAT, lanes)
    empty = ir.Constant(vector, ir.Undefined)
    first = builder.insert_element(empty, scalar, ir.Constant(ir.IntType(32), 0))
    lane_zero = ir.Constant(ir.VectorType(ir.IntType(32), lanes), [0] * lanes)
    return builder.shuffle_vector(first, empty, lane_zero)


def _fused(builder: Any, lanes: int) -> Any:
    vector = ir.VectorType(FLOAT, lanes)
    signature = ir.FunctionType(vector, [vector] * 3)
    return cgutils.get_or_insert_function(builder.module, signature, f"llvm.fmuladd.v{lanes}f32")


def _block(
    builder: Any, c: _Matrix, a: _Matrix, b: _Matrix, at: tuple[Any, Any, Any], shape: Any, add: Any
) -> None:
    """Emit C[i:i+rows, j:j+columns] (+)= A[i:i+rows, :depth] @ B[:depth, j:j+columns]."""
    (i, j, depth), (vectors, lanes, rows) = at, shape
    vector = ir.VectorType(FLOAT, lanes)
    left = builder.mul(j, _index(BYTES_PER_FLOAT))
    columns = [builder.add(left, _index(v * lanes * BYTES_PER_FLOAT)) for v in range(vectors)]
    a_rows, targets = [], []
    for r in range(rows):
        row = builder.add(i, _index(r))
        a_rows.append(a.row(row))
        targets += [builder.add(c.row(row), column) for column in columns]
    zero = ir.Constant(vector, [0.0] * lanes)
    starts = [builder.select(add, c.load(target, lanes), zero) for target in targets]
    before, loop, after = builder.block, builder.append_basic_block(), builder.append_basic_block()
    builder.branch(loop)
    builder.position_at_end(loop)
    k = builder.phi(INDEX)
    k.add_incoming(_index(0), before)
    sums = [builder.phi(vector) for _ in starts]
    b_vectors = [b.load(builder.add(b.row(k), column), lanes) for column in columns]
    a_column = builder.mul(k, a.strides[1])
    fused, results = _fused(builder, lanes), []
    for r in range(rows):
        factor = _splat(builder, a.load(builder.add(a_rows[r], a_column), 1), lanes)
        for v in range(vectors):
            results.append(builder.call(fused, [factor, b_vectors[v], sums[r * vectors + v]]))
    following = builder.add(k, _index(1))
    k.add_incoming(following, loop)
    for total, start, result in zip(sums, starts, results, strict=True):
        total.add_incoming(start, before)
        total.add_incoming(result, loop)
    builder.cbranch(builder.icmp_signed("<", following, depth), loop, after)
    builder.position_at_end(after)
    for target, result in zip(targets, results, strict=True):
        c.store(result, target, lanes)


def _product(
    typing_context: Any, C: Any, A: Any, B: Any, rows: Any, columns: Any, depth: Any, add: Any
) -> Any:
    signature = types.void(C, A, B, types.intp, types.intp, types.intp, types.boolean)

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        c, a, b = (
            _Matrix(context, builder, array_type, value)
            for array_type, value in zip(signature.args[:3], args[:3], strict=True)
        )
        rows, columns, depth, add = args[3:]
        column = cgutils.alloca_once_value(builder, _index(0))
        row = cgutils.alloca_once(builder, INDEX)
        for vectors, lanes, row_counts in BLOCKS:
            with _steps(builder, column, columns, vectors * lanes) as j:
                builder.store(_index(0), row)
                for count in row_counts:
                    with _steps(builder, row, rows, count) as i:
                        _block(builder, c, a, b, (i, j, depth), (vectors, lanes, count), add)
        return context.get_dummy_value()

    return signature, codegen


def _transpose(typing_context: Any, T: Any, X: Any, rows: Any, columns: Any) -> Any:
    signature = types.void(T, X, types.intp, types.intp)
    # Three rounds of pairwise exchanges: neighbours, pairs, halves.
    exchanges = (
        ([0, 8, 1, 9, 4, 12, 5, 13], [2, 10, 3, 11, 6, 14, 7, 15]),
        ([0, 1, 8, 9, 4, 5, 12, 13], [2, 3, 10, 11, 6, 7, 14, 15]),
        ([0, 1, 2, 3, 8, 9, 10, 11], [4, 5, 6, 7, 12, 13, 14, 15]),
    )

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        t = _Matrix(context, builder, signature.args[0], args[0])
        x = _Matrix(context, builder, signature.args[1], args[1])

        def mix(first: Any, second: Any, lanes: list[int]) -> Any:
            mask = ir.Constant(ir.VectorType(ir.IntType(32), 8), lanes)
            return builder.shuffle_vector(first, second, mask)

        row = cgutils.alloca_once_value(builder, _index(0))
        column = cgutils.alloca_once(builder, INDEX)
        with _steps(builder, row, args[2], LANES) as r:
            builder.store(_index(0), column)
            with _steps(builder, column, args[3], LANES) as c:
                from_left = builder.mul(c, _index(BYTES_PER_FLOAT))
                to_left = builder.mul(r, _index(BYTES_PER_FLOAT))
                v = [
                    x.load(builder.add(x.row(builder.add(r, _index(n))), from_left), 8)
                    for n in range(8)
                ]
                low, high = exchanges[0]
                v = [mix(v[n], v[n + 1], lanes) for n in (0, 2, 4, 6) for lanes in (low, high)]
                low, high = exchanges[1]
                v = [
                    mix(v[h + n], v[h + n + 2], lanes)
                    for h in (0, 4)
                    for n in (0, 1)
                    for lanes in (low, high)
                ]
                low, high = exchanges[2]
                v = [mix(v[n], v[n + 4], lanes) for lanes in (low, high) for n in range(4)]
                for n in range(8):
                    t.store(v[n], builder.add(t.row(builder.add(c, _index(n))), to_left), 8)
        return context.get_dummy_value()

    return signature, codegen


def _sum_rows(
    typing_context: Any, Y: Any, y: Any, A: Any, a: Any, B: Any, b: Any, columns: Any
) -> Any:
    signature = types.void(Y, types.intp, A, types.intp, B, types.intp, types.intp)

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        total, first, second = (
            _Matrix(context, builder, signature.args[n], args[n]) for n in (0, 2, 4)
        )
        starts = total.row(args[1]), first.row(args[3]), second.row(args[5])
        column = cgutils.alloca_once_value(builder, _index(0))
        for lanes in _ROW_LANES:
            with _steps(builder, column, args[6], lanes) as j:
                left = builder.mul(j, _index(BYTES_PER_FLOAT))
                to, p, q = (builder.add(start, left) for start in starts)
                result = builder.fadd(first.load(p, lanes), second.load(q, lanes))
                total.store(result, to, lanes)
        return context.get_dummy_value()

    return signature, codegen


def _add_scaled_row(
    typing_context: Any, Y: Any, y: Any, X: Any, x: Any, scale: Any, columns: Any
) -> Any:
    signature = types.void(Y, types.intp, X, types.intp, types.float32, types.intp)

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        target = _Matrix(context, builder, signature.args[0], args[0])
        source = _Matrix(context, builder, signature.args[2], args[2])
        starts = target.row(args[1]), source.row(args[3])
        column = cgutils.alloca_once_value(builder, _index(0))
        for lanes in _ROW_LANES:
            with _steps(builder, column, args[5], lanes) as j:
                left = builder.mul(j, _index(BYTES_PER_FLOAT))
                to, place = (builder.add(start, left) for start in starts)
                factor = _splat(builder, args[4], lanes)
                addends = [factor, source.load(place, lanes), target.load(to, lanes)]
                target.store(builder.call(_fused(builder, lanes), addends), to, lanes)
        return context.get_dummy_value()

    return signature, codegen


def _dot_rows(typing_context: Any, A: Any, a: Any, B: Any, b: Any, columns: Any) -> Any:
    signature = types.float32(A, types.intp, B, types.intp, types.intp)

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        first = _Matrix(context, builder, signature.args[0], args[0])
        second = _Matrix(context, builder, signature.args[2], args[2])
        starts = first.row(args[1]), second.row(args[3])
        vector = ir.VectorType(FLOAT, LANES)
        sums = cgutils.alloca_once_value(builder, ir.Constant(vector, [0.0] * LANES))
        column = cgutils.alloca_once_value(builder, _index(0))
        with _steps(builder, column, args[4], LANES) as j:
            left = builder.mul(j, _index(BYTES_PER_FLOAT))
            p, q = (builder.add(start, left) for start in starts)
            factors = [first.load(p, LANES), second.load(q, LANES), builder.load(sums)]
            builder.store(builder.call(_fused(builder, LANES), factors), sums)
        lanes = builder.load(sums)
        parts = [
            builder.extract_element(lanes, ir.Constant(ir.IntType(32), n)) for n in range(LANES)
        ]
        while len(parts) > 1:
            half = len(parts) // 2
            parts = [builder.fadd(parts[n], parts[n + half]) for n in range(half)]
        return parts[0]

    return signature, codegen


def _prefetch_row(typing_context: Any, X: Any, x: Any, columns: Any) -> Any:
    signature = types.void(X, types.intp, types.intp)

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        matrix = _Matrix(context, builder, signature.args[0], args[0])
        start = matrix.row(args[1])
        pointer, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        prefetch = cgutils.get_or_insert_function(
            builder.module,
            ir.FunctionType(ir.VoidType(), [pointer, number, number, number]),
            "llvm.prefetch.p0",
        )
        for_reading, into_second_level, data = (ir.Constant(number, n) for n in (0, 2, 1))
        column = cgutils.alloca_once_value(builder, _index(0))
        with _steps(builder, column, args[2], LANES) as j:
            place = matrix.address(builder.add(start, builder.mul(j, _index(BYTES_PER_FLOAT))))
            builder.call(prefetch, [place, for_reading, into_second_level, data])
        return context.get_dummy_value()

    return signature, codegen


if config.DISABLE_JIT:
    from symvec.kernels.reference.tiles import (
        add_product,
        add_scaled_row,
        dot_rows,
        prefetch_row,
        set_product,
        sum_rows,
        transpose,
    )
else:
    _emit_product = intrinsic(_product)
    _emit_transpose = intrinsic(_transpose)

    # Compiled once, for matrices of any layout: inlined at each call this would take minutes.
    @njit("void(f4[:,:], f4[:,:], f4[:,:], intp, intp, intp, b1)", nogil=True, cache=True)
    def _any_product(C, A, B, rows, columns, depth, add):  # type: ignore[no-untyped-def]
        _emit_product(C, A, B, rows, columns, depth, add)

    @njit(inline="always")
    def set_product(C, A, B, rows, columns, depth):  # type: ignore[no-untyped-def] # noqa: D103
        _any_product(C, A, B, rows, columns, depth, False)

    @njit(inline="always")
    def add_product(C, A, B, rows, columns, depth):  # type: ignore[no-untyped-def] # noqa: D103
        _any_product(C, A, B, rows, columns, depth, True)

    @njit("void(f4[:,:], f4[:,:], intp, intp)", nogil=True, cache=True)
    def transpose(T, X, rows, columns):  # type: ignore[no-untyped-def] # noqa: D103
        _emit_transpose(T, X, rows, columns)

    sum_rows = intrinsic(_sum_rows)
    add_scaled_row = intrinsic(_add_scaled_row)
    dot_rows = intrinsic(_dot_rows)
    prefetch_row = intrinsic(_prefetch_row)

__all__ = [
    "LANES",
    "add_product",
    "add_scaled_row",
    "dot_rows",
    "prefetch_row",
    "set_product",
    "sum_rows",
    "transpose",
]
