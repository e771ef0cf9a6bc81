import json

import pytest

from symvec.errors import InputError
from symvec.training.settings import Word2VecSettings


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"algorithm": "sg"}, "algorithm must be 'skipgram' or 'cbow', got 'sg'"),
        ({"cbow_update": "mean"}, "cbow_update must be 'word2vec' or 'exact', got 'mean'"),
        ({"vector_size": 0}, "vector_size must be 1 or more, got 0"),
        ({"vector_size": 1 << 20}, "vector_size must be from 1 to 65536, got 1048576"),
        ({"window": 0}, "window must be 1 or more, got 0"),
        ({"negative": 0}, "negative must be 1 or more, got 0"),
        ({"epochs": 0}, "epochs must be 1 or more, got 0"),
        ({"window": 2.5}, "window must be a whole number, got 2.5"),
        ({"epochs": True}, "epochs must be a whole number, got True"),
        ({"seed": -1}, "seed must be from 0 to 9223372036854775807, got -1"),
        ({"sample": -1e-3}, "sample must be 0 or more, got -0.001"),
        ({"alpha": float("nan")}, "alpha must be a finite number, got nan"),
        ({"alpha": "0.1"}, "alpha must be a finite number, got '0.1'"),
        ({"ns_exponent": float("inf")}, "ns_exponent must be a finite number, got inf"),
        ({"alpha": 1e-5}, "alpha falls from 1e-05 to min_alpha, which is larger: 0.0001"),
    ],
)
def test_each_value_is_checked(setting, message):
    with pytest.raises(InputError) as caught:
        Word2VecSettings(**setting)
    assert message in str(caught.value)


def test_a_rate_that_is_not_given_is_the_algorithms():
    assert Word2VecSettings().learning_rate == 0.025
    assert Word2VecSettings(algorithm="cbow").learning_rate != 0.025
    assert Word2VecSettings(algorithm="cbow", alpha=0.3).learning_rate == 0.3


def test_metadata_has_the_rate_in_force_and_can_be_json():
    metadata = json.loads(json.dumps(Word2VecSettings(algorithm="cbow").to_metadata()))
    assert metadata["alpha"] == Word2VecSettings(algorithm="cbow").learning_rate
    assert metadata["window"] == 5


def test_skipgram_has_no_use_for_the_cbow_update():
    assert Word2VecSettings().unused() == {"cbow_update": "algorithm='skipgram'"}
    assert "cbow_update" not in Word2VecSettings().to_metadata()
    assert Word2VecSettings(algorithm="cbow").to_metadata()["cbow_update"] == "word2vec"
