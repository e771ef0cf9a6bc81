import numpy as np
import pytest

from symvec.errors import InputError
from symvec.vectors.clustering import spherical_kmeans


def test_groups_that_are_apart_are_found():
    random = np.random.default_rng(3)
    centres = np.eye(4)[:3]
    rows = np.repeat(centres, [5, 9, 2], axis=0) + random.normal(scale=0.1, size=(16, 4))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    labels = spherical_kmeans(rows, 3, seed=4)
    assert [len(set(part)) for part in np.split(labels, [5, 14])] == [1, 1, 1]
    assert len(set(labels)) == 3
    assert spherical_kmeans(rows, 3, seed=4).tolist() == labels.tolist()


def test_edges():
    assert spherical_kmeans(np.zeros((0, 3)), 2).tolist() == []
    assert sorted(spherical_kmeans(np.eye(2), 10**9)) == [0, 1]
    assert spherical_kmeans(np.zeros((3, 2)), 2).tolist() == [0, 0, 0]
    with pytest.raises(InputError, match="expected 1 cluster and restart or more, got 0 and 10"):
        spherical_kmeans(np.eye(2), 0)
