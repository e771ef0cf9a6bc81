"""Going on with new text from a model that was trained: by its settings, cut by its tokeniser."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from symvec.errors import InputError
from symvec.text.character_tokeniser import CharacterTokeniser
from symvec.text.phrased import PhrasedTokeniser
from symvec.text.phrases import Phrases
from symvec.text.tokenisers import Tokeniser
from symvec.text.tokenising import TextTokeniser
from symvec.training.algorithms import ALGORITHMS
from symvec.training.fasttext_settings import is_fasttext, settings_of_fasttext
from symvec.training.settings import (
    PhraseSettings,
    PositionWeights,
    SubwordSettings,
    Word2VecSettings,
)
from symvec.training.settings.part import described
from symvec.training.settings.word2vec import DEFAULT_ALPHAS
from symvec.vectors import Vectors

# Measured: at the whole of the algorithm's rate, old words lose much of what they had learned from
# more text than the new one. See docs/decisions/0011-going-on-with-new-text.md.
SHARE_OF_RATE: Final = 0.4
# What the tables and their words are made of. The phrases are the model's.
_FIXED: Final = (
    "algorithm",
    "objective",
    "vector_size",
    *described(SubwordSettings),
    *described(PositionWeights),
    *described(PhraseSettings),
)


def settings_to_continue(
    vectors: Vectors, algorithm: str | None, given: Mapping[str, Any]
) -> tuple[str, dict[str, Any]]:
    """Return the algorithm and the settings of a model, with those that are given in their place.

    The rate is 0.4 of the algorithm's own where no other is given.

    Args:
        vectors: of the model.
        algorithm: that is asked for; None where none is.
        given: settings by name.

    Raises:
        InputError: the model cannot be gone on from, or a setting cannot be another one.
    """
    own, there = _told(vectors.provenance)
    if Word2VecSettings not in ALGORITHMS[own].parts:
        raise InputError(
            f"a model of algorithm={own!r} cannot be continued from, only one of skipgram "
            "or cbow: what it counted is not in its file; train on the old and the new text "
            "together"
        )
    asked = given if algorithm is None else {"algorithm": algorithm, **given}
    _check_fixed({"algorithm": own, **there}, asked)
    settings = {**there, **given}
    if "alpha" not in given:
        settings["alpha"] = _gentle_rate(own, settings)
    unused = _unused(own, settings) - set(given)
    return own, {name: value for name, value in settings.items() if name not in unused}


def _told(provenance: Mapping[str, object]) -> tuple[str, dict[str, Any]]:
    """Return the algorithm and the settings that a model says it was trained with."""
    if is_fasttext(provenance):
        return settings_of_fasttext(provenance)
    told = provenance.get("settings")
    own = told.get("algorithm") if isinstance(told, dict) else None
    if not isinstance(own, str) or own not in ALGORITHMS:
        raise InputError(
            "the model to continue from does not say with what settings it was trained; only "
            "files of 'symvec train', fastText and floret do. --init-from (init_from=) starts "
            "from the vectors of any file"
        )
    settings = cast("dict[str, Any]", told)
    return own, {name: value for name, value in settings.items() if name != "algorithm"}


def _gentle_rate(algorithm: str, settings: Mapping[str, Any]) -> float:
    rate = DEFAULT_ALPHAS[algorithm, settings.get("cbow_update", "word2vec")]
    return max(SHARE_OF_RATE * rate, float(settings["min_alpha"]))


def _check_fixed(there: Mapping[str, Any], given: Mapping[str, Any]) -> None:
    # Each place of a window has a vector, where places are weighed.
    fixed = (*_FIXED, *(["window"] if there.get("position_weights") else []))
    for name in fixed:
        if name in given and given[name] != there.get(name, given[name]):
            raise InputError(
                f"{name} cannot be {given[name]!r}: the model to continue from has "
                f"{there[name]!r}; leave it out"
            )


def _unused(algorithm: str, settings: Mapping[str, Any]) -> set[str]:
    """Return settings that others make meaningless."""
    names: set[str] = set()
    for kind in ALGORITHMS[algorithm].parts:
        own = {name: settings[name] for name in described(kind) if name in settings}
        if kind is Word2VecSettings:
            own["algorithm"] = algorithm
        names |= set(kind(**own).unused())
    return names


def tokeniser_to_continue(vectors: Vectors, given: CharacterTokeniser | None) -> CharacterTokeniser:
    """Return how the model cut its text into words, without its phrases.

    Args:
        vectors: of the model.
        given: what was asked for; None where nothing was.

    Raises:
        InputError: something else was asked for, or the model's cannot cut text.
    """
    own = cutter_of(vectors.tokeniser)
    if given is not None and given.to_metadata() != own.to_metadata():
        raise InputError(
            f"the text is cut as that of the model to continue from was, by {own!r}, not by "
            f"{given!r}; leave the tokeniser out"
        )
    return own


def cutter_of(tokeniser: TextTokeniser | None) -> CharacterTokeniser:
    """Return how text is cut before phrases are joined; tokens that were given, at white space.

    Raises:
        InputError: it cannot be told.
    """
    words = tokeniser.words if isinstance(tokeniser, PhrasedTokeniser) else tokeniser
    if words is None:
        return Tokeniser("whitespace", lowercase=False, normalisation="none")
    if not isinstance(words, CharacterTokeniser):
        raise InputError(f"text cannot be cut as these vectors' was, by {words!r}")
    return words


def phrases_of(vectors: Vectors) -> Phrases | None:
    """Return the phrases of a model, None where it has none."""
    tokeniser = vectors.tokeniser
    return tokeniser.phrases if isinstance(tokeniser, PhrasedTokeniser) else None
