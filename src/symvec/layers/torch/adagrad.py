"""Adagrad for the rows that a batch touched, with a sum for each number or for each row."""

from __future__ import annotations

from typing import Any

import torch

from symvec.arrays import AnyArray
from symvec.layers.adagrad import AdagradRows
from symvec.layers.gradients import RowGradient
from symvec.layers.optimiser_settings import check_adagrad
from symvec.layers.torch.optimiser import RowOptimiser
from symvec.layers.torch.registry import as_table


class RowAdagrad(RowOptimiser):
    """Adagrad for the rows that a batch touched, with the arguments of ``torch.optim.Adagrad``.

    Args:
        params: parameters or groups of them.
        lr: learning rate.
        lr_decay: the rate of step n is ``lr / (1 + (n - 1) lr_decay)``.
        weight_decay: must be 0: it would move every row.
        initial_accumulator_value: where the sums start.
        eps: added to the root of a sum.
        maximize: climb instead of descend.
        options: ``foreach`` and ``fused`` are taken and mean nothing here.

    Raises:
        InputError: a setting out of its range.
    """

    per_row = False

    def __init__(
        self,
        params: Any,
        lr: float = 1e-2,
        lr_decay: float = 0.0,
        weight_decay: float = 0.0,
        initial_accumulator_value: float = 0.0,
        eps: float = 1e-10,
        *,
        maximize: bool = False,
        **options: Any,
    ) -> None:
        check_adagrad(float(lr), lr_decay, weight_decay, initial_accumulator_value, eps)
        defaults = {
            "lr": lr,
            "lr_decay": lr_decay,
            "weight_decay": 0.0,
            "initial_accumulator_value": initial_accumulator_value,
            "eps": eps,
            "maximize": maximize,
        }
        super().__init__(params, defaults, options)

    def _rows(self, parameter: torch.Tensor, group: dict[str, Any]) -> AdagradRows:
        start = float(group["initial_accumulator_value"])
        if self.per_row:
            state = self.state[parameter]
            if state.get("sum") is None:
                state["sum"] = torch.full((parameter.shape[0],), start)
            wide = torch.float64 if parameter.dtype == torch.float64 else torch.float32
            state["sum"] = state["sum"].to("cpu", wide).contiguous()
            sums: AnyArray = state["sum"].numpy()
        else:
            sums = self._state_array(parameter, "sum", start)
        return AdagradRows(as_table(parameter), sums, step=self._steps_done(parameter))

    def _update(self, rows: AdagradRows, gradient: RowGradient, group: dict[str, Any]) -> None:
        rate = float(group["lr"]) / (1 + rows.step * float(group["lr_decay"]))
        rows.update(gradient, rate, float(group["eps"]))


class RowWiseAdagrad(RowAdagrad):
    """Adagrad with one sum a row, of the mean of its squared gradient: D times less state.

    The arguments are those of :class:`RowAdagrad`; the formula is that of FBGEMM's row-wise
    Adagrad.
    """

    per_row = True
