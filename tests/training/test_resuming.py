import numpy as np
import pytest

import symvec
from symvec.errors import InputError, InterruptedTraining

ALGORITHMS = [
    {"algorithm": "skipgram"},
    {"algorithm": "cbow"},
    {"algorithm": "skipgram", "subwords": "chars", "bucket": 500},
]
SETTINGS = {"vector_size": 16, "min_count": 1, "epochs": 3, "seed": 3}


@pytest.fixture(scope="module")
def sentences():
    random = np.random.default_rng(0)
    return [[f"w{n}" for n in line] for line in random.zipf(1.5, (4000, 20)) % 300]


@pytest.fixture(scope="module")
def whole(sentences):
    """What training comes to when nobody interrupts it."""
    return [symvec.train(sentences, **SETTINGS, **algorithm) for algorithm in ALGORITHMS]


class InterruptAt:
    """Presses Ctrl-C at the n-th report from training."""

    def __init__(self, report):
        self.left = report

    def __call__(self, progress):
        self.left -= progress.stage == "training"
        if self.left <= 0 and progress.stage == "training":
            raise KeyboardInterrupt


def assert_same(vectors, expected, folder):
    np.testing.assert_array_equal(vectors.table, expected.table)
    assert vectors.provenance == expected.provenance
    paths = [folder / "a", folder / "b"]
    for each, path in zip((vectors, expected), paths, strict=True):
        each.save(path)
    assert paths[0].read_bytes() == paths[1].read_bytes()


@pytest.mark.parametrize("place", range(len(ALGORITHMS)))
def test_checkpoints_on_the_way_change_nothing(sentences, whole, tmp_path, place):
    path = tmp_path / "model"
    vectors = symvec.train(
        sentences, **SETTINGS, **ALGORITHMS[place], checkpoint=path, checkpoint_every=0.01
    )
    assert_same(vectors, whole[place], tmp_path)
    assert sum(".checkpoint-" in each.name for each in tmp_path.iterdir()) == 2


@pytest.mark.parametrize("place", range(len(ALGORITHMS)))
def test_interrupted_again_and_again_training_comes_to_the_same(sentences, whole, tmp_path, place):
    path = tmp_path / "model"
    options = {"checkpoint": path, "checkpoint_every": 0.0, **SETTINGS, **ALGORITHMS[place]}
    interruptions = 0
    for attempt, threads in enumerate((1, 3, 2, 1, 2)):
        stop = InterruptAt(1)
        try:
            vectors = symvec.train(
                sentences, **options, threads=threads, resume=attempt > 0, progress=stop
            )
        except InterruptedTraining as error:
            assert "model.checkpoint-" in str(error)  # noqa: PT017 - it may end before
            interruptions += 1
        else:
            break
    assert interruptions
    vectors = symvec.train(sentences, **options, threads=3, resume=True)
    assert_same(vectors, whole[place], tmp_path)


def test_a_checkpoint_of_other_settings_or_text_is_refused(sentences, tmp_path):
    options = {"checkpoint": tmp_path / "model", **SETTINGS}
    with pytest.raises(InterruptedTraining):
        symvec.train(sentences, **options, progress=InterruptAt(1))
    with pytest.raises(InputError, match=r"settings.window is 5 there and 4 here"):
        symvec.train(sentences, **options, window=4, resume=True)
    with pytest.raises(InputError, match=r"corpus.sha256 is '.*' there and '.*' here"):
        symvec.train([*sentences, ["w1"]], **options, resume=True)


def test_without_a_place_for_it_nothing_is_saved(sentences):
    with pytest.raises(InterruptedTraining, match="interrupted; nothing was saved"):
        symvec.train(sentences, **SETTINGS, progress=InterruptAt(1))
