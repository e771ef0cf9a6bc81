import inspect
import json
from typing import get_type_hints

import pytest

from symvec.errors import InputError
from symvec.training.algorithms import ALGORITHMS, settings_of
from symvec.training.settings import CorpusLimits, Word2VecSettings, compose
from symvec.training.settings.part import described

EVERY_PART = list(
    dict.fromkeys(part for algorithm in ALGORITHMS.values() for part in algorithm.parts)
)


def test_flat_settings_reach_the_parts_that_have_them():
    settings = settings_of("cbow", {"window": 3, "min_count": 2})
    assert settings.part(Word2VecSettings).window == 3
    assert settings.part(Word2VecSettings).algorithm == "cbow"
    assert settings.part(CorpusLimits).min_count == 2
    assert settings.has(CorpusLimits)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_metadata_is_flat_and_makes_the_same_settings_again(algorithm):
    settings = settings_of(algorithm, {"seed": 2})
    metadata = json.loads(json.dumps(settings.to_metadata()))
    assert metadata.pop("algorithm") == algorithm
    assert settings_of(algorithm, metadata).to_metadata() == settings.to_metadata()


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_name_means_one_setting_within_an_algorithm(algorithm):
    names = [name for part in ALGORITHMS[algorithm].parts for name in described(part)]
    assert len(set(names)) == len(names)


def test_a_name_has_one_type_in_all_algorithms():
    types = {}
    for part in EVERY_PART:
        hints = get_type_hints(part)
        for name in described(part):
            assert types.setdefault(name, hints[name]) == hints[name], name


@pytest.mark.parametrize("part", EVERY_PART, ids=lambda part: part.__name__)
def test_every_setting_is_explained(part):
    documentation = inspect.getdoc(part)
    for name, description in described(part).items():
        assert f"{name}:" in documentation
        assert description.help.endswith(".")


def test_an_algorithm_that_there_is_not():
    with pytest.raises(InputError, match=r"^algorithm must be 'skipgram' or .*, got 'sg'$"):
        settings_of("sg", {})


def test_a_setting_that_there_is_not_lists_those_that_there_are():
    with pytest.raises(InputError) as caught:
        settings_of("skipgram", {"dimensions": 3})
    assert str(caught.value).startswith(
        "there is no setting 'dimensions'; the settings are algorithm, "
    )
    assert "min_count" in str(caught.value)


def test_a_setting_of_other_algorithms_only():
    with pytest.raises(InputError) as caught:
        compose("svd", [CorpusLimits], {"window": 3}, {"window": ["skipgram", "cbow"]})
    assert str(caught.value) == (
        "window is not used with algorithm='svd', only with skipgram and cbow; leave it out"
    )


def test_a_setting_that_another_one_makes_meaningless():
    with pytest.raises(InputError) as caught:
        settings_of("skipgram", {"cbow_update": "exact"})
    assert str(caught.value) == "cbow_update is not used with algorithm='skipgram'; leave it out"


def test_a_part_that_an_algorithm_does_not_take():
    with pytest.raises(LookupError, match="svd has no Word2VecSettings"):
        compose("svd", [CorpusLimits], {}, {}).part(Word2VecSettings)
