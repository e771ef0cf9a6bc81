import numpy as np
import pytest

import symvec
from symvec.errors import FormatError, InputError
from symvec.training.position_vectors import KEY, position_vectors, to_metadata

SENTENCES = [["black", "tea", "with", "milk"], ["green", "tea", "without", "milk"]] * 60
SETTINGS = {"algorithm": "cbow", "min_count": 1, "vector_size": 8, "window": 2, "sample": 0}


def test_they_come_back_as_they_were():
    places = np.random.default_rng(1).normal(size=(4, 3)).astype(np.float32)
    found = position_vectors({KEY: to_metadata(places[:, :3])})
    np.testing.assert_array_equal(found, places)
    assert found.dtype == np.float32


def test_a_model_keeps_them(tmp_path):
    weights = {"position_weights": True, "position_dimensions": 5}
    vectors = symvec.train(SENTENCES, **SETTINGS, **weights, epochs=2)
    vectors.save(tmp_path / "m.safetensors")
    places = position_vectors(symvec.load(tmp_path / "m.safetensors").provenance)
    assert places.shape == (4, 5)
    assert (places != 1).all()
    assert np.abs(places - 1).max() < 1


@pytest.mark.parametrize("objective", ["negative-sampling", "hierarchical-softmax"])
def test_the_threads_do_not_matter(objective):
    found = [
        symvec.train(
            SENTENCES, **SETTINGS, objective=objective, position_weights=True, threads=threads
        )
        for threads in (1, 3)
    ]
    np.testing.assert_array_equal(found[0].table, found[1].table)
    assert found[0].provenance == found[1].provenance


def test_a_model_without_has_none():
    vectors = symvec.train(SENTENCES, **SETTINGS, epochs=1)
    assert "position_weights" in vectors.provenance["settings"]
    with pytest.raises(InputError) as caught:
        position_vectors(vectors.provenance)
    assert "it was trained without them" in str(caught.value)


@pytest.mark.parametrize(
    "damaged",
    [
        {"shape": [4, 3], "float32": "AAAA"},
        {"shape": [4], "float32": ""},
        {"shape": [0, -1], "float32": "!"},
        {"float32": ""},
        7,
    ],
)
def test_damage_is_told(damaged):
    with pytest.raises(FormatError) as caught:
        position_vectors({KEY: damaged})
    assert "the position vectors of the model are damaged" in str(caught.value)
