"""SGD for the rows that a batch touched."""

from __future__ import annotations

from typing import Any

import torch

from symvec.kernels.row_sgd import SgdSettings
from symvec.layers.adam import Semantics
from symvec.layers.gradients import RowGradient
from symvec.layers.momentum import SgdRows
from symvec.layers.optimiser_settings import check_sgd, gradient_scale
from symvec.layers.torch.optimiser import RowOptimiser
from symvec.layers.torch.registry import as_table


class RowSGD(RowOptimiser):
    """SGD for the rows that a batch touched, with the arguments of ``torch.optim.SGD``.

    Args:
        params: parameters or groups of them.
        lr: learning rate.
        momentum: how much of the last movement goes on.
        dampening: how much of a gradient the momentum leaves out.
        weight_decay: added to the gradient as ``weight_decay * p``.
        nesterov: look ahead by one momentum step.
        semantics: as in :class:`RowAdamW`; the three are the same without momentum and decay.
        maximize: climb instead of descend.
        options: ``foreach`` and ``fused`` are taken and mean nothing here; ``differentiable`` must
            be false.

    Raises:
        InputError: a setting out of its range.
    """

    def __init__(
        self,
        params: Any,
        lr: float = 1e-3,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
        *,
        semantics: Semantics = "exact",
        maximize: bool = False,
        **options: Any,
    ) -> None:
        check_sgd(float(lr), momentum, dampening, weight_decay, nesterov, semantics)
        defaults = {
            "lr": lr,
            "momentum": momentum,
            "dampening": dampening,
            "weight_decay": weight_decay,
            "nesterov": nesterov,
            "maximize": maximize,
            "semantics": semantics,
        }
        super().__init__(params, defaults, options)

    def _rows(self, parameter: torch.Tensor, group: dict[str, Any]) -> SgdRows:
        lazy = group["semantics"] == "lazy"
        moving = group["momentum"] != 0 or (group["weight_decay"] != 0 and not lazy)
        return SgdRows(
            as_table(parameter),
            self._state_array(parameter, "momentum_buffer") if moving else None,
            semantics=group["semantics"],
            step=self._steps_done(parameter),
        )

    def _update(self, rows: SgdRows, gradient: RowGradient, group: dict[str, Any]) -> None:
        momentum, decay = float(group["momentum"]), float(group["weight_decay"])
        scale = gradient_scale(momentum, float(group["dampening"]), rows.step)
        settings = SgdSettings(float(group["lr"]), momentum, scale, decay, group["nesterov"])
        rows.update(gradient, settings)
