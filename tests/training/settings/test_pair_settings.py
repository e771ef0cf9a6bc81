import pytest

from symvec.errors import InputError
from symvec.sparse.counting_limits import LEAST_MEMORY_BUDGET
from symvec.sparse.window_weights import MOST_WINDOW, Weighting
from symvec.training.algorithms import settings_of
from symvec.training.settings import GlovePairs, GloveSettings, PairSettings, SvdSettings
from symvec.training.settings.pairs import WindowWeighting


@pytest.mark.parametrize(
    ("kind", "setting", "message"),
    [
        (PairSettings, {"window": 0}, "window must be from 1 to 2048, got 0"),
        (PairSettings, {"window_weighting": "cubic"}, "window_weighting must be 'harmonic' or 'l"),
        (PairSettings, {"memory_budget": 100}, "memory_budget must be 4194304 or more, got 100"),
        (GloveSettings, {"vector_size": 0}, "vector_size must be from 1 to 65536, got 0"),
        (GloveSettings, {"epochs": 0}, "epochs must be 1 or more, got 0"),
        (GloveSettings, {"alpha": 0.0}, "alpha must be more than 0, got 0.0"),
        (GloveSettings, {"x_max": -1}, "x_max must be more than 0, got -1"),
        (GloveSettings, {"x_max": float("inf")}, "x_max must be a finite number, got inf"),
        (GloveSettings, {"count_exponent": -1}, "count_exponent must be 0 or more, got -1"),
        (GloveSettings, {"glove_vectors": "both"}, "glove_vectors must be 'sum' or 'words', got"),
        (SvdSettings, {"vector_size": 5000}, "vector_size must be from 1 to 4096, got 5000"),
        (SvdSettings, {"eigenvalue_weight": 1}, "eigenvalue_weight must be below 1, got 1; "),
        (SvdSettings, {"eigenvalue_weight": -1}, "eigenvalue_weight must be 0 or more, got -1"),
        (SvdSettings, {"context_smoothing": -1}, "context_smoothing must be 0 or more, got -1"),
        (SvdSettings, {"ppmi_shift": 0}, "ppmi_shift must be more than 0, got 0"),
        (SvdSettings, {"iterations": -1}, "iterations must be from 0 to 1000, got -1"),
        (SvdSettings, {"seed": -1}, "seed must be from 0 to 9223372036854775807, got -1"),
    ],
)
def test_each_value_is_checked(kind, setting, message):
    with pytest.raises(InputError) as caught:
        kind(**setting)
    assert str(caught.value).startswith(message)


def test_the_defaults_are_those_of_the_articles():
    glove, svd = settings_of("glove", {}), settings_of("svd", {})
    assert glove.part(PairSettings).window_weighting == "harmonic"
    assert glove.part(PairSettings).window == 10
    assert glove.part(GloveSettings).learning_rate == 0.05
    assert svd.part(PairSettings).window_weighting == "linear"
    assert svd.part(SvdSettings).eigenvalue_weight == 0.5
    assert isinstance(glove.part(PairSettings), GlovePairs)


def test_the_memory_budget_is_not_recorded():
    assert "memory_budget" not in settings_of("glove", {"memory_budget": 1 << 30}).to_metadata()


def test_the_bounds_are_those_of_counting():
    assert PairSettings(window=MOST_WINDOW, memory_budget=LEAST_MEMORY_BUDGET)
    assert WindowWeighting == Weighting
