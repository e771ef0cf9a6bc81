"""Sessions and baskets of opaque ids: the settings that suit them, and how their lines are cut."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from symvec.errors import InputError
from symvec.text.character_tokeniser import CharacterTokeniser
from symvec.text.items import ItemTokeniser
from symvec.text.tokeniser_choice import tokeniser_named
from symvec.training.algorithms import ALGORITHMS
from symvec.training.settings import PairSettings, Part, Word2VecSettings

# Caselles-Dupre, Lesaint, Royo-Letelier 2018, "Word2vec applied to recommendation: hyperparameters
# matter": of their four data sets two are best with the exponent -0.5, one with -1, one with 1;
# all want many epochs (110 to 150) where text wants 5. A basket has no order, so all of a line is
# context (Barkan and Koenigstein 2016, "Item2vec", section 3), up to 100 items on each side: the
# time a line takes grows with its length, not with the square of it.
ITEM_DEFAULTS: Final[Mapping[type[Part], Mapping[str, Any]]] = {
    Word2VecSettings: {
        "window": 100,
        "shrink_windows": False,
        "sample": 0.0,
        "ns_exponent": -0.5,
        "epochs": 20,
    },
    PairSettings: {"window": 100, "window_weighting": "flat"},
}


def with_item_defaults(algorithm: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings with the defaults for items where none was given and the algorithm has it.

    Example:
        >>> with_item_defaults("svd", {"window": 5})
        {'window': 5, 'window_weighting': 'flat'}
    """
    settings: dict[str, Any] = {}
    for part in ALGORITHMS[algorithm].parts if algorithm in ALGORITHMS else ():
        for kind, defaults in ITEM_DEFAULTS.items():
            settings |= defaults if issubclass(part, kind) else {}
    if given.get("objective", "negative-sampling") != "negative-sampling":
        settings.pop("ns_exponent", None)  # no noise is drawn
    return settings | dict(given)


def chosen_tokeniser(
    tokeniser: str | CharacterTokeniser, lowercase: bool, items: bool, separator: str | None
) -> CharacterTokeniser:
    """Return how lines are cut.

    Raises:
        InputError: the arguments contradict each other, or there is no such tokeniser.
        MissingExtraError: the tokeniser needs a library that is not installed.
    """
    if items:
        if tokeniser != "words" and not isinstance(tokeniser, ItemTokeniser):
            raise InputError(
                f"items are cut at their separator, not by the tokeniser {tokeniser!r}; leave the "
                "tokeniser out"
            )
        return tokeniser if isinstance(tokeniser, ItemTokeniser) else ItemTokeniser(separator)
    if separator is not None:
        raise InputError(
            f"the separator {separator!r} is used only with items; text is cut by its tokeniser"
        )
    if isinstance(tokeniser, CharacterTokeniser):
        return tokeniser
    return tokeniser_named(tokeniser, lowercase=lowercase)
