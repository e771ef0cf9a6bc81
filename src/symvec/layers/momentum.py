"""SGD on the rows that a batch touched, with or without momentum."""

from __future__ import annotations

import numpy as np

from symvec.arrays import AnyArray, Double2, Ids, Ids64
from symvec.kernels.row_sgd import (
    SgdSettings,
    catch_up_momentum_rows,
    momentum_rows,
    read_momentum_rows,
    sgd_rows,
)
from symvec.kernels.row_threads import Threads, even_bounds, run_ranges
from symvec.kernels.row_transitions import chain_transitions
from symvec.layers.adam import ALL_ROWS, NEVER_BEHIND, ROWS_AT_ONCE, Semantics, check_semantics
from symvec.layers.gradients import RowGradient
from symvec.layers.history import LONGEST_HISTORY, RateHistory
from symvec.layers.tables import RowStore, read_table

NO_TRANSITIONS = np.empty((0, 4))


class SgdRows:
    """A table under SGD, and when each row was last brought up to date.

    With momentum or weight decay an idle row of dense SGD moves on: ``exact`` replays that when
    the row is read or updated, ``lazy`` leaves it where it is, ``dense`` moves all rows at each
    step. Without either the three are the same, and no state is kept.

    Args:
        table: (rows, D) float32 or float64 updated in place, or a store of half-precision rows.
        momentum_buffer: (rows, D) momentum, or ``None`` for plain SGD without weight decay.
        semantics: ``"exact"``, ``"lazy"`` or ``"dense"``.
        step: steps that the momentum has seen.
        threads: upper bound; ``None`` for the processors that this process may use.
    """

    def __init__(
        self,
        table: AnyArray | RowStore,
        momentum_buffer: AnyArray | None,
        *,
        semantics: Semantics = "exact",
        step: int = 0,
        threads: Threads = None,
    ) -> None:
        check_semantics(semantics)
        self.table = table
        self.momentum_buffer = momentum_buffer
        self.semantics = semantics
        self.step = step
        self.threads = threads
        rows = 0 if momentum_buffer is None else table.shape[0]
        self.last_steps: Ids = np.full(rows, step, np.int32)
        self._history = RateHistory(step)
        self._settings: SgdSettings | None = None

    def update(self, gradient: RowGradient, settings: SgdSettings) -> None:
        """Do one step with a compact gradient."""
        ids = gradient.row_ids
        table, state, places = self._rows_and_state(ids)
        rows = gradient.as_type(table.dtype).rows
        bounds = even_bounds(ids.size, 3 * table.shape[1], self.threads)
        if self.momentum_buffer is None:
            run_ranges(sgd_rows, bounds, table, places, rows, settings)
            self._put_back(ids, table, state)
            self.step += 1
            return
        if self._settings is not None and self._settings[1:] != settings[1:]:
            self.flush()
            table, state, places = self._rows_and_state(ids)
        transitions = self._transitions(ids)
        self._settings = settings
        arguments = places, rows, settings, self.step + 1, transitions
        run_ranges(momentum_rows, bounds, table, *state, *arguments)
        self._put_back(ids, table, state)
        self.step += 1
        self._history.append(settings.learning_rate)
        if self.semantics == "dense" or len(self._history) >= LONGEST_HISTORY:
            self.flush()

    def read(self, row_ids: Ids64) -> AnyArray:
        """Return rows as they are after the last step; nothing is changed by reading."""
        if not self.behind:
            if isinstance(self.table, np.ndarray):
                return read_table(self.table, row_ids, self.threads)
            return self.table.take(row_ids)
        transitions = self._transitions(row_ids)
        table, state, places = self._rows_and_state(row_ids)
        out = np.empty((row_ids.size, table.shape[1]), table.dtype)
        bounds = even_bounds(row_ids.size, 2 * table.shape[1], self.threads)
        run_ranges(read_momentum_rows, bounds, table, *state, places, self.step, transitions, out)
        return out

    @property
    def behind(self) -> bool:
        """Whether some rows may have missed steps that are not yet in the table."""
        moving = self.momentum_buffer is not None and self.semantics != "lazy"
        return moving and len(self._history) > 0

    def freeze(self, row_ids: Ids64) -> None:
        """Never move these rows, not even by weight decay; they must get no gradient."""
        self.flush(row_ids)
        if self.momentum_buffer is not None:
            self.last_steps[row_ids] = NEVER_BEHIND

    def flush(self, row_ids: Ids64 | None = None) -> None:
        """Bring rows up to date in place: distinct ``row_ids``, or all rows."""
        if not self.behind:
            return
        if row_ids is not None:
            self._catch_up(row_ids)
            return
        if isinstance(self.table, np.ndarray):
            self._catch_up(ALL_ROWS)
        else:
            for first in range(0, self.table.shape[0], ROWS_AT_ONCE):
                self._catch_up(np.arange(first, min(first + ROWS_AT_ONCE, self.table.shape[0])))
        self._history = RateHistory(self.step)

    def _catch_up(self, row_ids: Ids64) -> None:
        transitions = self._transitions(row_ids)
        table, state, places = self._rows_and_state(row_ids)
        count = table.shape[0] if row_ids is ALL_ROWS else row_ids.size
        bounds = even_bounds(count, 2 * table.shape[1], self.threads)
        if row_ids is ALL_ROWS or count:
            arguments = places, self.step, transitions
            run_ranges(catch_up_momentum_rows, bounds, table, *state, *arguments)
        self._put_back(row_ids, table, state)

    def _transitions(self, row_ids: Ids64) -> Double2:
        """Return the matrices of every gap that these rows may have."""
        if self.semantics == "lazy":
            return NO_TRANSITIONS
        if self._settings is None or len(self._history) == 0:
            return np.array([[1.0, 0.0, 0.0, 1.0]])
        lasts = self.last_steps if row_ids is ALL_ROWS else self.last_steps[row_ids]
        gaps = self.step - int(lasts.min(initial=self.step))
        return np.asarray(chain_transitions(self._history.rates, self._settings, gaps))

    def _rows_and_state(self, row_ids: Ids64) -> tuple[AnyArray, list[AnyArray], Ids64]:
        kept = [] if self.momentum_buffer is None else [self.momentum_buffer, self.last_steps]
        if isinstance(self.table, np.ndarray):
            return self.table, kept, row_ids
        compact = [array[row_ids] for array in kept]
        return self.table.take(row_ids), compact, np.arange(row_ids.size)

    def _put_back(self, row_ids: Ids64, rows: AnyArray, state: list[AnyArray]) -> None:
        if isinstance(self.table, np.ndarray):
            return
        self.table.put(row_ids, rows)
        if self.momentum_buffer is not None:
            self.momentum_buffer[row_ids], self.last_steps[row_ids] = state
