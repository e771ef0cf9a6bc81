"""Clipping of gradients among which some are compact, which torch's own functions refuse."""

from __future__ import annotations

from collections.abc import Iterable

import torch

from symvec.errors import InputError
from symvec.layers.torch.functions import to_compact, to_tensor


def _with_gradients(parameters: torch.Tensor | Iterable[torch.Tensor]) -> list[torch.Tensor]:
    given = [parameters] if isinstance(parameters, torch.Tensor) else list(parameters)
    return [parameter for parameter in given if parameter.grad is not None]


def _summed_values(parameter: torch.Tensor) -> torch.Tensor:
    """Return the numbers of a gradient; an accumulated sparse one is made compact first."""
    gradient = parameter.grad
    if gradient is None:
        raise InputError("the parameter has no gradient")
    if not gradient.is_sparse:
        return gradient
    ids = gradient._indices()
    if ids.shape[0] != 1 or not bool((ids[0, 1:] > ids[0, :-1]).all()):
        gradient = parameter.grad = (
            _made_compact(gradient, parameter) if ids.shape[0] == 1 else gradient.coalesce()
        )
    return gradient._values()


def _made_compact(gradient: torch.Tensor, parameter: torch.Tensor) -> torch.Tensor:
    compact = to_compact(gradient)
    return to_tensor(compact.row_ids, compact.rows, parameter, compact=True)


@torch.no_grad()
def clip_grad_norm_(
    parameters: torch.Tensor | Iterable[torch.Tensor],
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> torch.Tensor:
    """Scale gradients in place so that their norm together is at most ``max_norm``.

    It takes the arguments of ``torch.nn.utils.clip_grad_norm_`` and gives the same numbers, for
    dense and compact gradients in any mixture.

    Returns:
        The norm before clipping, a scalar tensor.

    Raises:
        RuntimeError: a norm that is not finite, under ``error_if_nonfinite``, as in torch.
    """
    del foreach  # how torch may group its work; nothing here depends on it
    chosen = _with_gradients(parameters)
    if not chosen:
        return torch.tensor(0.0)
    values = [_summed_values(parameter) for parameter in chosen]
    first = values[0].device
    norms = [torch.linalg.vector_norm(value, norm_type).to(first) for value in values]
    total = torch.linalg.vector_norm(torch.stack(norms), norm_type)
    if error_if_nonfinite and not bool(total.isfinite()):
        raise RuntimeError(
            f"the norm of order {norm_type} of the gradients is {float(total)}, so they cannot be "
            "clipped; pass error_if_nonfinite=False to scale them all the same"
        )
    # torch's own constant: keeps the quotient finite for gradients of zero
    factor = torch.clamp(max_norm / (total + 1e-6), max=1.0)
    for value in values:
        value.mul_(factor.to(value.device))
    return total


@torch.no_grad()
def clip_grad_value_(
    parameters: torch.Tensor | Iterable[torch.Tensor],
    clip_value: float,
    foreach: bool | None = None,
) -> None:
    """Clip each number of the gradients in place to at most ``clip_value`` in size.

    It takes the arguments of ``torch.nn.utils.clip_grad_value_``. Compact gradients are summed
    first, so that the numbers clipped are those of the dense gradient.
    """
    del foreach  # how torch may group its work; nothing here depends on it
    for parameter in _with_gradients(parameters):
        _summed_values(parameter).clamp_(-clip_value, clip_value)
