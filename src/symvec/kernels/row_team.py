# ruff: noqa: ANN401 - Numba hands its own objects to an intrinsic
"""Ranges of rows worked on by threads that another library keeps awake, without Python between.

OpenMP's threads spin for a while after each of their tasks, on the processors that others would
need: where torch works in turn with kernels, threads of our own wait for processors that do nothing
(measured: two were hardly faster than one). So the kernels are given to OpenMP's threads as its own
compilers would do it, through ``GOMP_parallel(function, data, threads, flags)``, which the runtime
libraries of GCC, Clang and Intel all have.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, TypeVar

from llvmlite import ir
from numba import types

from symvec.arrays import Ids64
from symvec.kernels.compiling import UNCOMPILED
from symvec.kernels.emission import (
    INDEX,
    POINTER,
    Builder,
    Context,
    Emitter,
    NumbaType,
    Signature,
    Value,
    emitted,
    index,
)

Launcher = TypeVar("Launcher", bound=Callable[..., Any])
_LAUNCHERS: dict[Any, Any] = {}

_VOID = ir.VoidType()
_TASK = ir.FunctionType(_VOID, [POINTER])
_COUNT = ir.IntType(32)
_PARALLEL = ir.FunctionType(_VOID, [_TASK.as_pointer(), POINTER, _COUNT, _COUNT])
# What the threads share: the next range, how many there are, their edges, whether one failed, and
# the kernel's arguments.
_NEXT, _RANGES, _EDGES, _FAILED, _ARGUMENTS = range(5)


def _field(builder: Builder, shared: Value, place: int) -> Value:
    return builder.gep(shared, [_COUNT(0), _COUNT(place)])


def _write_task(
    context: Context, module: Value, layout: Value, kernel: Any, signature: Signature
) -> Value:
    """Write the function that each thread runs: take the next range until there is none."""
    task = ir.Function(module, _TASK, module.get_unique_name("work_on_ranges"))
    task.linkage = "internal"
    entry, test, body, end = (task.append_basic_block(name) for name in ("", "test", "body", "end"))
    builder = ir.IRBuilder(entry)
    shared = builder.bitcast(task.args[0], layout.as_pointer())
    arguments = builder.load(_field(builder, shared, _ARGUMENTS))
    ranges = builder.load(_field(builder, shared, _RANGES))
    edges = builder.load(_field(builder, shared, _EDGES))
    builder.branch(test)
    builder.position_at_end(test)
    mine = builder.atomic_rmw("add", _field(builder, shared, _NEXT), index(1), "monotonic")
    builder.cbranch(builder.icmp_signed("<", mine, ranges), body, end)
    builder.position_at_end(body)
    bounds = [builder.load(builder.gep(edges, [builder.add(mine, index(n))])) for n in (0, 1)]
    given = [builder.extract_value(arguments, n) for n in range(len(signature.args) - 2)]
    status, _ = context.call_internal_no_propagate(
        builder, kernel.fndesc, signature, [*given, *bounds]
    )
    with builder.if_then(status.is_error, likely=False):
        builder.store(index(1), _field(builder, shared, _FAILED))
    builder.branch(test)
    builder.position_at_end(end)
    builder.ret_void()
    return task


def _on_team(
    typing_context: Context, _: NumbaType, edges: NumbaType, kernel: NumbaType, given: NumbaType
) -> tuple[Signature, Emitter]:
    wanted = (*given.types, types.intp, types.intp)
    inner = kernel.get_call_type(typing_context, wanted, {})

    def emit(
        context: Context, builder: Builder, signature: Signature, args: Sequence[Value]
    ) -> Value:
        compiled = kernel.dispatcher.overloads[inner.args]
        context.add_linking_libs([compiled.library])
        cast = [
            context.cast(builder, builder.extract_value(args[3], n), kind, inner.args[n])
            for n, kind in enumerate(given.types)
        ]
        packed = ir.LiteralStructType([value.type for value in cast])
        array = context.make_array(signature.args[1])(context, builder, args[1])
        layout = ir.LiteralStructType([INDEX, INDEX, array.data.type, INDEX, packed])
        with builder.goto_entry_block():
            shared = builder.alloca(layout)
        ranges = builder.sub(array.nitems, index(1))
        for place, value in ((_NEXT, index(0)), (_RANGES, ranges), (_FAILED, index(0))):
            builder.store(value, _field(builder, shared, place))
        builder.store(array.data, _field(builder, shared, _EDGES))
        for n, value in enumerate(cast):
            path = [_COUNT(0), _COUNT(_ARGUMENTS), _COUNT(n)]
            builder.store(value, builder.gep(shared, path))
        task = _write_task(context, builder.module, layout, compiled, inner)
        data = builder.bitcast(shared, POINTER)
        with builder.if_else(builder.icmp_signed("!=", args[0], index(0))) as (threads, alone):
            with threads:
                parallel = builder.inttoptr(args[0], _PARALLEL.as_pointer())
                # no number of threads: as many as the library's user has set
                builder.call(parallel, [task, data, _COUNT(0), _COUNT(0)])
            with alone:
                builder.call(task, [data])
        return builder.load(_field(builder, shared, _FAILED))

    return types.intp(types.intp, edges, kernel, given), emit


def _alone(team: int, edges: Ids64, kernel: Any, arguments: tuple[Any, ...]) -> int:
    """Stand in where code runs uncompiled."""
    del team
    for start, stop in pairwise(edges.tolist()):
        kernel(*arguments, start, stop)
    return 0


on_team: Any = _alone if UNCOMPILED else emitted(_on_team)
"""Call ``kernel(*arguments, start, stop)`` for each range between two edges, in a team's threads.

``on_team(team, edges, kernel, arguments)`` is called by kernels. ``team`` is the address of
``GOMP_parallel``, or 0 for the calling thread alone; a thread takes the next range when it is done
with one. It returns whether a kernel failed.
"""


def launches(kernel: Any) -> Callable[[Launcher], Launcher]:
    """Tell that a function gives ranges of this kernel to a team.

    Numba keeps a compiled function on disk only if the kernels that it calls are its own globals,
    so each kernel has a launcher ``(team, edges, *arguments)`` of its own.
    """

    def note(launcher: Launcher) -> Launcher:
        _LAUNCHERS[kernel] = launcher
        return launcher

    return note


def launcher_of(kernel: Any) -> Any:
    """Return the launcher of a kernel, or ``None`` if it has none."""
    return _LAUNCHERS.get(kernel)
