"""Adam and AdamW for the rows that a batch touched."""

from __future__ import annotations

from typing import Any

import torch

from symvec.kernels.row_history import AdamSettings
from symvec.layers.adam import AdamRows, Semantics
from symvec.layers.gradients import RowGradient
from symvec.layers.optimiser_settings import check_adam
from symvec.layers.torch.optimiser import RowOptimiser
from symvec.layers.torch.registry import as_table


class RowAdamW(RowOptimiser):
    """AdamW for the rows that a batch touched, with the arguments of ``torch.optim.AdamW``.

    Args:
        params: parameters or groups of them.
        lr: learning rate.
        betas: decay of the two moments.
        eps: added to the root of the second moment.
        weight_decay: decoupled weight decay.
        amsgrad: must be false.
        semantics: ``"exact"`` (the trajectory of dense AdamW), ``"lazy"`` (idle rows stand still)
            or ``"dense"`` (every row at every step).
        maximize: climb instead of descend.
        options: ``foreach`` and ``fused`` are taken and mean nothing here; ``capturable`` and
            ``differentiable`` must be false.

    Raises:
        InputError: a setting out of its range.

    Example:
        >>> from symvec.layers.torch import Embedding
        >>> layer = Embedding(1000, 8)
        >>> optimiser = RowAdamW(layer.parameters(), lr=0.1)
        >>> layer(torch.tensor([3, 3, 5])).sum().backward()
        >>> layer.weight.grad._indices().tolist()
        [[3, 5]]
        >>> optimiser.step()
    """

    coupled = False

    def __init__(
        self,
        params: Any,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        *,
        semantics: Semantics = "exact",
        maximize: bool = False,
        **options: Any,
    ) -> None:
        check_adam(float(lr), betas, eps, weight_decay, semantics)
        defaults = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "amsgrad": False,
            "maximize": maximize,
            "semantics": semantics,
        }
        super().__init__(params, defaults, {"amsgrad": amsgrad, **options})

    def _rows(self, parameter: torch.Tensor, group: dict[str, Any]) -> AdamRows:
        return AdamRows(
            as_table(parameter),
            self._state_array(parameter, "exp_avg"),
            self._state_array(parameter, "exp_avg_sq"),
            semantics=group["semantics"],
            step=self._steps_done(parameter),
        )

    def _update(self, rows: AdamRows, gradient: RowGradient, group: dict[str, Any]) -> None:
        lr, eps, decay = (float(group[name]) for name in ("lr", "eps", "weight_decay"))
        beta1, beta2 = (float(beta) for beta in group["betas"])
        rows.update(gradient, AdamSettings(lr, beta1, beta2, eps, decay, self.coupled))


class RowAdam(RowAdamW):
    """Adam for the rows that a batch touched, with the arguments of ``torch.optim.Adam``.

    As :class:`RowAdamW`, but weight decay is added to the gradient; with it, ``exact`` replays
    each missed step of a row, for want of a closed form.
    """

    coupled = True

    def __init__(
        self,
        params: Any,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        amsgrad: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad, **options)
