# ruff: noqa: ANN401 - Numba hands its own objects to an intrinsic
"""Products of bfloat16 with float32 sums, by the processor's own instruction (AVX512_BF16).

NumPy has no such product. A tile of the result is kept in registers while both matrices go by;
each number is summed in the order of the inner index, pair by pair, so that its bits depend on
its row and its column alone. ``vdpbf16ps`` adds the products of two pairs to each sum (Intel 64
and IA-32 Architectures Software Developer's Manual, volume 2).
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import llvmlite.binding
import numpy as np
from llvmlite import ir
from numba import config, types

from symvec.arrays import AnyArray, Float2
from symvec.kernels.bfloat16 import element_of, number_of
from symvec.kernels.compiling import UNCOMPILED, numeric_kernel
from symvec.kernels.emission import (
    FLOAT,
    Builder,
    Context,
    Emitter,
    NumbaType,
    Signature,
    Value,
    as_index,
    emitted,
    index,
    splat,
    steps,
    variable,
)

llvmlite.binding.initialize_native_asmparser()  # an instruction is written by its name below
PANEL: Final = 32
"""Columns that lie together."""
_LANES: Final = 16
_VECTORS: Final = PANEL // _LANES
_TALL: Final = 8  # rows of a tile: 16 sums, so that none waits for its last product
_PAIR = ir.IntType(32)
_PAIRS = ir.VectorType(_PAIR, _LANES)
_SUMS = ir.VectorType(FLOAT, _LANES)
# Pairs of the inner index that go by at once: what they are of 8 rows stays in the first cache.
_DEPTH: Final = 512


@cache
def multiplies_bfloat16() -> bool:
    """Return whether this processor has the instruction, and Numba compiles for this processor."""
    asked_for = any(getattr(config, name, None) for name in ("CPU_NAME", "CPU_FEATURES"))
    if UNCOMPILED or asked_for:
        return False
    return bool(llvmlite.binding.get_host_cpu_features().get("avx512bf16", False))


@numeric_kernel
def round_numbers(numbers: AnyArray, rounded: AnyArray) -> None:
    """Write numbers in another type, float32 or bfloat16 as uint16; both flat."""
    for n in range(numbers.size):
        rounded[n] = element_of(number_of(numbers[n]), rounded)


def in_panels(bits: AnyArray) -> AnyArray:
    """Return a matrix as `multiply_panels` takes it.

    Args:
        bits: (2 p, 32 q) uint16, numbers of bfloat16.

    Returns:
        (q, p, 32) uint32: for 32 columns, two rows after another, a pair of each column.
    """
    rows, columns = bits.shape
    cut = bits.reshape(rows // 2, 2, columns // PANEL, PANEL)
    panels: AnyArray = np.ascontiguousarray(cut.transpose(2, 0, 3, 1)).view(np.uint32)[..., 0]
    return panels


def _emit_tile(rows: int) -> Emitter:
    def emit(context: Context, builder: Builder, signature: Signature, args: Any) -> Value:
        arrays = [
            context.make_array(kind)(context, builder, value)
            for kind, value in zip(signature.args[:3], args[:3], strict=True)
        ]
        left, panels, out = arrays
        row, panel, first, stop = args[3:]
        depth = builder.extract_value(left.shape, 1)
        width = builder.extract_value(out.shape, 1)
        column = builder.mul(panel, index(PANEL))

        def target(n: int, vector: int) -> Value:
            line = builder.mul(builder.add(row, index(n)), width)
            place = builder.add(builder.add(line, column), index(vector * _LANES))
            return builder.bitcast(builder.gep(out.data, [place]), _SUMS.as_pointer())

        grid = [(n, vector) for n in range(rows) for vector in range(_VECTORS)]
        begins = builder.icmp_signed("==", first, index(0))
        sums = {}
        for each in grid:
            with builder.goto_entry_block():
                sums[each] = builder.alloca(_SUMS)
        with builder.if_else(begins) as (then, otherwise):
            with then:
                for each in grid:
                    builder.store(ir.Constant(_SUMS, [0.0] * _LANES), sums[each])
            with otherwise:
                for each in grid:
                    builder.store(builder.load(target(*each), align=4), sums[each])
        starts = [
            builder.gep(left.data, [builder.mul(builder.add(row, index(n)), depth)])
            for n in range(rows)
        ]
        block = builder.gep(panels.data, [builder.mul(panel, builder.mul(depth, index(PANEL)))])
        with steps(builder, variable(builder, first), stop, 1) as k:
            line = builder.gep(block, [builder.mul(k, index(PANEL))])
            columns = []
            for vector in range(_VECTORS):
                place = builder.gep(line, [index(vector * _LANES)])
                columns.append(builder.load(builder.bitcast(place, _PAIRS.as_pointer()), align=4))
            for n in range(rows):
                pair = splat(builder, builder.load(builder.gep(starts[n], [k])), _LANES)
                for vector in range(_VECTORS):
                    place = sums[n, vector]
                    added = _add_products(builder, builder.load(place), pair, columns[vector])
                    builder.store(added, place)
        for each in grid:
            builder.store(builder.load(sums[each]), target(*each), align=4)
        return context.get_dummy_value()

    return emit


def _add_products(builder: Builder, sums: Value, left: Value, right: Value) -> Value:
    # LLVM changed its name for the instruction's types from version to version; this stays.
    kind = ir.FunctionType(_SUMS, [_SUMS, _PAIRS, _PAIRS])
    return builder.asm(kind, "vdpbf16ps $3, $2, $0", "=v,0,v,v", [sums, left, right], False)


def _tile(rows: int) -> Any:
    def define(
        typing: NumbaType,  # noqa: ARG001
        left: NumbaType,
        panels: NumbaType,
        out: NumbaType,
        row: NumbaType,
        panel: NumbaType,
        first: NumbaType,
        stop: NumbaType,
    ) -> tuple[Signature, Emitter]:
        numbers = map(as_index, (row, panel, first, stop))
        return types.void(left, panels, out, *numbers), _emit_tile(rows)

    return emitted(define)


_add_tall_tile, _add_row = _tile(_TALL), _tile(1)


@numeric_kernel
def multiply_panels(left: AnyArray, panels: AnyArray, out: Float2, start: int, stop: int) -> None:
    """Set some columns of ``out`` to those of the product.

    Args:
        left: (rows, p) uint32, contiguous: rows of 2 p numbers of bfloat16.
        panels: (q, p, 32) uint32, see `in_panels`.
        out: (rows, 32 q) float32, contiguous.
        start: the first panel.
        stop: the one behind the last.
    """
    rows, pairs = left.shape
    for panel in range(start, stop):
        for first in range(0, pairs, _DEPTH):
            last = min(first + _DEPTH, pairs)
            row = 0
            while row + _TALL <= rows:
                _add_tall_tile(left, panels, out, row, panel, first, last)
                row += _TALL
            while row < rows:
                _add_row(left, panels, out, row, panel, first, last)
                row += 1
