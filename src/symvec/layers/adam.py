"""Adam and AdamW on the rows that a batch touched, in three meanings."""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np

from symvec.arrays import AnyArray, Ids, Ids64
from symvec.errors import InputError
from symvec.kernels.row_adam import adam_rows, lazy_adam_rows
from symvec.kernels.row_gradients import is_compact
from symvec.kernels.row_history import AdamSettings
from symvec.kernels.row_replay import catch_up_rows, read_rows
from symvec.kernels.row_threads import Threads, even_bounds, run_ranges
from symvec.layers.gradients import RowGradient, Segments
from symvec.layers.history import LONGEST_HISTORY, ReplayHistory
from symvec.layers.tables import RowStore, read_segments, read_table

Semantics: TypeAlias = Literal["exact", "lazy", "dense"]
SEMANTICS: tuple[Semantics, ...] = ("exact", "lazy", "dense")
ALL_ROWS = np.empty(0, np.int64)
NO_POSITIONS = np.empty(0, np.int64)
NEVER_BEHIND = np.iinfo(np.int32).max  # as the step of a frozen row's last update
ROWS_AT_ONCE = 1 << 16  # of a store, so that a flush needs little memory


def check_semantics(semantics: str) -> None:
    """Raise an :class:`InputError` for a meaning that does not exist."""
    if semantics not in SEMANTICS:
        raise InputError(f"semantics must be one of {', '.join(SEMANTICS)}, got {semantics!r}")


