import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symvec.kernels import row_gradients as kernels
from symvec.kernels.reference import row_gradients as twins

NONE = np.empty(0, np.float64)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 2**40), max_size=50), st.booleans())
def test_sorting_and_segments_agree_with_numpy(ids, few):
    row_ids = np.array(ids, np.int64) % 7 if few else np.array(ids, np.int64)
    row_count = 7 if few else 2**40 + 1
    bits = len(ids).bit_length(), (row_count - 1).bit_length()
    ours, theirs = (m.find_segments(row_ids, row_count, *bits) for m in (kernels, twins))
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(mine, other)


@pytest.mark.parametrize(
    ("row_ids", "inside"), [([], True), ([0, 4], True), ([5], False), ([3, -1], False)]
)
def test_ids_that_the_table_does_not_have_are_noticed(row_ids, inside):
    for module in (kernels, twins):
        assert module.find_segments(np.array(row_ids, np.int64), 5, 2, 3)[3] == inside


@pytest.mark.parametrize(
    ("row_ids", "compact"),
    [([], True), ([4], True), ([1, 3], True), ([1, 1], False), ([3, 1], False)],
)
def test_compact_means_sorted_and_distinct(row_ids, compact):
    for module in (kernels, twins):
        assert module.is_compact(np.array(row_ids, np.int64)) == compact


@pytest.mark.parametrize("name", ["sum", "weigh", "weigh_by", "win"])
def test_each_sum_of_segments_agrees_with_its_formula(name):
    rng = np.random.default_rng(4)
    row_ids = rng.integers(0, 6, 20)
    unique, order, edges, _ = kernels.find_segments(row_ids, 6, 5, 3)
    kept = unique != 2
    unique, starts, stops = unique[kept], edges[:-1][kept], edges[1:][kept]
    bag_of_position = np.sort(rng.integers(0, 9, 20))
    weights = rng.normal(size=20)
    gradients = rng.normal(size=(20, 3))
    arguments = {
        "sum": (),
        "weigh": (bag_of_position, NONE),
        "weigh_by": (bag_of_position, weights),
        "win": (bag_of_position, weights, rng.integers(0, 20, (9, 3))),
    }[name]
    answers = []
    for module in (kernels, twins):
        out = np.full((unique.size, 3), np.nan)
        kernel = getattr(module, f"{name.removesuffix('_by')}_segments")
        kernel(gradients, order, starts, stops, *arguments, out, 0, unique.size)
        answers.append(out)
    np.testing.assert_allclose(*answers, rtol=1e-12, atol=1e-14)
    if name == "sum":
        dense = np.zeros((6, 3))
        np.add.at(dense, row_ids, gradients)
        np.testing.assert_allclose(answers[0], dense[unique])
        assert 2 not in unique
