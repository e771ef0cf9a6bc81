import pytest

from symvec.errors import InputError
from symvec.training.algorithms import settings_of
from symvec.training.settings import PhraseSettings


def test_without_phrases_nothing_else_is_recorded():
    assert PhraseSettings().to_metadata() == {"phrases": 0}
    assert PhraseSettings().rules is None


def test_the_threshold_in_force_is_recorded():
    settings = settings_of("skipgram", {"phrases": 2, "phrases_scoring": "npmi"})
    metadata = settings.part(PhraseSettings).to_metadata()
    assert metadata == {
        "phrases": 2,
        "phrases_scoring": "npmi",
        "phrases_threshold": 0.5,
        "phrases_min_count": 5,
        "phrases_delimiter": "_",
    }
    assert settings.part(PhraseSettings).rules.passes == 2


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"phrases": 1.5}, "phrases must be a whole number, got 1.5"),
        ({"phrases_scoring": "chi"}, "phrases_scoring must be 'word2phrase' or 'npmi', got 'chi'"),
        ({"phrases": 1, "phrases_min_count": 0}, "phrases_min_count must be 1 or more, got 0"),
        ({"phrases": 1, "phrases_threshold": -1}, "with word2phrase the threshold must be finite"),
        ({"phrases": 1, "phrases_delimiter": ""}, "the delimiter of phrases must be text"),
    ],
)
def test_each_value_is_checked(settings, message):
    with pytest.raises(InputError) as caught:
        PhraseSettings(**settings)
    assert message in str(caught.value)
