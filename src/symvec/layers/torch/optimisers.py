"""Row optimisers that step like any torch optimiser and take its arguments.

Parameters with a dense gradient are trained too: all their rows take part in the step.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from symvec.arrays import AnyArray
from symvec.errors import InputError
from symvec.kernels.row_history import AdamSettings
from symvec.kernels.row_sgd import SgdSettings
from symvec.layers.adagrad import AdagradRows
from symvec.layers.adam import AdamRows, Semantics
from symvec.layers.gradients import RowGradient
from symvec.layers.momentum import SgdRows
from symvec.layers.optimiser_settings import check_adagrad, check_adam, check_sgd, gradient_scale
from symvec.layers.torch.functions import to_compact
from symvec.layers.torch.registry import as_matrix, as_table, register, trained

# Arguments of torch's optimisers that choose among its implementations; there is one here.
IMPLEMENTATION_ARGUMENTS = {"foreach", "fused"}


class RowOptimiser(torch.optim.Optimizer):
    """The parent of the row optimisers: registration, state, saving.

    The state has torch's names and shapes, so a state of the dense optimiser can be loaded and
    ours can be loaded there. Saving brings idle rows up to date by itself.
    """

    def __init__(self, params: Any, defaults: dict[str, Any], given: dict[str, Any]) -> None:
        for name, value in given.items():
            if name not in IMPLEMENTATION_ARGUMENTS and value:
                raise InputError(f"{type(self).__name__} has no {name}; got {value!r}")
        super().__init__(params, defaults)
        self._register()

    def _register(self) -> None:
        for group in self.param_groups:
            for parameter in group["params"]:
                register(parameter)

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Add parameters; their layers read through this optimiser from now on."""
        known = len(self.param_groups)
        super().add_param_group(param_group)
        for group in self.param_groups[known:]:
            for parameter in group["params"]:
                register(parameter)

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Do one step for every parameter with a gradient; return what ``closure`` returns."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is not None:
                    self._step_parameter(parameter, group)
        return loss

    def flush(self) -> None:
        """Bring idle rows up to date in the weights, before they are read other than by a layer."""
        for group in self.param_groups:
            for parameter in group["params"]:
                found = trained(parameter)
                if found is not None:
                    found.flush(parameter)

    def state_dict(self) -> dict[str, Any]:
        """Return the state after bringing every row up to date."""
        self.flush()
        return super().state_dict()

    def __getstate__(self) -> dict[str, Any]:
        """Return what is copied or pickled, with every row up to date."""
        self.flush()
        return super().__getstate__()

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Take on a loaded state: the rows begin from it."""
        super().__setstate__(state)
        for group in self.param_groups:  # of a dense optimiser's state, which has other settings
            for name, value in self.defaults.items():
                group.setdefault(name, value)
        self._register()

    def _step_parameter(self, parameter: torch.Tensor, group: dict[str, Any]) -> None:
        found = trained(parameter) or register(parameter)
        found.check(parameter)
        if found.rows is None:
            found.begin(parameter, self._rows(parameter, group))
        gradient = parameter.grad
        if gradient is None:
            return
        compact = to_compact(gradient if gradient.is_sparse else as_matrix(gradient))
        if group.get("maximize", False):
            compact = compact.scaled(-1.0)
        found.rows.threads = torch.get_num_threads()
        self._update(found.rows, compact, group)
        found.remember(parameter)
        self.state[parameter]["step"].fill_(float(found.rows.step))

    def _rows(self, parameter: torch.Tensor, group: dict[str, Any]) -> Any:
        raise NotImplementedError

    def _update(self, rows: Any, gradient: RowGradient, group: dict[str, Any]) -> None:
        raise NotImplementedError

    def _steps_done(self, parameter: torch.Tensor) -> int:
        state = self.state[parameter]
        state.setdefault("step", torch.tensor(0.0))
        if not isinstance(state["step"], torch.Tensor):
            state["step"] = torch.tensor(float(state["step"]))
        return int(state["step"])

    def _state_array(self, parameter: torch.Tensor, name: str, start: float = 0.0) -> AnyArray:
        """Return a (rows, D) array that shares the memory of a state tensor of that name."""
        state = self.state[parameter]
        wide = torch.float64 if parameter.dtype == torch.float64 else torch.float32
        if state.get(name) is None:
            # NumPy's zeros take memory only where they are written to
            zeros = np.zeros(tuple(parameter.shape), np.float64 if wide == torch.float64 else "f4")
            state[name] = torch.from_numpy(zeros).add_(start) if start else torch.from_numpy(zeros)
        state[name] = state[name].to("cpu", wide).contiguous()
        array: AnyArray = as_matrix(state[name]).numpy()
        return array


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
