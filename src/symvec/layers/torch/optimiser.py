"""What the row optimisers share: they step like any torch optimiser and take its arguments.

Parameters with a dense gradient are trained too: all their rows take part in the step.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch.optim import optimizer as torch_optimizer

from symvec.arrays import AnyArray
from symvec.errors import InputError
from symvec.layers.gradients import RowGradient
from symvec.layers.tables import zero_rows
from symvec.layers.torch.functions import to_compact
from symvec.layers.torch.registry import as_matrix, register, trained
from symvec.layers.torch.team import torch_threads

# Arguments of torch's optimisers that choose among its implementations; there is one here.
IMPLEMENTATION_ARGUMENTS = {"foreach", "fused"}


def _is_watched(optimiser: torch.optim.Optimizer) -> bool:
    """Return whether a hook, a profiler or a compiler may take part in what an optimiser does.

    Where this torch does not have what is asked for, something may.
    """
    return bool(
        optimiser._optimizer_step_pre_hooks
        or optimiser._optimizer_step_post_hooks
        or getattr(torch_optimizer, "_global_optimizer_pre_hooks", True)
        or getattr(torch_optimizer, "_global_optimizer_post_hooks", True)
        or getattr(torch.autograd.profiler, "_is_profiler_enabled", True)
        or torch.compiler.is_compiling()
    )


class RowOptimiser(torch.optim.Optimizer, ABC):
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

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients, or with ``set_to_none=False`` make them zero."""
        if not set_to_none or _is_watched(self):
            super().zero_grad(set_to_none)
            return
        for group in self.param_groups:
            for parameter in group["params"]:
                parameter.grad = None

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Do one step for every parameter with a gradient; return what ``closure`` returns."""
        return self._watched_step(closure) if _is_watched(self) else self._step(closure)

    # Torch puts its frame for hooks and profilers around each step of a class that is not marked
    # so. Where none is at work, it would only cost time.
    step.hooked = True  # type: ignore[attr-defined]

    def _step(self, closure: Callable[[], Any] | None = None) -> Any:
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is not None:
                    self._step_parameter(parameter, group)
        return loss

    _watched_step = torch.optim.Optimizer.profile_hook_step(_step)

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
        gradient: Any = parameter.grad
        compact = to_compact(gradient if gradient.is_sparse else as_matrix(gradient))
        if group.get("maximize", False):
            compact = compact.scaled(-1.0)
        found.rows.threads = torch_threads()
        self._update(found.rows, compact, group)
        found.remember(parameter)
        self.state[parameter]["step"].fill_(float(found.rows.step))

    @abstractmethod
    def _rows(self, parameter: torch.Tensor, group: dict[str, Any]) -> Any:
        """Return the rows of a parameter and their state, as its group says."""

    @abstractmethod
    def _update(self, rows: Any, gradient: RowGradient, group: dict[str, Any]) -> None:
        """Do one step with a compact gradient."""

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
            kind = np.float64 if wide == torch.float64 else np.float32
            zeros = zero_rows(tuple(parameter.shape), kind)
            state[name] = torch.from_numpy(zeros).add_(start) if start else torch.from_numpy(zeros)
        state[name] = state[name].to("cpu", wide).contiguous()
        array: AnyArray = as_matrix(state[name]).numpy()
        return array