class AdamRows:
    """A table, its moments, and when each row was last brought up to date.

    ``exact`` gives the trajectory of dense Adam: a row's missed steps are replayed when it is
    read or updated. ``lazy`` leaves idle rows alone, as torch's SparseAdam does, but with Adam's
    formula, in which eps is added after the bias correction. ``dense`` updates every row at every
    step.

    Args:
        table: (rows, D) float32 or float64 updated in place, or a store of half-precision rows.
        exp_avg: (rows, D) first moment.
        exp_avg_sq: (rows, D) second moment.
        semantics: ``"exact"``, ``"lazy"`` or ``"dense"``.
        step: steps that the moments have seen.
        threads: upper bound; ``None`` for the processors that this process may use.
    """

    def __init__(
        self,
        table: AnyArray | RowStore,
        exp_avg: AnyArray,
        exp_avg_sq: AnyArray,
        *,
        semantics: Semantics = "exact",
        step: int = 0,
        threads: Threads = None,
    ) -> None:
        check_semantics(semantics)
        self.table = table
        self.exp_avg = exp_avg
        self.exp_avg_sq = exp_avg_sq
        self.last_steps: Ids = np.full(len(exp_avg), step, np.int32)
        self.semantics = semantics
        self.step = step
        self.threads = threads
        self._history: ReplayHistory | None = None

    def update(self, gradient: RowGradient, settings: AdamSettings) -> None:
        """Do one step with a compact gradient."""
        history = None if self.semantics == "lazy" else self._history_for(settings)
        ids = gradient.row_ids
        table, state, places = self._rows_and_state(ids)
        rows = gradient.as_type(table.dtype).rows
        bounds = even_bounds(ids.size, 4 * table.shape[1], self.threads)
        if history is None:
            arguments = *state[:2], places, rows, settings, self.step + 1
            run_ranges(lazy_adam_rows, bounds, table, *arguments)
        else:
            run_ranges(adam_rows, bounds, table, *state, places, rows, settings, history.arrays)
        self._put_back(ids, table, state)
        self.step += 1
        if history is not None:
            history.append(settings.learning_rate)
            if self.semantics == "dense" or len(history) >= LONGEST_HISTORY:
                self.flush()

    def read(self, row_ids: Ids64) -> AnyArray:
        """Return rows as they are after the last step; nothing is changed by reading."""
        if self._history is None or not self.behind:
            if isinstance(self.table, np.ndarray):
                return read_table(self.table, row_ids, self.threads)
            return self.table.take(row_ids)
        if is_compact(row_ids):
            nowhere = NO_POSITIONS, NO_POSITIONS, NO_POSITIONS
            return self._replayed(row_ids, nowhere, row_ids.size, self._history)
        return self.read_segments(Segments.of(row_ids, len(self.exp_avg)))

    def read_segments(self, segments: Segments) -> AnyArray:
        """Return the row of each position, after the last step: replayed once for a segment."""
        if self._history is None or not self.behind:
            return read_segments(self.table, segments, self.threads)
        places = segments.order, segments.starts, segments.stops
        return self._replayed(segments.row_ids, places, segments.order.size, self._history)

    def _replayed(
        self,
        row_ids: Ids64,
        positions: tuple[Ids64, Ids64, Ids64],
        position_count: int,
        history: ReplayHistory,
    ) -> AnyArray:
        """Return distinct rows with their missed steps, each at its positions."""
        table, state, places = self._rows_and_state(row_ids)
        out = np.empty((position_count, self.exp_avg.shape[1]), table.dtype)
        bounds = even_bounds(row_ids.size, 3 * out.shape[1], self.threads)
        arguments = places, *positions, history.settings, history.arrays, out
        run_ranges(read_rows, bounds, table, *state, *arguments)
        return out

    @property
    def behind(self) -> bool:
        """Whether some rows may have missed steps that are not yet in the table."""
        return self._history is not None and len(self._history) > 0

    def freeze(self, row_ids: Ids64) -> None:
        """Never move these rows, not even by weight decay; they must get no gradient."""
        self.flush(row_ids)
        self.last_steps[row_ids] = NEVER_BEHIND

    def flush(self, row_ids: Ids64 | None = None) -> None:
        """Bring rows up to date in place: distinct ``row_ids``, or all rows."""
        if self._history is None or not self.behind:
            return
        if row_ids is not None:
            self._catch_up(row_ids, self._history)
            return
        if isinstance(self.table, np.ndarray):
            self._catch_up(ALL_ROWS, self._history)
        else:
            for first in range(0, len(self.exp_avg), ROWS_AT_ONCE):
                last = min(first + ROWS_AT_ONCE, len(self.exp_avg))
                self._catch_up(np.arange(first, last), self._history)
        self._history = None

    def grow(self, table: AnyArray, exp_avg: AnyArray, exp_avg_sq: AnyArray) -> None:
        """Go on with longer arrays that begin with the rows of the old ones."""
        more = len(exp_avg) - len(self.exp_avg)
        self.table, self.exp_avg, self.exp_avg_sq = table, exp_avg, exp_avg_sq
        later = np.full(more, self.step, np.int32)
        self.last_steps = np.concatenate([self.last_steps, later])

    def begin_rows(self, row_ids: Ids64) -> None:
        """Let rows begin now: they have missed no step."""
        self.last_steps[row_ids] = self.step

    def _catch_up(self, row_ids: Ids64, history: ReplayHistory) -> None:
        table, state, places = self._rows_and_state(row_ids)
        count = len(self.exp_avg) if row_ids is ALL_ROWS else row_ids.size
        bounds = even_bounds(count, 3 * table.shape[1], self.threads)
        if row_ids is ALL_ROWS or count:
            arguments = places, history.settings, history.arrays
            run_ranges(catch_up_rows, bounds, table, *state, *arguments)
        self._put_back(row_ids, table, state)

    def _history_for(self, settings: AdamSettings) -> ReplayHistory:
        """Return the steps that rows may have missed, begun anew where the settings changed."""
        if self._history is not None and self._history.settings[1:] != settings[1:]:
            self.flush()
        if self._history is None:
            self._history = ReplayHistory(self.step, settings)
        return self._history

    def _rows_and_state(self, row_ids: Ids64) -> tuple[AnyArray, list[AnyArray], Ids64]:
        state: list[AnyArray] = [self.exp_avg, self.exp_avg_sq, self.last_steps]
        if isinstance(self.table, np.ndarray):
            return self.table, state, row_ids
        compact = [array[row_ids] for array in state]
        return self.table.take(row_ids), compact, np.arange(row_ids.size)

    def _put_back(self, row_ids: Ids64, rows: AnyArray, state: list[AnyArray]) -> None:
        if isinstance(self.table, np.ndarray):
            return
        self.table.put(row_ids, rows)
        self.exp_avg[row_ids], self.exp_avg_sq[row_ids], self.last_steps[row_ids] = state
