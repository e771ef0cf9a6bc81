"""One function out of several, chosen by the type of its first argument while compiling."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from symvec.kernels.compiling import UNCOMPILED
from symvec.kernels.emission import (
    Builder,
    Context,
    Emitter,
    NumbaType,
    Signature,
    Value,
    emitted,
)


def chosen_by_type(kernels: Mapping[type, Callable[..., Any]]) -> Callable[..., Any]:
    """Return a function that is the kernel of the type that its first argument has.

    Numba's own overloading would compile each kernel once more.

    Args:
        kernels: by a class of named tuples; all take arguments of the same names.
    """
    if UNCOMPILED:
        return lambda first, *others: kernels[type(first)](first, *others)

    def define(typing_context: Context, *arguments: NumbaType) -> tuple[Signature, Emitter]:
        kernel = typing_context.resolve_value_type(kernels[arguments[0].instance_class])
        signature = kernel.get_call_type(typing_context, arguments, {})

        def emit(context: Context, builder: Builder, _: Signature, args: Sequence[Value]) -> Value:
            return context.get_function(kernel, signature)(builder, args)

        return signature, emit

    # Numba reads from it how many arguments there are.
    first = next(iter(kernels.values()))
    parameters = inspect.signature(first.py_func).parameters.values()  # type: ignore[attr-defined]
    context = inspect.Parameter("typing_context", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    define.__signature__ = inspect.Signature([context, *parameters])  # type: ignore[attr-defined]
    return emitted(define)
