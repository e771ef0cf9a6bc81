import pytest

from symvec.errors import InputError
from symvec.training.settings import CorpusLimits


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"min_count": 0}, "min_count must be 1 or more, got 0"),
        ({"min_count": 1.5}, "min_count must be a whole number, got 1.5"),
        ({"max_vocabulary": 0}, "max_vocabulary must be 1 or more, got 0"),
    ],
)
def test_each_value_is_checked(setting, message):
    with pytest.raises(InputError) as caught:
        CorpusLimits(**setting)
    assert message in str(caught.value)


def test_all_words_may_be_kept():
    assert CorpusLimits(max_vocabulary=None).to_metadata() == {
        "min_count": 5,
        "max_vocabulary": None,
    }
