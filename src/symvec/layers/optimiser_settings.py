"""The ranges of the optimisers' settings, and what to say of a setting outside of them."""

from __future__ import annotations

from symvec.errors import InputError
from symvec.layers.adam import check_semantics
from symvec.layers.history import replay_horizon


def _at_least_zero(name: str, value: float) -> None:
    if not value >= 0:  # also NaN
        raise InputError(f"{name} must be 0 or more, got {value}")


def check_adam(
    lr: float, betas: tuple[float, float], eps: float, weight_decay: float, semantics: str
) -> None:
    """Check the settings of Adam and AdamW.

    Raises:
        InputError: a setting out of its range, or betas that ``exact`` cannot replay.
    """
    check_semantics(semantics)
    _at_least_zero("lr", lr)
    _at_least_zero("eps", eps)
    _at_least_zero("weight_decay", weight_decay)
    for place, beta in enumerate(betas):
        if not 0 <= beta < 1:
            raise InputError(f"betas[{place}] must be from 0 to below 1, got {beta}")
    if semantics == "exact":
        replay_horizon(*betas)


def check_sgd(
    lr: float,
    momentum: float,
    dampening: float,
    weight_decay: float,
    nesterov: bool,
    semantics: str,
) -> None:
    """Check the settings of SGD.

    Raises:
        InputError: a setting out of its range.
    """
    check_semantics(semantics)
    _at_least_zero("lr", lr)
    _at_least_zero("momentum", momentum)
    _at_least_zero("weight_decay", weight_decay)
    if nesterov and (momentum <= 0 or dampening != 0):
        raise InputError(
            f"nesterov needs a momentum and no dampening, got {momentum} and {dampening}"
        )


def check_adagrad(
    lr: float, lr_decay: float, weight_decay: float, initial_accumulator_value: float, eps: float
) -> None:
    """Check the settings of Adagrad.

    Raises:
        InputError: a setting out of its range, or a weight decay, under which no row is idle.
    """
    _at_least_zero("lr", lr)
    _at_least_zero("lr_decay", lr_decay)
    _at_least_zero("initial_accumulator_value", initial_accumulator_value)
    _at_least_zero("eps", eps)
    if weight_decay != 0:
        raise InputError(
            f"weight_decay must be 0 for a row optimiser of Adagrad, got {weight_decay}: it would "
            "change every row at every step; use RowAdamW for weight decay"
        )


def gradient_scale(momentum: float, dampening: float, steps_done: int) -> float:
    """Return how much of a gradient enters the momentum; torch dampens none at the first step."""
    return 1.0 if momentum == 0 or steps_done == 0 else 1.0 - dampening
