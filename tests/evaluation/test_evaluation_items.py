import numpy as np
import pytest

from symvec.errors import InputError
from symvec.evaluation import ItemScores, paired_difference, score_interval
from symvec.evaluation.bootstrap import statistic_interval
from symvec.evaluation.items import effect_size, in_main_category, rank_correlation, share


def scores(values, name="set"):
    return ItemScores(name, "accuracy", share, np.array(values, dtype=float)[:, None])


def test_statistics():
    assert share(np.zeros((0, 1))) is None
    assert rank_correlation(np.array([[1, 5], [2, 7], [3, 6.0]])) == pytest.approx(0.5)
    assert rank_correlation(np.zeros((0, 2))) is None
    clusters, categories = np.array([7, 7, 7, 9, 9]), np.array([1, 1, 2, 2, 2])
    assert in_main_category(clusters, categories).tolist() == [1, 1, 0, 1, 1]
    assert in_main_category(np.zeros(0, np.int64), np.zeros(0, np.int64)).size == 0
    items = np.array([[1, 0], [3, 0], [0, 1], [2, 1.0]])
    assert effect_size(items) == pytest.approx(1 / np.std([1, 3, 0, 2], ddof=1))
    assert effect_size(items[:2]) is None


def test_what_is_not_there_does_not_count():
    part = scores([1, 0, np.nan, 1])
    assert (part.found, part.value) == (3, pytest.approx(2 / 3))
    assert scores([np.nan]).value is None


def test_the_interval_is_that_of_the_binomial():
    random = np.random.default_rng(1)
    outcomes = random.random(400) < 0.3
    found = score_interval([scores(outcomes)])
    deviation = np.sqrt(found.value * (1 - found.value) / 400)
    assert found.low == pytest.approx(found.value - 1.96 * deviation, abs=0.01)
    assert found.high == pytest.approx(found.value + 1.96 * deviation, abs=0.01)
    assert score_interval([scores(outcomes)]) == found
    assert score_interval([scores([])]).low is None


def test_a_paired_difference_is_finer_than_two_intervals():
    random = np.random.default_rng(2)
    first = random.random(300) < 0.5
    second = first | (random.random(300) < 0.05)
    found = paired_difference([scores(first)], [scores(second)])
    assert found.value > 0
    assert found.excludes_zero
    assert not paired_difference([scores(first)], [scores(first)]).excludes_zero
    whole = score_interval([scores(second)])
    assert found.high - found.low < (whole.high - whole.low) / 2


def test_only_items_that_all_were_asked_are_compared():
    first, second = scores([1, 1, np.nan, 0]), scores([np.nan, 1, 0, 1])
    assert paired_difference([first], [second]).value == pytest.approx(0.5)


def test_seeds_widen_the_interval():
    models = [scores([1] * 30 + [0] * 70), scores([1] * 70 + [0] * 30)]
    several, one = score_interval(models), score_interval(models[:1])
    assert several.value == 0.5
    assert several.high - several.low > one.high - one.low


def test_what_cannot_be_compared():
    with pytest.raises(InputError, match="there is no model to score"):
        score_interval([])
    with pytest.raises(InputError, match="expected 1 resample or more, got 0"):
        score_interval([scores([1])], resamples=0)
    with pytest.raises(InputError, match="only be compared on the same test set"):
        paired_difference([scores([1])], [scores([1], "other")])
    with pytest.raises(InputError, match="needs a model on each side"):
        paired_difference([scores([1])], [])


def test_any_statistic():
    found = statistic_interval(np.arange(100.0), np.mean)
    assert found.low < 49.5 < found.high
    assert statistic_interval(np.zeros(0), np.mean).value is None
