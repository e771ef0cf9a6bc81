"""Libraries that find words where no space stands between them, each an extra."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Protocol

from symvec.optional import require


class Segmenter(Protocol):
    """Finds the words of lines."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def packages(self) -> tuple[str, ...]:
        """The packages that decide what it finds."""

    def segmented(self, lines: Iterable[str]) -> Iterator[list[str]]:
        """Return the pieces of each line, in the order of the lines.

        Raises:
            MissingExtraError: the library is not installed.
        """


@dataclass(frozen=True)
class KiwiSegmenter:
    """Korean morphemes by kiwipiepy: stems, particles and endings, each by its basic form.

    It runs on all processors.
    """

    name: str = "kiwi"
    packages: tuple[str, ...] = ("kiwipiepy", "kiwipiepy_model")

    def segmented(self, lines: Iterable[str]) -> Iterator[list[str]]:
        """Return the morphemes of each line; see `Segmenter`."""
        for morphemes in _kiwi().tokenize(lines):
            yield [morpheme.form for morpheme in morphemes]


@dataclass(frozen=True)
class FugashiSegmenter:
    """Japanese short units by fugashi (MeCab) with the dictionary of unidic-lite."""

    name: str = "fugashi"
    packages: tuple[str, ...] = ("fugashi", "unidic-lite")

    def segmented(self, lines: Iterable[str]) -> Iterator[list[str]]:
        """Return the short units of each line as they stand; see `Segmenter`."""
        parse = _fugashi().parse
        for line in lines:
            yield parse(line).split()


@dataclass(frozen=True)
class JiebaSegmenter:
    """Chinese words by rjieba: its dictionary, and a hidden Markov model for unknown words."""

    name: str = "jieba"
    packages: tuple[str, ...] = ("rjieba",)

    def segmented(self, lines: Iterable[str]) -> Iterator[list[str]]:
        """Return the words of each line as they stand; see `Segmenter`."""
        cut = require("rjieba", extra="zh").cut
        for line in lines:
            yield cut(line)


SEGMENTERS: Final[Mapping[str, Segmenter]] = {
    segmenter.name: segmenter
    for segmenter in (KiwiSegmenter(), FugashiSegmenter(), JiebaSegmenter())
}


def installed_versions(segmenter: Segmenter) -> dict[str, str]:
    """Return the versions of the packages that decide what a segmenter finds.

    Raises:
        MissingExtraError: they are not installed.
    """
    from importlib.metadata import version  # it loads decompressors, which questions do not need

    list(segmenter.segmented([""]))
    return {package: version(package) for package in segmenter.packages}


@lru_cache(maxsize=1)
def _kiwi() -> Any:  # noqa: ANN401 - of a package that may not be there
    return require("kiwipiepy", extra="ko").Kiwi()


@lru_cache(maxsize=1)
def _fugashi() -> Any:  # noqa: ANN401 - of a package that may not be there
    fugashi = require("fugashi", extra="ja")
    # Named, for fugashi would prefer a larger dictionary that happens to be installed.
    folder = require("unidic_lite", extra="ja").DICDIR
    return fugashi.Tagger(f'-Owakati -r "{folder}/mecabrc" -d "{folder}"')
