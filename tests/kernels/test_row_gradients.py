import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symvec.kernels import row_gradients as kernels
from symvec.kernels.reference import row_gradients as twins

NONE = np.empty(0, np.float64)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 2**40), max_size=50), st.integers(0, 5))
def test_sorting_and_segments_agree_with_numpy(ids, left_out):
    row_ids = np.array(ids, np.int64) % 7 if left_out % 2 else np.array(ids, np.int64)
    largest = int(row_ids.max(initial=0))
    order, keys = kernels.sort_positions(row_ids, largest)
    np.testing.assert_array_equal(order, twins.sort_positions(row_ids, largest)[0])
    for ours, theirs in zip(
        kernels.find_segments(keys, left_out), twins.find_segments(keys, left_out), strict=True
    ):
        np.testing.assert_array_equal(ours, theirs)


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
    order, keys = kernels.sort_positions(row_ids, 5)
    unique, starts, stops = kernels.find_segments(keys, 2)
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
