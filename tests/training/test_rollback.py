import numpy as np
import pytest

import symvec
from symvec.errors import InterruptedTraining
from symvec.training import TrainingWarning, epochs
from symvec.training.place import Place
from symvec.training.rollback import RollbackState, are_finite

SETTINGS = {"vector_size": 8, "min_count": 1, "epochs": 3, "sample": 0, "alpha": 0.4}


@pytest.fixture(scope="module")
def sentences():
    random = np.random.default_rng(0)
    # Even: of uneven words a tile goes a part of the way only, whatever the rate.
    return [[f"w{n}" for n in line] for line in random.integers(0, 40, (2000, 20))]


def arrays(seed):
    random = np.random.default_rng(seed)
    return {
        "a": random.random((5, 3), np.float32),
        "b": random.random((2, 4), np.float32),
        "none": np.zeros((0, 8), np.float32),
    }


def test_the_latest_state_is_restored(tmp_path):
    state, expected = RollbackState(tmp_path), arrays(2)
    state.keep(Place(1, 0), arrays(1))
    state.keep(Place(1, 5, loss=2.5), expected)
    found = arrays(3)
    assert state.restore((1, 5), found) == Place(1, 5, loss=2.5)
    for name, array in expected.items():
        np.testing.assert_array_equal(found[name], array)
    assert [path.name for path in tmp_path.iterdir()] == ["rollback-1-5.state"]


def test_a_state_that_is_not_at_hand_is_none(tmp_path):
    state = RollbackState(tmp_path)
    assert state.restore((0, 0), arrays(0)) is None
    state.keep(Place(1, 0), arrays(0))
    assert state.restore((1, 5), arrays(0)) is None
    assert RollbackState(None).restore((1, 0), arrays(0)) is None


def test_without_room_no_state_is_kept(tmp_path):
    state = RollbackState(tmp_path / "gone")
    state.keep(Place(1, 0), arrays(0))
    assert state.restore((1, 0), arrays(0)) is None


def test_all_numbers_are_looked_at():
    assert are_finite(arrays(0))
    for broken in (np.nan, np.inf, -np.inf):
        for name in ("a", "b"):
            found = arrays(0)
            found[name][-1, -1] = broken
            assert not are_finite(found)


def test_the_rate_is_halved_from_a_point_on():
    halvings = ((0, 0), (1, 5), (1, 5))
    rates = [Place(*at, halvings=halvings).rate_factor for at in ((0, 0), (0, 9), (1, 4), (1, 5))]
    assert rates == [0.5, 0.5, 0.5, 0.125]
    assert Place(7).rate_factor == 1


def test_training_comes_through_at_a_lower_rate_and_says_so(sentences):
    with pytest.warns(TrainingWarning, match="were not finite .* in epoch 1: .* alpha=0.2") as told:
        vectors = symvec.train(sentences, **SETTINGS)
    assert np.isfinite(vectors.table).all()
    assert len(vectors.provenance["losses"]) == 3
    faults = [each for each in told if "not finite" in str(each.message)]
    assert vectors.provenance["halvings"] == [1] * len(faults)


@pytest.mark.filterwarnings("ignore")
def test_it_is_the_same_at_any_number_of_threads_and_without_kept_states(sentences, monkeypatch):
    # Many states on the way, so that some of the faults go back to one in the midst.
    monkeypatch.setattr(epochs, "TOKENS_BETWEEN_STATES", 3000)
    tables = [symvec.train(sentences, **SETTINGS, threads=n).table for n in (1, 3)]
    monkeypatch.setattr(epochs, "RollbackState", lambda _: RollbackState(None))
    tables.append(symvec.train(sentences, **SETTINGS, threads=2).table)
    np.testing.assert_array_equal(tables[0], tables[1])
    np.testing.assert_array_equal(tables[0], tables[2])


@pytest.mark.filterwarnings("ignore")
def test_a_run_that_is_resumed_goes_back_to_where_the_other_one_would(
    sentences, monkeypatch, tmp_path
):
    monkeypatch.setattr(epochs, "TOKENS_BETWEEN_STATES", 3000)
    whole = symvec.train(sentences, **SETTINGS)
    options = SETTINGS | {"checkpoint": tmp_path / "model", "checkpoint_every": 0}
    reports = 0

    def interrupt(progress):
        nonlocal reports
        reports += progress.stage == "training"
        if reports > 2:
            raise KeyboardInterrupt

    for resume in (False, True, True):
        reports = 0
        with pytest.raises(InterruptedTraining):
            symvec.train(sentences, **options, resume=resume, progress=interrupt)
    resumed = symvec.train(sentences, **options, resume=True, threads=3)
    np.testing.assert_array_equal(resumed.table, whole.table)
    assert resumed.provenance == whole.provenance


def test_an_epoch_worse_than_chance_is_gone_back_from_though_it_is_finite():
    """CBOW at a high rate, long lines and far windows: contexts move by the changes of all."""
    random = np.random.default_rng(1)
    items = (random.zipf(1.2, 60_000) % 20_000).astype(str)
    lines = [items[start : start + 1000].tolist() for start in range(0, len(items), 1000)]
    settings = {"sample": 1e-3, "epochs": 1, "vector_size": 16, "alpha": 0.2}
    with pytest.warns(TrainingWarning) as told:
        vectors = symvec.train(lines, items=True, algorithm="cbow", **settings, threads=1)
    said = [str(each.message) for each in told]
    assert any("the loss rose from 4.1" in each and "half the rate" in each for each in said)
    assert vectors.provenance["losses"][-1] < 1.5 * 6 * np.log(2)
    assert np.abs(vectors.table).max() < 1e3
