import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symvec.vectors import SearchSpace, nearest, row_norms
from symvec.vectors.neighbours import score_blocks


def space_of(table):
    table = np.asarray(table, dtype=np.float32)
    return SearchSpace(table, row_norms(table))


def textbook(table, queries, k):
    """All cosines in float64, sorted."""
    table, queries = table.astype(np.float64), queries.astype(np.float64)
    lengths = np.linalg.norm(table, axis=1)[:, None] * np.linalg.norm(queries, axis=1)
    cosines = np.divide(table @ queries.T, lengths, out=np.zeros(lengths.shape), where=lengths > 0)
    order = np.argsort(-cosines.round(9), axis=0, kind="stable")[:k].T
    return order, np.take_along_axis(cosines.T, order, axis=1)


@pytest.fixture
def random():
    return np.random.default_rng(7)


@pytest.mark.parametrize(("words", "queries", "k"), [(500, 3, 10), (500, 40, 500), (70, 1, 7)])
def test_against_the_textbook(random, words, queries, k):
    table = random.standard_normal((words, 12)).astype(np.float32)
    asked = random.standard_normal((queries, 12)).astype(np.float32)
    word_ids, scores = nearest(space_of(table), asked, k)
    expected_ids, expected = textbook(table, asked, k)
    assert word_ids.tolist() == expected_ids.tolist()
    assert scores == pytest.approx(expected, abs=1e-12)


@given(st.integers(0, 2**32 - 1), st.integers(0, 60), st.integers(0, 70), st.integers(0, 5))
def test_small_numbers_with_ties_and_zeros(seed, words, k, queries):
    generator = np.random.default_rng(seed)
    table = generator.integers(-1, 2, (words, 2)).astype(np.float32)
    asked = generator.integers(-1, 2, (queries, 2)).astype(np.float32)
    word_ids, scores = nearest(space_of(table), asked, k)
    assert word_ids.shape == scores.shape == (queries, min(k, words))
    _, expected = textbook(table, asked, k)
    assert scores == pytest.approx(expected, abs=1e-12)
    # Rows of one direction and different lengths differ in their last bit, so look at equal ones.
    for found, values in zip(word_ids, scores, strict=True):
        assert len(set(found.tolist())) == len(found)
        same = np.diff(values) == 0
        assert np.all(np.diff(found)[same] > 0)


def test_the_answers_do_not_depend_on_the_batch(random, monkeypatch):
    table = random.standard_normal((3000, 24)).astype(np.float32)
    table[100] = table[2000] = table[7]
    alone = [nearest(space_of(table), table[i : i + 1], 9) for i in range(60)]
    together = nearest(space_of(table), table[:60], 9)
    monkeypatch.setattr("symvec.vectors.neighbours._BATCH_QUERIES", 7)
    monkeypatch.setattr("symvec.vectors.neighbours._BLOCK_SCORES", 1000)
    monkeypatch.setattr("symvec.vectors.neighbours._RESCORED_ROWS", 50)
    in_parts = nearest(space_of(table), table[:60], 9)
    for place in (0, 1):
        expected = np.concatenate([answer[place] for answer in alone])
        assert together[place].tolist() == expected.tolist()
        assert in_parts[place].tolist() == expected.tolist()
    assert together[0][7, :3].tolist() == [7, 100, 2000]


@pytest.mark.parametrize("broken", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("queries", [1, 30])
def test_a_broken_row_is_never_an_answer_and_spoils_no_other(random, broken, queries):
    table = random.standard_normal((300, 5)).astype(np.float32)
    good = np.delete(np.arange(300), 17)
    expected_ids, expected = nearest(space_of(table[good]), table[:queries], 20)
    table[17, 3] = broken
    asked = table[good][:queries]
    expected_ids, expected = nearest(space_of(table[good]), asked, 20)
    word_ids, scores = nearest(space_of(table), asked, 20)
    assert word_ids.tolist() == good[expected_ids].tolist()
    assert scores.tolist() == expected.tolist()
    everything, _ = nearest(space_of(table), asked, 10**9)
    assert everything.shape == (queries, 299)
    assert 17 not in everything


def test_zero_vectors_are_neutral():
    space = space_of([[1, 0], [0, 0], [-1, 0]])
    word_ids, scores = nearest(space, np.array([[2.0, 0.0], [0.0, 0.0]]), 3)
    assert word_ids.tolist() == [[0, 1, 2], [0, 1, 2]]
    assert scores.tolist() == [[1.0, 0.0, -1.0], [0.0, 0.0, 0.0]]


@pytest.mark.parametrize("k", [0, 1, 3, 4, 10**9])
def test_k_is_clamped(k):
    word_ids, scores = nearest(space_of(np.eye(3)), np.ones((2, 3)), k)
    assert word_ids.shape == scores.shape == (2, min(k, 3))


def test_empty_input():
    assert nearest(space_of(np.zeros((0, 4))), np.ones((2, 4)), 5)[0].shape == (2, 0)
    assert nearest(space_of(np.eye(4)), np.zeros((0, 4)), 5)[0].shape == (0, 4)
    assert list(score_blocks(space_of(np.zeros((0, 4))), np.zeros((2, 4), np.float32))) == []


def test_parts_of_a_space():
    space = space_of([[1, 0], [0, 1], [1, 1], [1, 2]])
    query = np.array([[1.0, 0.0]])
    assert nearest(space.first(2), query, 9)[0].tolist() == [[0, 1]]
    assert nearest(space.only(np.array([3, 1, 3])), query, 9)[0].tolist() == [[3, 1]]
    assert space.first(2).matrix.base is not None
