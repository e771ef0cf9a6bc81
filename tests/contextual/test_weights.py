import numpy as np
import pytest

from elmo_case import SIZES, tiny_encoder
from symvec.contextual import Weights
from symvec.contextual.weights import shapes
from symvec.errors import InputError

TENSORS = tiny_encoder().weights.to_tensors()


def test_tensors_go_out_and_come_back():
    assert {name: array.shape for name, array in TENSORS.items()} == dict(shapes(SIZES))
    again = Weights.from_tensors(TENSORS, SIZES).to_tensors()
    for name, array in TENSORS.items():
        assert np.array_equal(again[name], array)


def test_other_floats_become_float32():
    doubles = {name: array.astype(np.float64) for name, array in TENSORS.items()}
    assert Weights.from_tensors(doubles, SIZES).projection.dtype == np.float32


def test_what_is_missing_or_misshapen_is_named():
    without = {name: array for name, array in TENSORS.items() if name != "backward.1.kernel"}
    with pytest.raises(InputError, match=r"'backward\.1\.kernel' are missing, expected .*\(12, 28"):
        Weights.from_tensors(without, SIZES)
    with pytest.raises(InputError, match=r"'projection' must be .*\(11, 6\).* got shape \(6, 11\)"):
        Weights.from_tensors(TENSORS | {"projection": TENSORS["projection"].T}, SIZES)
    with pytest.raises(InputError, match=r"must be floats .* of int64"):
        Weights.from_tensors(TENSORS | {"characters": np.zeros((261, 3), np.int64)}, SIZES)
