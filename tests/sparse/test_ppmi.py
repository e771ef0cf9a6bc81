import numpy as np
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st

from symvec.errors import InputError
from symvec.sparse import ppmi

COUNTS = scipy.sparse.csr_array(np.array([[0, 2, 9], [2, 4, 0], [1, 0, 7.0]]))


def dense_ppmi(counts, smoothing, shift):
    contexts = np.where(counts.sum(0) > 0, counts.sum(0), 1) ** smoothing * (counts.sum(0) > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        joint = counts / counts.sum()
        chance = np.outer(joint.sum(1), contexts / contexts.sum())
        values = np.log(joint / chance) - np.log(shift)
    return np.where(counts > 0, np.maximum(values, 0), 0)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.lists(st.integers(0, 9), min_size=4, max_size=4), min_size=1, max_size=5),
    st.sampled_from([0.0, 0.5, 0.75, 1.0]),
    st.sampled_from([0.5, 1.0, 5.0]),
)
def test_values_are_those_of_the_formula(counts, smoothing, shift):
    found = ppmi(scipy.sparse.csr_array(counts), context_smoothing=smoothing, shift=shift)
    expected = (
        np.zeros_like(counts)
        if not np.any(counts)
        else dense_ppmi(np.array(counts, float), smoothing, shift)
    )
    np.testing.assert_allclose(found.toarray(), expected, rtol=1e-5, atol=1e-6)
    assert (found.data > 0).all()


def test_a_shift_takes_entries_away():
    assert ppmi(COUNTS, shift=5.0).nnz < ppmi(COUNTS).nnz


def test_smoothing_lowers_the_largest_value_of_a_rare_context():
    rare = scipy.sparse.csr_array(np.array([[100, 0], [100, 1.0]]))
    assert ppmi(rare)[1, 1] < ppmi(rare, context_smoothing=1.0)[1, 1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"counts": np.eye(2)}, "expected a SciPy sparse matrix of real numbers, got ndarray"),
        ({"counts": scipy.sparse.csr_array([[-1.0]])}, "counts must be finite numbers of 0 or mor"),
        ({"counts": scipy.sparse.csr_array([[np.nan]])}, "counts must be finite numbers"),
        ({"shift": 0}, "shift must be a finite number above 0, got 0"),
        ({"context_smoothing": -1}, "context_smoothing must be a finite number of 0 or more, got"),
    ],
)
def test_what_cannot_be(arguments, message):
    with pytest.raises(InputError, match=message):
        ppmi(**{"counts": COUNTS} | arguments)
