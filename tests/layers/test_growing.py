import json

import numpy as np
import pytest

from symvec.errors import FormatError, InputError, UnknownSymbolError
from symvec.kernels.row_history import AdamSettings
from symvec.layers.adam import AdamRows
from symvec.layers.gradients import sum_rows
from symvec.layers.growing import GrowingTable
from symvec.layers.start_rows import start_rows

SETTINGS = AdamSettings(0.05, 0.9, 0.999, 1e-8, 0.1, False)


def train(table, batches):
    for symbols in batches:
        ids = table.ids(symbols)
        gradient = np.cos(table.read(ids))
        table.update(sum_rows(ids, gradient, table.capacity), SETTINGS)


def batches(seed=0, count=40, first=0):
    rng = np.random.default_rng(seed)
    for step in range(first, first + count):
        yield [f"s{n}" for n in rng.integers(0, 3 + 2 * step, 4)]


def test_starts_are_a_function_of_seed_and_symbol():
    rows = start_rows(["a", "b", "a"], 200, seed=1, scale=0.5)
    np.testing.assert_array_equal(rows[0], rows[2])
    assert (rows[0] != rows[1]).any()
    assert (start_rows(["a"], 200, seed=2, scale=0.5) != rows[0]).any()
    assert rows.std() == pytest.approx(0.5, rel=0.15)
    assert start_rows([], 3, seed=1, scale=1).shape == (0, 3)


def test_the_order_of_symbols_does_not_matter():
    tables = [GrowingTable(4, seed=7) for _ in range(2)]
    tables[0].ids(["a", "b", "c"])
    tables[1].ids(["c"])
    tables[1].ids(["b", "a"])
    for symbol in "abc":
        rows = [table.read(table.ids([symbol])) for table in tables]
        np.testing.assert_array_equal(*rows)


def test_growing_follows_a_table_that_was_large_from_the_start():
    growing = GrowingTable(4, seed=3)
    train(growing, batches(count=900))
    assert growing.capacity > 1024
    symbols = list(growing)
    large = AdamRows(
        start_rows(symbols, 4, seed=3, scale=0.01),
        np.zeros((len(symbols), 4), np.float32),
        np.zeros((len(symbols), 4), np.float32),
    )
    places = {symbol: place for place, symbol in enumerate(symbols)}
    begun = set()
    for batch in batches(count=900):
        ids = np.array([places[symbol] for symbol in batch])
        fresh = [place for place in ids if place not in begun]
        large.begin_rows(np.array(fresh, np.int64))
        begun.update(fresh)
        gradient = np.cos(large.read(ids))
        large.update(sum_rows(ids, gradient, len(symbols)), SETTINGS)
    large.flush()
    np.testing.assert_array_equal(growing.table, large.table)


def test_files_give_the_bits_of_memory_also_after_a_restart(tmp_path):
    memory = GrowingTable(4, seed=3)
    train(memory, batches())
    memory.save()
    train(memory, batches(5, first=40))
    files = GrowingTable.create(tmp_path / "t", 4, seed=3)
    train(files, batches())
    files.save()
    del files
    again = GrowingTable.open(tmp_path / "t")
    assert list(again) == list(memory)[: len(again)]
    train(again, batches(5, first=40))
    again.save()
    np.testing.assert_array_equal(again.table, memory.table)
    np.testing.assert_array_equal(GrowingTable.open(tmp_path / "t").table, memory.table)


def test_what_was_not_saved_is_told(tmp_path):
    files = GrowingTable.create(tmp_path / "t", 4, seed=3)
    files.ids(["a", "b"])
    files.save()
    train(files, batches())
    del files
    with pytest.raises(FormatError, match="was trained and not saved: idle rows are behind"):
        GrowingTable.open(tmp_path / "t")
    with pytest.raises(InputError, match="already holds a table"):
        GrowingTable.create(tmp_path / "t", 4, seed=3)


def test_rows_can_be_taken_as_they_are(tmp_path):
    files = GrowingTable.create(tmp_path / "t", 4, seed=3)
    files.ids(["a", "b"])
    files.save()
    files.update(sum_rows(np.array([0]), np.ones((1, 4), np.float32), files.capacity), SETTINGS)
    del files
    assert list(GrowingTable.open(tmp_path / "t", recover=True)) == ["a", "b"]


def test_damaged_tables_are_told(tmp_path):
    folder = tmp_path / "t"
    table = GrowingTable.create(folder, 4, seed=3)
    table.ids(["a"])
    table.save()
    good = (folder / "table.json").read_text()
    for text, message in [
        ("{", "is not JSON"),
        ("[]", "its header is of another kind"),
        ("{}", "its header lacks 'width'"),
        (json.dumps({**json.loads(good), "capacity": 10**12}), "expected 16000000000000 for"),
        (json.dumps({**json.loads(good), "capacity": 2**62}), "bytes, expected"),
    ]:
        (folder / "table.json").write_text(text)
        with pytest.raises(FormatError, match=message):
            GrowingTable.open(folder)
    (folder / "table.json").write_text(good)
    (folder / "exp_avg.bin").unlink()
    with pytest.raises(FormatError, match=r"exp_avg\.bin has no bytes, expected"):
        GrowingTable.open(folder)
    with pytest.raises(FormatError, match=r"is no table: table\.json is missing"):
        GrowingTable.open(tmp_path / "nothing")


def test_symbols_that_cannot_be_are_told():
    table = GrowingTable(4, seed=1)
    with pytest.raises(InputError, match=r"expected a list of symbols, got the text 'tea'"):
        table.ids("tea")
    with pytest.raises(InputError, match="symbols must be text, got int 3"):
        table.ids([3])
    with pytest.raises(UnknownSymbolError, match="'tea'"):
        table.ids(["tea"], add=False)
    with pytest.raises(InputError, match="width must be 1 or more, got 0"):
        GrowingTable(0, seed=1)
    assert table.ids([]).size == 0
    assert "tea" not in table
    assert table.table.shape == (0, 4)


def test_strange_symbols_survive_a_restart(tmp_path):
    symbols = ["커피", "a\nb", 'quo"te', "\udcff", "", "😀"]
    table = GrowingTable.create(tmp_path / "t", 2, seed=1)
    table.ids(symbols)
    table.save()
    assert list(GrowingTable.open(tmp_path / "t")) == symbols
