"""Row optimisers over NumPy layers, with torch's names and defaults."""

from __future__ import annotations

import numpy as np

from symvec.arrays import AnyArray, Ids64
from symvec.kernels.row_history import AdamSettings
from symvec.kernels.row_sgd import SgdSettings
from symvec.layers.adagrad import AdagradRows
from symvec.layers.adam import AdamRows, Semantics
from symvec.layers.gradients import RowGradient
from symvec.layers.momentum import SgdRows
from symvec.layers.numpy.table import LayerTable
from symvec.layers.optimiser_settings import check_adagrad, check_adam, check_sgd, gradient_scale
from symvec.layers.tables import HalfStore, RowStore, zero_rows


def _store(layer: LayerTable) -> AnyArray | RowStore:
    return HalfStore(layer.table) if layer.table.dtype == np.float16 else layer.table


def _zeros(layer: LayerTable) -> AnyArray:
    dtype = np.float32 if layer.table.dtype == np.float16 else layer.table.dtype
    return zero_rows(layer.table.shape, dtype)


class RowAdamW:
    """AdamW for the rows that a batch touched.

    Args:
        layer: the layer whose table is trained; it reads through the optimiser from now on.
        lr: learning rate; may be assigned between steps, as schedules do.
        betas: decay of the two moments.
        eps: added to the root of the second moment.
        weight_decay: decoupled weight decay.
        semantics: ``"exact"`` (the trajectory of dense AdamW), ``"lazy"`` (idle rows stand still)
            or ``"dense"`` (every row at every step).
        threads: upper bound; ``None`` for the processors that this process may use.

    Raises:
        InputError: a setting out of its range.

    Example:
        >>> from symvec.layers.numpy import Embedding
        >>> layer = Embedding(np.ones((4, 2), np.float32))
        >>> optimiser = RowAdamW(layer, lr=0.5, weight_decay=0.0)
        >>> optimiser.step(layer.backward([1], np.ones((1, 2), np.float32)))
        >>> layer([1, 2]).tolist()
        [[0.5, 0.5], [1.0, 1.0]]
    """

    coupled = False

    def __init__(
        self,
        layer: LayerTable,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        *,
        semantics: Semantics = "exact",
        threads: int | None = None,
    ) -> None:
        check_adam(lr, betas, eps, weight_decay, semantics)
        self.lr, self.betas, self.eps, self.weight_decay = lr, betas, eps, weight_decay
        moments = _zeros(layer), _zeros(layer)
        self.rows = AdamRows(_store(layer), *moments, semantics=semantics, threads=threads)
        if isinstance(layer.frozen, np.ndarray):
            self.rows.freeze(layer.frozen)
        layer.attach(self)

    def step(self, gradient: RowGradient) -> None:
        """Do one step with the compact gradient of a batch."""
        betas = float(self.betas[0]), float(self.betas[1])
        others = float(self.eps), float(self.weight_decay)
        self.rows.update(gradient, AdamSettings(float(self.lr), *betas, *others, self.coupled))

    def read(self, row_ids: Ids64) -> AnyArray:
        """Return rows as they are after the last step; nothing is changed by reading."""
        return self.rows.read(row_ids)

    def flush(self, row_ids: Ids64 | None = None) -> None:
        """Bring idle rows up to date in the table."""
        self.rows.flush(row_ids)


class RowAdam(RowAdamW):
    """Adam for the rows that a batch touched; weight decay is added to the gradient.

    The arguments are those of :class:`RowAdamW`. With a weight decay, ``exact`` replays each missed
    step of a row, for want of a closed form.
    """

    coupled = True

    def __init__(
        self,
        layer: LayerTable,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        *,
        semantics: Semantics = "exact",
        threads: int | None = None,
    ) -> None:
        super().__init__(layer, lr, betas, eps, weight_decay, semantics=semantics, threads=threads)


class RowSGD:
    """SGD for the rows that a batch touched, with torch's momentum, dampening and Nesterov.

    Args:
        layer: the layer whose table is trained; it reads through the optimiser from now on.
        lr: learning rate; may be assigned between steps.
        momentum: how much of the last movement goes on.
        dampening: how much of a gradient the momentum leaves out.
        weight_decay: added to the gradient as ``weight_decay * p``.
        nesterov: look ahead by one momentum step.
        semantics: as in :class:`RowAdamW`; the three are the same without momentum and decay.
        threads: upper bound; ``None`` for the processors that this process may use.

    Raises:
        InputError: a setting out of its range.
    """

    def __init__(
        self,
        layer: LayerTable,
        lr: float = 1e-3,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        *,
        nesterov: bool = False,
        semantics: Semantics = "exact",
        threads: int | None = None,
    ) -> None:
        check_sgd(lr, momentum, dampening, weight_decay, nesterov, semantics)
        self.lr, self.momentum, self.dampening = lr, momentum, dampening
        self.weight_decay, self.nesterov = weight_decay, nesterov
        moving = momentum != 0 or (weight_decay != 0 and semantics != "lazy")
        buffer = _zeros(layer) if moving else None
        self.rows = SgdRows(_store(layer), buffer, semantics=semantics, threads=threads)
        if isinstance(layer.frozen, np.ndarray):
            self.rows.freeze(layer.frozen)
        layer.attach(self)

    def step(self, gradient: RowGradient) -> None:
        """Do one step with the compact gradient of a batch."""
        scale = gradient_scale(self.momentum, self.dampening, self.rows.step)
        options = float(self.lr), float(self.momentum), scale, float(self.weight_decay)
        self.rows.update(gradient, SgdSettings(*options, self.nesterov))

    def read(self, row_ids: Ids64) -> AnyArray:
        """Return rows as they are after the last step; nothing is changed by reading."""
        return self.rows.read(row_ids)

    def flush(self, row_ids: Ids64 | None = None) -> None:
        """Bring idle rows up to date in the table."""
        self.rows.flush(row_ids)


class RowAdagrad:
    """Adagrad for the rows that a batch touched: idle rows stand still in dense Adagrad too.

    Args:
        layer: the layer whose table is trained.
        lr: learning rate; may be assigned between steps.
        lr_decay: the rate of step n is ``lr / (1 + (n - 1) lr_decay)``.
        initial_accumulator_value: where the sums start.
        eps: added to the root of a sum.
        threads: upper bound; ``None`` for the processors that this process may use.

    Raises:
        InputError: a setting out of its range.
    """

    per_row = False

    def __init__(
        self,
        layer: LayerTable,
        lr: float = 1e-2,
        lr_decay: float = 0.0,
        initial_accumulator_value: float = 0.0,
        eps: float = 1e-10,
        *,
        threads: int | None = None,
    ) -> None:
        check_adagrad(lr, lr_decay, 0.0, initial_accumulator_value, eps)
        self.lr, self.lr_decay, self.eps = lr, lr_decay, eps
        sums = _zeros(layer)[:, 0].copy() if self.per_row else _zeros(layer)
        sums += initial_accumulator_value
        self.rows = AdagradRows(_store(layer), sums, threads=threads)

    def step(self, gradient: RowGradient) -> None:
        """Do one step with the compact gradient of a batch."""
        rate = self.lr / (1 + self.rows.step * self.lr_decay)
        self.rows.update(gradient, rate, self.eps)


class RowWiseAdagrad(RowAdagrad):
    """Adagrad with one sum a row, of the mean of its squared gradient: D times less state.

    The arguments are those of :class:`RowAdagrad`; the formula is that of FBGEMM's row-wise
    Adagrad.
    """

    per_row = True
