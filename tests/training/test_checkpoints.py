import numpy as np
import pytest

from symvec.errors import FormatError, InputError
from symvec.files import open_tensors
from symvec.training import TrainingWarning, remove_checkpoints
from symvec.training.checkpoints import Checkpoints

IDENTITY = {"settings": {"window": 5, "alpha": 0.025}, "corpus": {"sha256": "ab"}}


def state(seed=0):
    random = np.random.default_rng(seed)
    return {
        "inputs": random.random((5, 4), dtype=np.float32),
        "sums": random.random(3),
    }


def checkpoints(folder, *, resume=False, every=1000.0, identity=IDENTITY):
    return Checkpoints(folder / "model.safetensors", every, identity, resume)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_what_is_saved_is_restored(tmp_path):
    saved = state()
    path = checkpoints(tmp_path).save(saved, {"epoch": 3, "loss": 0.1 + 0.2})
    assert path == tmp_path / "model.safetensors.checkpoint-1"
    found = state(1)
    progress = checkpoints(tmp_path, resume=True).restore(found)
    assert progress == {"epoch": 3, "loss": 0.1 + 0.2}
    for name, array in saved.items():
        np.testing.assert_array_equal(found[name], array)


def test_two_are_kept_and_the_latest_counts(tmp_path):
    kept = checkpoints(tmp_path)
    for epoch in range(12):
        kept.save(state(epoch), {"epoch": epoch})
    assert names(tmp_path) == ["model.safetensors.checkpoint-11", "model.safetensors.checkpoint-12"]
    found = state()
    assert checkpoints(tmp_path, resume=True).restore(found) == {"epoch": 11}
    np.testing.assert_array_equal(found["inputs"], state(11)["inputs"])


def test_a_damaged_one_is_passed_over(tmp_path):
    kept = checkpoints(tmp_path)
    paths = [kept.save(state(epoch), {"epoch": epoch}) for epoch in range(2)]
    content = bytearray(paths[1].read_bytes())
    content[-3] ^= 1
    paths[1].write_bytes(content)
    found = state(9)
    with pytest.warns(TrainingWarning, match="a checkpoint cannot be used: .*-2 is damaged"):
        assert checkpoints(tmp_path, resume=True).restore(found) == {"epoch": 0}
    np.testing.assert_array_equal(found["inputs"], state(0)["inputs"])
    paths[0].write_bytes(b"")
    with (
        pytest.warns(TrainingWarning, match="cannot be used"),
        pytest.raises(FormatError, match="is damaged"),
    ):
        checkpoints(tmp_path, resume=True).restore(found)


def test_another_runs_is_refused(tmp_path):
    checkpoints(tmp_path).save(state(), {})
    other = {"settings": {"window": 3, "alpha": 0.025}, "corpus": {"sha256": "cd"}}
    with pytest.raises(InputError) as caught:
        checkpoints(tmp_path, resume=True, identity=other).restore(state())
    assert "checkpoint-1, which is of another run: settings.window is 5 there and 3 here; " in str(
        caught.value
    )
    assert "corpus.sha256 is 'ab' there and 'cd' here" in str(caught.value)


def test_arrays_of_another_shape_are_refused(tmp_path):
    checkpoints(tmp_path).save(state(), {})
    wrong = state() | {"sums": np.zeros(4)}
    with (
        pytest.warns(TrainingWarning),
        pytest.raises(
            FormatError, match=r"expected 'sums' of shape \(4,\) and float64, found \(3,"
        ),
    ):
        checkpoints(tmp_path, resume=True).restore(wrong)


def test_vectors_are_no_checkpoint(tmp_path, tiny_model):
    (tmp_path / "model.safetensors.checkpoint-1").write_bytes(tiny_model.read_bytes())
    with (
        pytest.warns(TrainingWarning),
        pytest.raises(FormatError, match="is not a checkpoint that this version"),
    ):
        checkpoints(tmp_path, resume=True).restore(state())


def test_without_resume_the_run_begins_anew_and_says_that_there_is_one(tmp_path):
    checkpoints(tmp_path).save(state(), {})
    with pytest.warns(TrainingWarning, match="-1 is from a run that did not end"):
        assert checkpoints(tmp_path).restore(state()) is None


def test_with_none_to_resume_from_the_run_begins_anew_and_says_so(tmp_path):
    with pytest.warns(TrainingWarning, match="there is no checkpoint of .*model.safetensors: "):
        assert checkpoints(tmp_path, resume=True).restore(state()) is None


def test_one_is_due_when_its_time_has_come(tmp_path):
    assert not checkpoints(tmp_path).due()
    assert not checkpoints(tmp_path, every=0).due()
    soon = checkpoints(tmp_path, every=1e-9)
    assert soon.due()
    assert not Checkpoints(None, 1e-9, {}, False).due()


def test_a_place_without_room_is_a_warning_and_the_older_ones_stay(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    kept = checkpoints(folder)
    kept.save(state(), {})
    kept._path = folder / "gone" / "model"
    with pytest.warns(TrainingWarning, match="there is no new checkpoint: cannot write"):
        assert kept.save(state(), {}) is None
    assert names(folder) == ["model.safetensors.checkpoint-1"]


def test_only_checkpoints_of_the_model_are_removed(tmp_path):
    others = ["model.safetensors", "model.safetensors.checkpoint-x", "other.checkpoint-1"]
    for name in (*others, "model.safetensors.checkpoint-7"):
        (tmp_path / name).touch()
    remove_checkpoints(tmp_path / "model.safetensors")
    assert names(tmp_path) == sorted(others)


def test_the_file_is_a_safetensors_file(tmp_path):
    path = checkpoints(tmp_path).save(state(), {"epoch": 1})
    assert set(open_tensors(path).tensors) == {"inputs", "sums"}


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf"), True, "3"])
def test_times_that_are_none(tmp_path, seconds):
    with pytest.raises(InputError, match="checkpoint_every must be a number of seconds, 0 for"):
        checkpoints(tmp_path, every=seconds)


def test_resuming_needs_a_path():
    with pytest.raises(InputError, match="resume=True needs checkpoint="):
        Checkpoints(None, 0, {}, True)
