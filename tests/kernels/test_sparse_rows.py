import numpy as np

from symvec.kernels import sparse_rows
from symvec.kernels.cooccurrence import PairBits
from symvec.kernels.reference import factorisation as twin

BITS = PairBits(0, 2, 0)


def test_products_are_those_of_the_twin():
    random = np.random.default_rng(2)
    lengths = np.array([3, 0, 5, 1])
    offsets = np.append(0, np.cumsum(lengths))
    column_ids = random.integers(0, 6, 9).astype(np.int32)
    values, dense = random.random(9).astype(np.float32), random.random((6, 16)).astype(np.float32)
    product = np.full((4, 16), np.nan, np.float32)
    sparse_rows.multiply_sparse(offsets, column_ids, values, dense, product, 0, 3)
    assert np.isnan(product[3]).all()
    sparse_rows.multiply_sparse(offsets, column_ids, values, dense, product, 3, 4)
    np.testing.assert_allclose(
        product, twin.multiply_sparse(offsets, column_ids, values, dense), rtol=1e-5
    )


def test_each_pair_has_two_entries_and_columns_rise():
    pairs = {(0, 1): 4, (0, 3): 2, (1, 1): 8, (1, 2): 6}
    keys = np.array([first << 2 | second for first, second in pairs], np.uint64)
    sums = np.array(list(pairs.values()))
    counts, totals = np.zeros(4, np.int64), np.zeros(4, np.int64)
    sparse_rows.count_entries(keys, sums, BITS, counts, totals)
    assert counts.tolist() == [2, 3, 1, 1]
    assert totals.tolist() == [6, 18, 6, 2]
    cursors = np.append(0, np.cumsum(counts))[:-1]
    column_ids, values = np.zeros(7, np.int32), np.zeros(7, np.float32)
    sparse_rows.fill_entries(keys, sums, BITS, 2.0, cursors, column_ids, values)
    assert column_ids.tolist() == [1, 3, 0, 1, 2, 1, 0]
    assert values.tolist() == [2, 1, 2, 4, 3, 3, 1]


def test_only_positive_information_is_kept():
    offsets, column_ids = np.array([0, 2, 2, 4]), np.array([0, 2, 0, 1], np.int32)
    counts = np.array([1, 8, 0, 2], np.float32)
    row_logs, column_logs = np.log([2.0, 1, 1]), np.log([1.0, 2, 1])
    values, kept = np.full(4, np.nan, np.float32), np.full(3, -1)
    given = offsets, column_ids, counts, row_logs, column_logs, np.log(2.0)
    for start, stop in ((0, 2), (2, 3)):
        sparse_rows.positive_information(*given, values, kept, start, stop)
    np.testing.assert_allclose(values, [0, np.log(2), 0, 0], rtol=1e-6)
    assert kept.tolist() == [1, 0, 0]
    new_offsets = np.append(0, np.cumsum(kept))
    new_ids, new_values = np.zeros(1, np.int32), np.zeros(1, np.float32)
    sparse_rows.keep_positive(offsets, column_ids, values, new_offsets, new_ids, new_values, 0, 3)
    assert new_ids.tolist() == [2]
    assert new_values[0] == values[1]
