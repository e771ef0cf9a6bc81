"""Tables that grow while they are trained: a row for each symbol that turns up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from symvec.arrays import AnyArray, Ids64
from symvec.errors import FormatError, InputError, UnknownSymbolError
from symvec.files.atomic import PathLike
from symvec.kernels.row_history import AdamSettings
from symvec.layers.adam import AdamRows
from symvec.layers.gradients import RowGradient
from symvec.layers.start_rows import start_rows
from symvec.layers.storage import FileStorage, MemoryStorage, Storage

SMALLEST_CAPACITY = 1024
HEADER, SYMBOLS = "table.json", "symbols.json"
FLOAT = np.dtype(np.float32)


class GrowingTable:
    """A table of symbols under AdamW, whose optimiser state grows with it.

    A row starts at a value that only the seed and its symbol decide, so neither the order in
    which symbols turn up nor a restart changes it. A symbol that comes late has missed nothing.

    Args:
        width: numbers in a row.
        seed: with the symbol, what decides how a row starts.
        scale: the standard deviation of the start.
        storage: where the arrays lie; in memory if it is not given.

    Raises:
        InputError: a width below 1.

    Example:
        >>> table = GrowingTable(4, seed=1)
        >>> table.ids(["tea", "coffee", "tea"]).tolist()
        [0, 1, 0]
        >>> other = GrowingTable(4, seed=1)
        >>> bool((table.read(table.ids(["coffee"])) == other.read(other.ids(["coffee"]))).all())
        True
    """

    def __init__(
        self, width: int, *, seed: int, scale: float = 0.01, storage: Storage | None = None
    ) -> None:
        if width < 1:
            raise InputError(f"width must be 1 or more, got {width}")
        self.width, self.seed, self.scale = width, seed, scale
        self._storage = MemoryStorage() if storage is None else storage
        self._saved = False
        self._rows: dict[str, int] = {}
        self.optimiser = AdamRows(*self._arrays(0))

    @classmethod
    def create(
        cls, folder: PathLike, width: int, *, seed: int, scale: float = 0.01
    ) -> GrowingTable:
        """Return a new table in files of a folder, trained in place.

        Raises:
            InputError: the folder already holds a table.
        """
        storage = FileStorage(folder)
        if (storage.folder / HEADER).exists():
            raise InputError(f"{folder} already holds a table; open it with GrowingTable.open")
        table = cls(width, seed=seed, scale=scale, storage=storage)
        table._write_header(whole=True)
        return table

    @classmethod
    def open(cls, folder: PathLike, *, recover: bool = False) -> GrowingTable:
        """Return a table that :meth:`create` made and :meth:`save` saved.

        Args:
            folder: where the files lie.
            recover: take rows as they are after a training that ended without ``save()``.

        Raises:
            FormatError: files that are missing, damaged, of another size, or not saved.
        """
        storage = FileStorage(folder)
        header, symbols = storage.read_json(HEADER), storage.read_json(SYMBOLS)
        if not isinstance(header, dict) or not isinstance(symbols, list):
            raise FormatError(f"{folder} is no table: its header is of another kind")
        try:
            width, capacity, step = (int(header[name]) for name in ("width", "capacity", "step"))
            seed, scale, whole = int(header["seed"]), float(header["scale"]), header["whole"]
        except (KeyError, TypeError, ValueError) as error:
            raise FormatError(f"{folder} is no table: its header lacks {error}") from error
        if not whole and not recover:
            raise FormatError(
                f"{folder} was trained and not saved: idle rows are behind; "
                "open it with recover=True to take the rows as they are"
            )
        for name in ("table", "exp_avg", "exp_avg_sq"):
            storage.check_size(name, (capacity, width), FLOAT)
        if len(symbols) > capacity:
            raise FormatError(f"{folder} has {len(symbols)} symbols for {capacity} rows")
        table = cls.__new__(cls)
        table.width, table.seed, table.scale = width, seed, scale
        table._storage, table._saved = storage, bool(whole)
        table._rows = {symbol: row for row, symbol in enumerate(symbols)}
        table.optimiser = AdamRows(*table._arrays(capacity), step=step)
        return table

    def __len__(self) -> int:
        """Return the number of symbols."""
        return len(self._rows)

    def __contains__(self, symbol: object) -> bool:
        """Return whether a symbol has a row."""
        return symbol in self._rows

    def __iter__(self) -> Iterator[str]:
        """Return the symbols in the order of their rows."""
        return iter(self._rows)

    @property
    def capacity(self) -> int:
        """Rows that there is room for before the arrays grow."""
        return len(self.optimiser.exp_avg)

    @property
    def table(self) -> AnyArray:
        """The rows of the symbols, (symbols, width) float32, after bringing all up to date."""
        self.optimiser.flush()
        return np.asarray(self.optimiser.table)[: len(self)]

    def ids(self, symbols: Iterable[str], *, add: bool = True) -> Ids64:
        """Return the row ids of symbols; new ones get a row.

        Args:
            symbols: flat.
            add: give new symbols a row; otherwise they are an error.

        Raises:
            InputError: a symbol that is no text, or one text where a list belongs.
            UnknownSymbolError: a new symbol under ``add=False``.
        """
        if isinstance(symbols, str):
            raise InputError(
                f"expected a list of symbols, got the text {symbols!r}: pass [{symbols!r}]"
            )
        wanted = list(symbols)
        fresh = dict.fromkeys(symbol for symbol in wanted if symbol not in self._rows)
        for symbol in fresh:
            if not isinstance(symbol, str):
                raise InputError(f"symbols must be text, got {type(symbol).__name__} {symbol!r}")
            if not add:
                raise UnknownSymbolError(symbol)
        if fresh:
            self._add(list(fresh))
        return np.fromiter((self._rows[symbol] for symbol in wanted), np.int64, len(wanted))

    def read(self, row_ids: Ids64) -> AnyArray:
        """Return rows as they are after the last step, (ids, width)."""
        return self.optimiser.read(row_ids)

    def update(self, gradient: RowGradient, settings: AdamSettings) -> None:
        """Do one step of AdamW with a compact gradient, as :meth:`AdamRows.update` does."""
        self._mark_changed()
        self.optimiser.update(gradient, settings)

    def save(self) -> None:
        """Bring every row up to date and write all of it to the disk; in memory, only the first."""
        self.optimiser.flush()
        if isinstance(self._storage, FileStorage):
            self._storage.sync()
            self._write_header(whole=True)

    def _add(self, fresh: list[str]) -> None:
        first, needed = len(self), len(self) + len(fresh)
        self._mark_changed()
        if needed > self.capacity:
            capacity = max(SMALLEST_CAPACITY, 2 * self.capacity, needed)
            self.optimiser.grow(*self._arrays(capacity))
        rows = start_rows(fresh, self.width, seed=self.seed, scale=self.scale)
        np.asarray(self.optimiser.table)[first:needed] = rows
        self.optimiser.begin_rows(np.arange(first, needed))
        self._rows.update(zip(fresh, range(first, needed), strict=True))

    def _arrays(self, capacity: int) -> tuple[AnyArray, AnyArray, AnyArray]:
        shape = capacity, self.width
        table = self._storage.resize("table", shape, FLOAT)
        moments = (self._storage.resize(name, shape, FLOAT) for name in ("exp_avg", "exp_avg_sq"))
        return table, next(moments), next(moments)

    def _mark_changed(self) -> None:
        """Say in the header, once, that the files are behind until they are saved."""
        if self._saved:
            self._write_header(whole=False)

    def _write_header(self, *, whole: bool) -> None:
        if not isinstance(self._storage, FileStorage):
            return
        if whole:
            self._storage.write_json(SYMBOLS, list(self._rows))
        header = {
            "width": self.width,
            "capacity": self.capacity,
            "step": self.optimiser.step,
            "seed": self.seed,
            "scale": self.scale,
            "whole": whole,
        }
        self._storage.write_json(HEADER, header)
        self._saved = whole
