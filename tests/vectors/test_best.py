import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symvec.vectors.best import RUN, BestSoFar


def best_of(scores, k, blocks):
    best = BestSoFar(scores.shape[1], k)
    start = 0
    for size in blocks:
        best.add(start, scores[start : start + size])
        start += size
    query_ids, rows = best.candidates()
    return [rows[query_ids == query].tolist() for query in range(scores.shape[1])]


@given(
    st.integers(0, 2**32 - 1),
    st.integers(1, 300),
    st.lists(st.integers(0, 3 * RUN), min_size=1, max_size=6),
    st.integers(0, 3),
)
def test_the_best_are_kept_however_they_come(seed, k, blocks, queries):
    generator = np.random.default_rng(seed)
    # Few distinct values, so that there are ties.
    scores = generator.integers(0, 40, (sum(blocks), queries)).astype(np.float32)
    expected = [
        np.lexsort((np.arange(len(scores)), -scores[:, query]))[:k].tolist()
        for query in range(queries)
    ]
    assert best_of(scores, k, blocks) == expected


def test_sorting_now_and_then_changes_nothing(monkeypatch):
    scores = np.sort(np.random.default_rng(1).random((9000, 2)).astype(np.float32), axis=0)
    found = best_of(scores, 5, [1000] * 9)
    assert found == [[8999, 8998, 8997, 8996, 8995]] * 2


@pytest.mark.parametrize("rows", [3, 200])
def test_what_is_barred_is_never_kept(rows):
    scores = np.full((rows, 1), -np.inf, dtype=np.float32)
    scores[1] = -2.0
    assert best_of(scores, 5, [rows]) == [[1]]


def test_nothing_was_added():
    query_ids, rows = BestSoFar(3, 5).candidates()
    assert query_ids.size == rows.size == 0
