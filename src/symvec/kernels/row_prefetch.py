# ruff: noqa: ANN401, ARG001 - Numba hands its own objects to an intrinsic
"""Asking for a row before it is needed, so that its way from memory is not waited for."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from symvec.arrays import AnyArray
from symvec.kernels.compiling import UNCOMPILED, merged

# Rows asked for in advance. Measured for rows of 512 bytes out of a table of 512 MB: 4 to 16 are
# alike, none takes a fifth longer.
ROWS_AHEAD = 8
NUMBERS_EACH = 16  # a cache line of float32, two of float64, which are fetched in pairs


def _prefetch(typing_context: Any, table: Any, element: Any) -> Any:
    signature = types.void(table, types.intp)

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, args[0]).data
        byte = ir.IntType(8).as_pointer()
        number = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        function = builder.module.declare_intrinsic("llvm.prefetch", [byte], kind)
        address = builder.bitcast(builder.gep(data, [args[1]]), byte)
        # to read, kept in all caches, data
        builder.call(function, [address, number(0), number(3), number(1)])
        return context.get_dummy_value()

    return signature, codegen


def _nothing(table: Any, element: int) -> None:
    """Stand in where code runs uncompiled: a prefetch changes no result."""


prefetch: Any = _nothing if UNCOMPILED else intrinsic(_prefetch)


@merged
def prefetch_row(table: AnyArray, row_id: int) -> None:
    """Ask for a row of a contiguous table."""
    width = table.shape[1]
    for d in range(0, width, NUMBERS_EACH):
        prefetch(table, row_id * width + d)
