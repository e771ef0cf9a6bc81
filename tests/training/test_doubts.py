import warnings

import numpy as np
import pytest

import symvec
from symvec.training import TrainingWarning

# Settings that nobody would doubt for the text below.
SOUND = {"vector_size": 8, "min_count": 1, "epochs": 1, "sample": 0, "window": 5}


def text(sentences=6000, words=300, length=20):
    random = np.random.default_rng(0)
    return [[f"w{n}" for n in line] for line in random.zipf(1.4, (sentences, length)) % words]


def told(sentences, **settings):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        symvec.train(sentences, **SOUND | settings)
    assert all(warning.category is TrainingWarning for warning in caught)
    return [str(warning.message) for warning in caught]


def test_sound_settings_are_not_doubted():
    assert told(text()) == []


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"sample": 1e-9}, "sample=1e-09 leaves 0.0 % of the words to train on; raise it, or"),
        ({"window": 50}, "window=50 reaches far beyond the longest sentence, of 20 words"),
        ({"vector_size": 301}, "vector_size=301 is more than the 300 words that are learned"),
        ({"min_count": 15_000}, "min_count=15000 and max_vocabulary=None drop "),
        (
            {"max_vocabulary": 2},
            "min_count=1 and max_vocabulary=2 drop 56 % of the text and leave 2 words",
        ),
        ({"alpha": 0.4}, "alpha=0.4 is large for skipgram: vectors may grow without bound"),
        ({"algorithm": "cbow", "alpha": 0.9}, "alpha=0.9 is large for cbow"),
    ],
)
def test_settings_that_are_doubted(settings, message):
    assert any(message in each for each in told(text(), **settings)), told(text(), **settings)


def test_little_text_is_doubted():
    (doubt,) = told(text(sentences=100))
    assert doubt == (
        "2,000 words in 1 epoch are few to learn from: more epochs may help, more text will"
    )
