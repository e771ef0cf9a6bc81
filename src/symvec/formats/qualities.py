"""What the vectors of a file are like: lengths, hubs, the scripts and the spelling of words."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from symvec.vectors import Vectors, nearest
from symvec.vectors.cosine import SHORTEST

HUB_NEIGHBOURS = 10
_HUB_WORDS = 50_000
_HUB_QUERIES = 1_000
_SHOWN_HUBS = 5


@dataclass(frozen=True, slots=True)
class Hubness:
    """How unevenly words are neighbours of others (Radovanovic et al. 2010, "Hubs in space").

    Args:
        queries: how many words were asked for their ten nearest.
        among: how many of the most frequent words they were chosen among.
        skewness: of how often a word is a neighbour; 0 is even, above 3 a few are everywhere.
        hubs: the words that are neighbours most often, with how often.
    """

    queries: int
    among: int
    skewness: float
    hubs: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Spelling:
    """How words are written.

    Args:
        invalid_utf8: words that are not valid UTF-8.
        not_composed: words that are not in the normal form C, as file names of macOS are not.
        with_spaces: words with white space in them.
        with_controls: words with control characters in them.
        mixed_scripts: words with letters of several scripts, kana and ideographs aside.
        scripts: how many words are of each script, by their first letter; ``"none"`` has none.
    """

    invalid_utf8: int
    not_composed: int
    with_spaces: int
    with_controls: int
    mixed_scripts: int
    scripts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Norms:
    """The lengths of the words' vectors, of those that are finite.

    Args:
        least: the shortest.
        median: the one in the middle.
        largest: the longest.
        zero_words: vectors of no length; nothing is like them.
        not_finite_words: vectors with NaN or infinity; they are never answers.
    """

    least: float
    median: float
    largest: float
    zero_words: int
    not_finite_words: int


def measure_norms(vectors: Vectors) -> Norms:
    """Return the lengths of the words' vectors."""
    finite = vectors.norms[np.isfinite(vectors.norms)]
    some = finite if finite.size else np.zeros(1, np.float32)
    return Norms(
        float(some.min()),
        float(np.median(some)),
        float(some.max()),
        int((finite < SHORTEST).sum()),
        int(len(vectors) - finite.size),
    )


def measure_hubness(vectors: Vectors) -> Hubness:
    """Return how unevenly the most frequent words are neighbours of one another."""
    among = min(len(vectors), _HUB_WORDS)
    norms = vectors.norms[:among]
    usable = np.flatnonzero(np.isfinite(norms) & (norms >= SHORTEST))
    if len(usable) < 2:
        return Hubness(0, among, 0.0, {})
    places = np.unique(np.linspace(0, len(usable) - 1, min(_HUB_QUERIES, len(usable))).astype(int))
    queries = usable[places]
    space = vectors.search_space(among)
    found, _ = nearest(space, vectors.word_matrix[queries], HUB_NEIGHBOURS + 1)
    others = found[found != queries[:, None]]
    times = np.bincount(others, minlength=among)[usable].astype(np.float64)
    spread = times.std()
    skewness = float(((times - times.mean()) ** 3).mean() / spread**3) if spread else 0.0
    best = np.argsort(-times, kind="stable")[:_SHOWN_HUBS]
    hubs = {vectors.vocabulary.word(int(usable[place])): int(times[place]) for place in best}
    return Hubness(len(queries), among, skewness, hubs)


def measure_spelling(vectors: Vectors) -> Spelling:
    """Return how the words are written."""
    counts: Counter[str] = Counter()
    scripts: Counter[str] = Counter()
    for word in vectors.vocabulary:
        if word.isascii() and word.isalpha():
            scripts["latin"] += 1
            continue
        found = [script for script in map(script_of, word) if script is not None]
        scripts[found[0] if found else "none"] += 1
        counts["mixed"] += len(set(found) - {"cjk", "hiragana", "katakana"}) > 1
        counts["spaces"] += any(map(str.isspace, word))
        counts["controls"] += any(unicodedata.category(character) == "Cc" for character in word)
        is_invalid = any("\udc80" <= character <= "\udcff" for character in word)
        counts["invalid"] += is_invalid
        counts["composed"] += not is_invalid and not unicodedata.is_normalized("NFC", word)
    return Spelling(
        counts["invalid"],
        counts["composed"],
        counts["spaces"],
        counts["controls"],
        counts["mixed"],
        dict(scripts.most_common()),
    )


@lru_cache(maxsize=1 << 16)
def script_of(character: str) -> str | None:
    """Return the script of a letter, as its Unicode name begins, or None for other characters.

    Example:
        >>> script_of("é"), script_of("한"), script_of("猫"), script_of("1")
        ('latin', 'hangul', 'cjk', None)
    """
    if not character.isalpha():
        return None
    return unicodedata.name(character, "unknown").partition(" ")[0].lower()
