"""From a name, or from what a file says, to a tokeniser."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from symvec.errors import InputError
from symvec.text.character_tokeniser import CharacterTokeniser
from symvec.text.items import ItemTokeniser
from symvec.text.phrased import GIVEN_TOKENS, PhrasedTokeniser
from symvec.text.phrases import Phrases
from symvec.text.segmented import SegmentedTokeniser
from symvec.text.segmenters import SEGMENTERS
from symvec.text.tokeniser_names import AnyTokeniserName
from symvec.text.tokenisers import Tokeniser, TokeniserName
from symvec.text.tokenising import TextTokeniser


def tokeniser_named(name: str, *, lowercase: bool = True) -> CharacterTokeniser:
    """Return the tokeniser of a name.

    Raises:
        InputError: there is none.
        MissingExtraError: it needs a library that is not installed.

    Example:
        >>> tokeniser_named("whitespace").tokens("Green tea")
        ['green', 'tea']
    """
    if name in get_args(TokeniserName):
        return Tokeniser(name, lowercase)  # type: ignore[arg-type]  # it is one of them
    if name in SEGMENTERS:
        return SegmentedTokeniser.installed(name, lowercase)
    names = " or ".join(map(repr, get_args(AnyTokeniserName)))
    raise InputError(f"the tokeniser must be {names}, got {name!r}")


def tokeniser_from_metadata(metadata: Mapping[str, Any]) -> TextTokeniser:
    """Return the tokeniser that some ``to_metadata`` describes; no library is needed for it.

    Raises:
        InputError: it describes none.

    Example:
        >>> tokeniser_from_metadata({"name": "items", "separator": ","}).tokens("a b,c")
        ['a b', 'c']
    """
    if not isinstance(metadata, Mapping):
        raise InputError(f"these settings describe no tokeniser: {metadata!r}")
    phrases = metadata.get("phrases")
    words = _words_from_metadata(metadata)
    if phrases is not None:
        return PhrasedTokeniser(words, Phrases.from_metadata(phrases))
    if words is None:
        raise InputError(f"these settings describe no tokeniser: {dict(metadata)}")
    return words


def _words_from_metadata(metadata: Mapping[str, Any]) -> TextTokeniser | None:
    name = metadata.get("name")
    if name == GIVEN_TOKENS:
        return None
    if name == ItemTokeniser.name:
        return ItemTokeniser(metadata.get("separator"))
    if isinstance(name, str) and name in SEGMENTERS:
        return SegmentedTokeniser.from_metadata(metadata)
    return Tokeniser.from_metadata(metadata)
