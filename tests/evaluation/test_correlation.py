import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symvec.evaluation.correlation import pearson, ranks, spearman

X = [7.35, 10.0, 7.46, 7.62, 7.58, 5.77, 6.31, 7.5, 6.77, 7.42, 7.5, 7.35]
Y = [0.61, 1.0, 0.52, 0.55, 0.55, 0.31, 0.29, 0.55, 0.42, 0.61, 0.58, 0.17]


def test_known_values():
    # Computed once with SciPy 1.17.1: pearsonr and spearmanr.
    assert pearson(X, Y) == pytest.approx(0.8379083459364968, abs=1e-12)
    assert spearman(X, Y) == pytest.approx(0.6283274414391595, abs=1e-12)


def test_ties_share_the_mean_of_their_ranks():
    assert ranks([3, 1, 3, 3, 2]).tolist() == [4.0, 1.0, 4.0, 4.0, 2.0]
    assert ranks([]).tolist() == []


@pytest.mark.parametrize(
    ("first", "second"),
    [([], []), ([1], [2]), ([1, 1, 1], [1, 2, 3]), ([1, 2], [0.1, 0.1]), ([0.1] * 7, [0.3] * 7)],
)
def test_where_it_is_not_defined(first, second):
    assert pearson(first, second) is None
    assert spearman(first, second) is None


numbers = st.floats(-1e300, 1e300, allow_subnormal=False)


@given(st.lists(st.tuples(numbers, numbers), max_size=20))
def test_always_a_number_from_minus_one_to_one_or_none(pairs):
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    for correlation in (pearson, spearman):
        found = correlation(first, second)
        assert found is None or -1 <= found <= 1


@given(st.lists(st.integers(-50, 50), min_size=2, max_size=30))
def test_ranks_only_know_the_order(values):
    grown = np.exp(np.array(values) / 10)
    assert ranks(values).tolist() == ranks(grown).tolist()
    if len(set(values)) > 1:
        assert spearman(values, grown) == pytest.approx(1)
        assert spearman(values, -grown) == pytest.approx(-1)
