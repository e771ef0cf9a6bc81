"""Checkpoints: the state of a training run on the disk, from which it can go on after a crash.

A checkpoint is a safetensors file beside the model that is to be, ``MODEL.checkpoint-N``, there
as a whole or not at all. The two latest are kept, should the last one be damaged.
"""

from __future__ import annotations

import glob
import json
import math
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from symvec.arrays import AnyArray
from symvec.errors import FileError, FormatError, InputError, InterruptedTraining, OutputError
from symvec.files import PathLike, TensorFile, open_tensors, write_tensors
from symvec.files.tensors import DESCRIPTION_KEY, FORMAT_KEY
from symvec.training.advice import advise

_FORMAT: Final = "symvec checkpoint 1"
_KEPT: Final = 2
_MOST_DIFFERENCES: Final = 5
_ROWS_COPIED_AT_ONCE: Final = 1 << 14


class Checkpoints:
    """Where the states of one training run are kept, and when the next one is due.

    Args:
        path: the model that is to be; None keeps no state.
        every_seconds: time between two of them; 0 for none but the one of an interruption.
        identity: what the run is: settings, corpus. Another run's checkpoint is refused.
        resume: whether to go on from the latest one.

    Raises:
        InputError: a time that is none.
    """

    def __init__(
        self,
        path: PathLike | None,
        every_seconds: float,
        identity: Mapping[str, object],
        resume: bool,
    ) -> None:
        number = isinstance(every_seconds, int | float) and not isinstance(every_seconds, bool)
        if not number or not 0 <= every_seconds < math.inf:
            raise InputError(
                f"checkpoint_every must be a number of seconds, 0 for none, got {every_seconds!r}"
            )
        if resume and path is None:
            raise InputError("resume=True needs checkpoint=, the path whose checkpoints there are")
        self._path = None if path is None else Path(path)
        self._every_seconds = every_seconds
        self._identity = json.loads(json.dumps(identity))
        self._resume = resume
        self._latest = time.monotonic()

    def begin_anew(self, reason: str) -> None:
        """Take note that the run keeps no state; tell so if it is to go on from one.

        Args:
            reason: why it keeps none.
        """
        if self._resume:
            advise(f"there is nothing to resume: {reason}; it begins at the beginning")

    def due(self) -> bool:
        """Return whether it is time for one."""
        if self._path is None or self._every_seconds == 0:
            return False
        return time.monotonic() - self._latest >= self._every_seconds

    def save(self, arrays: Mapping[str, AnyArray], progress: Mapping[str, object]) -> Path | None:
        """Write the state of a run; warn where that cannot be, for training can go on.

        Args:
            arrays: what is being trained, written as it lies in memory, without a copy.
            progress: where the run is, as JSON can hold it.

        Returns:
            The file; None if there is none.
        """
        if self._path is None:
            return None
        numbered = list(_numbered(self._path))
        number = 1 + max((number for number, _ in numbered), default=0)
        target = self._path.with_name(f"{self._path.name}.checkpoint-{number}")
        description = {"identity": self._identity, "progress": progress}
        metadata = {FORMAT_KEY: _FORMAT, DESCRIPTION_KEY: json.dumps(description)}
        try:
            write_tensors(target, arrays, metadata)
        except OutputError as error:
            advise(f"there is no new checkpoint: {error}")
            return None
        finally:
            self._latest = time.monotonic()
        for _, old in sorted(numbered)[: 1 - _KEPT]:
            old.unlink(missing_ok=True)
        return target

    def interruption(
        self, arrays: Mapping[str, AnyArray], progress: Mapping[str, object]
    ) -> InterruptedTraining:
        """Write the state of a run that the user has stopped, and return the error to raise."""
        saved = self.save(arrays, progress)
        if saved is None:
            return InterruptedTraining("training was interrupted; nothing was saved")
        return InterruptedTraining(
            f"training was interrupted; {saved} holds its state: the same command with --resume "
            "(or resume=True) goes on from there"
        )

    def restore(self, arrays: Mapping[str, AnyArray]) -> Mapping[str, Any] | None:
        """Fill arrays with the latest state, if the run is to go on from one.

        Returns:
            What ``save`` was given as ``progress``; None to begin at the beginning.

        Raises:
            InputError: the checkpoint is another run's.
            FormatError: none of the checkpoints can be used.
        """
        numbered = [] if self._path is None else sorted(_numbered(self._path), reverse=True)
        if not self._resume:
            if numbered:
                advise(
                    f"{numbered[0][1]} is from a run that did not end; this one begins anew and "
                    "will replace it (--resume would go on from there)"
                )
            return None
        fault: FileError | None = None
        for _, path in numbered:
            try:
                return self._restored(path, arrays)
            except FileError as error:
                advise(f"a checkpoint cannot be used: {error}")
                fault = fault or error
        if fault is not None:
            raise fault
        advise(f"there is no checkpoint of {self._path}: training begins at the beginning")
        return None

    def _restored(self, path: Path, arrays: Mapping[str, AnyArray]) -> Mapping[str, Any]:
        file = open_tensors(path)
        if file.metadata.get(FORMAT_KEY) != _FORMAT:
            raise FormatError(f"{path} is not a checkpoint that this version of symvec wrote")
        description = json.loads(file.metadata[DESCRIPTION_KEY])
        _check_identity(path, description["identity"], self._identity)
        _check_shapes(file, arrays)
        file.verify(arrays)
        for name, array in arrays.items():
            for start in range(0, len(array), _ROWS_COPIED_AT_ONCE):
                rows = slice(start, start + _ROWS_COPIED_AT_ONCE)
                array[rows] = file.tensors[name][rows]
        self._latest = time.monotonic()
        progress: Mapping[str, Any] = description["progress"]
        return progress


def remove_checkpoints(path: PathLike) -> None:
    """Remove the checkpoints of a model: it is trained and saved.

    Args:
        path: the model.
    """
    for _, checkpoint in _numbered(Path(path)):
        checkpoint.unlink(missing_ok=True)


def _numbered(path: Path) -> Iterator[tuple[int, Path]]:
    prefix = f"{path.name}.checkpoint-"
    for found in path.parent.glob(f"{glob.escape(prefix)}*"):
        number = found.name[len(prefix) :]
        if number.isdecimal():
            yield int(number), found


def _check_identity(path: Path, there: Mapping[str, Any], here: Mapping[str, Any]) -> None:
    known, wanted = _flat(there), _flat(here)
    names = [name for name in {**wanted, **known} if known.get(name) != wanted.get(name)]
    if not names:
        return
    told = "; ".join(
        f"{name} is {known.get(name)!r} there and {wanted.get(name)!r} here"
        for name in names[:_MOST_DIFFERENCES]
    )
    raise InputError(
        f"cannot go on from {path}, which is of another run: {told}. Give the same text and "
        "settings, or begin anew without --resume"
    )


def _flat(nested: Mapping[str, Any]) -> dict[str, object]:
    flat: dict[str, object] = {}
    for group, values in nested.items():
        if isinstance(values, dict):
            flat |= {f"{group}.{name}": value for name, value in values.items()}
        else:
            flat[group] = values
    return flat


def _check_shapes(file: TensorFile, arrays: Mapping[str, AnyArray]) -> None:
    for name, array in arrays.items():
        found = file.tensors.get(name)
        if found is None or found.shape != array.shape or found.dtype != np.dtype(array.dtype):
            raise FormatError(
                f"{file.path}: expected {name!r} of shape {array.shape} and {array.dtype}, found "
                f"{'none' if found is None else f'{found.shape} and {found.dtype}'}"
            )
