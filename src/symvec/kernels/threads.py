"""How the threads of one training run wait for each other and share out work."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from numba import types

from symvec.arrays import Ids64
from symvec.kernels.compiling import UNCOMPILED, Scalar, inner_kernel
from symvec.kernels.emission import (
    Builder,
    Context,
    Emitter,
    NumbaType,
    Signature,
    Value,
    as_index,
    emitted,
)

# The operating system's word for "let another thread run": in the process on every platform.
_YIELD = "SwitchToThread" if sys.platform == "win32" else "sched_yield"
_yield_to_others = types.ExternalFunction(_YIELD, types.int32())

SPINS_BEFORE_YIELD = 2000  # a wait of about 10 microseconds, longer than a balanced round needs
CACHE_LINE = 8  # int64 numbers: counters of their own line do not slow each other down
ARRIVED, GENERATION, NEXT_BLOCK, STOP_ASKED, STOP_AGREED, ROUND = (CACHE_LINE * n for n in range(6))
CONTROL_SIZE = CACHE_LINE * 6


def _emit_add(
    context: Context, builder: Builder, signature: Signature, args: Sequence[Value]
) -> Value:
    data = context.make_array(signature.args[0])(context, builder, args[0]).data
    return builder.atomic_rmw("add", builder.gep(data, [args[1]]), args[2], "seq_cst")


def _emit_load(
    context: Context, builder: Builder, signature: Signature, args: Sequence[Value]
) -> Value:
    data = context.make_array(signature.args[0])(context, builder, args[0]).data
    return builder.load_atomic(builder.gep(data, [args[1]]), "seq_cst", 8)


def _atomic_add(
    _: Context, array: NumbaType, index: NumbaType, value: NumbaType
) -> tuple[Signature, Emitter]:
    return types.int64(array, as_index(index), as_index(value)), _emit_add


def _atomic_load(_: Context, array: NumbaType, index: NumbaType) -> tuple[Signature, Emitter]:
    return types.int64(array, as_index(index)), _emit_load


def _add_alone(array: Ids64, index: int, value: int) -> int:
    before = int(array[index])
    array[index] += value
    return before


def _load_alone(array: Ids64, index: int) -> int:
    return int(array[index])


# Uncompiled code runs on one thread, where plain reads and writes are enough.
atomic_add = _add_alone if UNCOMPILED else emitted(_atomic_add)
atomic_load = _load_alone if UNCOMPILED else emitted(_atomic_load)


@inner_kernel
def wait_for_all(control: Ids64, threads: Scalar) -> None:
    """Return when all ``threads`` have called this.

    Args:
        control: (CONTROL_SIZE,) int64, shared, zero at the start.
        threads: how many take part.
    """
    if threads == 1:
        return
    generation = atomic_load(control, GENERATION)
    if atomic_add(control, ARRIVED, 1) == threads - 1:
        atomic_add(control, ARRIVED, -threads)
        atomic_add(control, GENERATION, 1)
        return
    spins = 0
    while atomic_load(control, GENERATION) == generation:
        spins += 1
        if spins > SPINS_BEFORE_YIELD:
            _yield_to_others()
