"""What words are cut into, and which rows their pieces have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final, Literal

from symvec.text.cuttings import CUTTINGS
from symvec.text.ngrams import Cutting
from symvec.training.settings.checks import check_choice, check_whole
from symvec.training.settings.part import Part, setting

if TYPE_CHECKING:  # the command line's help reads settings, and needs no arrays
    from symvec.vocabulary import Rows, Vocabulary

Subwords = Literal["none", "chars", "graphemes", "jamo"]
NgramRowsName = Literal["buckets", "hashed", "listed"]

# fastText's; for jamo those of Park et al. 2018, section 4.
_LENGTHS: Final = {"chars": (3, 6), "graphemes": (3, 6), "jamo": (3, 5)}
_MOST_HASHES: Final = 4
_MOST_BUCKETS: Final = 2**31 - 1  # SubwordRows', told before any text is read


@dataclass(frozen=True, kw_only=True)
class SubwordSettings(Part):
    """Whether words are made of n-grams, so that words never seen have vectors, too.

    Args:
        subwords: ``"none"`` gives each word one row; ``"chars"`` cuts words into n-grams of
            characters as fastText does, ``"graphemes"`` of what people see as one character,
            ``"jamo"`` of the letters of Hangul.
        min_n: units of the shortest n-gram, marks for the ends of a word included; None is 3.
        max_n: units of the longest n-gram; None is 6, for jamo 5.
        max_syllables: with jamo, syllables of the longest n-gram of whole syllables; 0: none.
        ngram_rows: ``"buckets"`` gives words a row each and lets n-grams share ``bucket`` more by
            their hash, as fastText does; ``"hashed"`` lets words and n-grams share all rows, as
            floret does; ``"listed"`` gives each frequent n-gram a row of its own.
        bucket: rows that n-grams share.
        hash_count: with hashed rows, rows of an n-gram, 1 to 4.
        ngram_min_count: with listed n-grams, how often one must occur to have a row.

    Raises:
        InputError: a value that cannot work.
        MissingExtraError: graphemes need a package that is not installed.

    Example:
        >>> SubwordSettings(subwords="jamo").cutting
        Jamo(min_n=3, max_n=5, max_syllables=4)
    """

    heading: ClassVar[str] = "Subwords"

    subwords: Subwords = setting("none", "What words are cut into, besides themselves.")
    min_n: int | None = setting(None, "Units of the shortest n-gram.", "N", shown_default="3")
    max_n: int | None = setting(
        None, "Units of the longest n-gram.", "N", shown_default="6, of jamo 5"
    )
    max_syllables: int = setting(4, "Jamo: longest n-gram of whole syllables.", "N")
    ngram_rows: NgramRowsName = setting(
        "buckets", "Rows as fastText's or floret's, or one for each frequent n-gram."
    )
    bucket: int = setting(2_000_000, "Rows that n-grams share.", "N")
    hash_count: int = setting(1, "Hashed: rows of an n-gram.", "N")
    ngram_min_count: int = setting(5, "Listed: drop n-grams that are rarer.", "N")

    def __post_init__(self) -> None:
        """Check each value."""
        check_choice("subwords", self.subwords, Subwords)
        check_choice("ngram_rows", self.ngram_rows, NgramRowsName)
        check_whole("bucket", self.bucket, 1, _MOST_BUCKETS)
        check_whole("hash_count", self.hash_count, 1, _MOST_HASHES)
        check_whole("ngram_min_count", self.ngram_min_count, 1)
        if self.subwords != "none":
            _ = self.cutting  # checks the lengths

    def unused(self) -> Mapping[str, str]:
        """Return the settings that the others make meaningless."""
        if self.subwords == "none":
            names = set(type(self).__dataclass_fields__) - {"subwords"}
            return dict.fromkeys(sorted(names), "subwords='none'")
        unused = {}
        if self.subwords != "jamo":
            unused["max_syllables"] = f"subwords={self.subwords!r}"
        rows = f"ngram_rows={self.ngram_rows!r}"
        if self.ngram_rows == "listed":
            unused["bucket"] = rows
        else:
            unused["ngram_min_count"] = rows
        if self.ngram_rows != "hashed":
            unused["hash_count"] = rows
        return unused

    @property
    def cutting(self) -> Cutting:
        """What the n-grams of a word are; only where there are any."""
        shortest, longest = _LENGTHS[self.subwords]
        lengths = {
            "min_n": shortest if self.min_n is None else self.min_n,
            "max_n": longest if self.max_n is None else self.max_n,
        }
        if self.subwords == "jamo":
            lengths["max_syllables"] = self.max_syllables
        return CUTTINGS[self.subwords](**lengths)

    def rows(self, vocabulary: Vocabulary) -> Rows:
        """Return the rows of the words of a vocabulary."""
        from symvec.vocabulary import HashedRows, NgramRows, SubwordRows, WordRows

        if self.subwords == "none":
            return WordRows(vocabulary)
        if self.ngram_rows == "hashed":
            return HashedRows(vocabulary, self.cutting, self.bucket, self.hash_count)
        if self.ngram_rows == "listed":
            return NgramRows.of(vocabulary, self.cutting, self.ngram_min_count)
        return SubwordRows(vocabulary, self.cutting, self.bucket)

    def to_metadata(self) -> dict[str, object]:
        """Return what goes into the file, with the lengths in force."""
        lengths = {} if self.subwords == "none" else dict(self.cutting.to_metadata())
        lengths.pop("kind", None)
        return super().to_metadata() | lengths
