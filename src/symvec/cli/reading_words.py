"""A live line that tells how many words of a text were read."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from symvec.cli.durations import amount, duration
from symvec.cli.notes import is_terminal


@dataclass
class WordsRead:
    """How much of a text went by.

    Args:
        sentences: so many.
        words: so many.
    """

    sentences: int = 0
    words: int = 0

    def counting(self, text: Iterable[Sequence[str]]) -> Iterator[Sequence[str]]:
        """Go through sentences, and count them as they go by."""
        for sentence in text:
            self.add(len(sentence))
            yield sentence

    def add(self, words: int) -> None:
        """Count a sentence of so many words."""
        self.sentences += 1
        self.words += words


@contextmanager
def reading_words(limit: int | None = None) -> Iterator[WordsRead]:
    """Give a counter whose numbers are shown on a terminal while the block runs."""
    read = WordsRead()
    if not is_terminal():
        yield read
        return
    # rich takes a fifth of a second, which reading a text has.
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    started = time.perf_counter()

    def line() -> Text:
        seconds = max(time.perf_counter() - started, 1e-3)
        speed = read.words / seconds
        of = "" if limit is None else f" of at most {amount(limit)}"
        return Text(f"{amount(read.words)} words{of}  {amount(speed)} words/s  {duration(seconds)}")

    console = Console(stderr=True, highlight=False)
    with Live(console=console, refresh_per_second=5, transient=True, get_renderable=line):
        yield read
