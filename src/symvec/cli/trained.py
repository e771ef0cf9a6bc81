"""Training from the command line: the same for a user's text and for the demonstration's."""

from __future__ import annotations

import shlex
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from symvec.cli.accounts import Account, account_of
from symvec.cli.durations import amount, duration
from symvec.cli.notes import warn
from symvec.cli.watching import watching
from symvec.errors import EmptyCorpusError, InterruptedTraining
from symvec.text.sources import STANDARD_INPUT

if TYPE_CHECKING:
    from symvec.training.task import Model


@dataclass(frozen=True)
class Trained:
    """A model that was learned and saved.

    Args:
        model: it.
        path: the file.
        seconds: from the first byte read to the file's last byte on the disk.
        words_per_second: trained a second, over all epochs.
    """

    model: Model
    path: str
    seconds: float
    words_per_second: float

    def document(self) -> dict[str, object]:
        """Return what was learned and how, for JSON."""
        return {
            "model": self.path,
            "size_bytes": self.size_bytes,
            **self.account.facts(),
            "seconds": round(self.seconds, 3),
            "words_per_second": round(self.words_per_second),
            **self.model.provenance,
        }

    @property
    def account(self) -> Account:
        """What there is to tell of a model of its kind."""
        return account_of(self.model)

    @property
    def size_bytes(self) -> int:
        """The size of the file."""
        return Path(self.path).stat().st_size

    @property
    def reading(self) -> Mapping[str, Any]:
        """What was read, and what was dropped."""
        return cast("Mapping[str, Any]", self.model.provenance["corpus"])

    @property
    def losses(self) -> Sequence[float]:
        """The mean loss of an example, epoch by epoch; none where nothing goes by epochs."""
        return cast("Sequence[float]", self.model.provenance.get("losses", []))


def train_to_file(texts: Sequence[str], path: str, **options: Any) -> Trained:  # noqa: ANN401
    """Train on texts and save what was learned; see ``symvec.train`` for the options.

    Raises:
        OutputError: the file cannot be written; as a rule found out before training.
    """
    from symvec.files import ensure_writable

    ensure_writable(path)
    started = time.perf_counter()
    with watching() as watch:
        from symvec.training import remove_checkpoints, train

        with _text_told(texts, bool(options.get("resume"))):
            model = train(list(texts), progress=watch, on_epoch=watch.epoch, **options)
    model.save(path)
    remove_checkpoints(path)
    seconds = time.perf_counter() - started
    trained = Trained(model, path, seconds, watch.words_per_second)
    _warn_of_invalid_bytes(trained)
    return trained


@contextmanager
def _text_told(texts: Sequence[str], is_resumed: bool) -> Iterator[None]:
    """Have errors tell that standard input has to be given again: it was read, and is gone."""
    try:
        yield
    except InterruptedTraining as error:
        if STANDARD_INPUT in texts and "--resume" in str(error):
            raise InterruptedTraining(
                f"{error}, given the same text on standard input again"
            ) from error
        raise
    except EmptyCorpusError as error:
        if STANDARD_INPUT in texts and is_resumed:
            raise EmptyCorpusError(
                f"{error}; to resume, give the same text on standard input again"
            ) from error
        raise


def summary(trained: Trained) -> str:
    """Return what was learned, in a few lines for people."""
    reading = trained.reading
    losses = "  ".join(f"{loss:.3f}" for loss in trained.losses)
    speed = trained.words_per_second
    lines = (
        f"text        {reading['raw_words']:,} words in {reading['sentences']:,} sentences, "
        f"{amount(reading['bytes_read'])}B",
        *trained.account.lines(reading),
        *(f"loss        {shown}, epoch by epoch" for shown in [losses] if losses),
        f"time        {duration(trained.seconds)}"
        + f"; training ran at {amount(speed)} words/s" * bool(speed),
        f"saved       {trained.path}, {amount(trained.size_bytes)}B",
    )
    return "\n".join(lines)


def next_commands(trained: Trained) -> str:
    """Return commands to try on what was learned, a line each."""
    commands = trained.account.next_commands(shlex.quote(trained.path))
    return "\n".join(f"next        {command}" for command in commands)


def _warn_of_invalid_bytes(trained: Trained) -> None:
    invalid = trained.reading["invalid_bytes"]
    if invalid:
        warn(
            f"{invalid:,} bytes of the text are not valid UTF-8; they were kept in their words. "
            "If the text has another encoding, convert it first, such as with iconv"
        )
