"""What checks find on a device that would have to be waited for."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import torch

from symvec.errors import InputError

ErrorOf: TypeAlias = Callable[[list[int]], InputError | None]
"""Returns the error that some numbers of a device mean; ``None`` for nothing, as for zeros."""


class _Slot(NamedTuple):
    """Where numbers of a device arrive, and what tells that they have; used again and again."""

    device: torch.device
    numbers: torch.Tensor
    arrival: torch.cuda.Event | None  # None: they are there at once


class _Finding(NamedTuple):
    slot: _Slot
    error_of: ErrorOf

    def error(self) -> InputError | None:
        """Return the error if there is one; the numbers must have arrived."""
        error = self.error_of(self.slot.numbers.tolist())
        if error is None:
            return None
        return type(error)(f"{error} (in an earlier batch: the device is not waited for)")


class Findings:
    """Numbers on their way back from a device, read at a later call that finds them there.

    A device is not waited for, and may be several calls behind. Whoever adds a finding must go on
    with something that is safe to compute: a device that fails is lost to its process.
    """

    def __init__(self) -> None:
        self._pending: deque[_Finding] = deque()
        self._spare: list[_Slot] = []
        self._standing: list[_Finding] = []  # of captured graphs: written anew at each replay
        self._has_card = False

    def add(self, found: torch.Tensor, error_of: ErrorOf) -> None:
        """Have numbers sent back behind the computation.

        Args:
            found: two integers on any device.
            error_of: says what they mean.
        """
        slot = self._slot(found)
        slot.numbers.copy_(found, non_blocking=found.is_cuda)
        finding = _Finding(slot, error_of)
        if self._is_captured():
            self._standing.append(finding)
            return
        if slot.arrival is not None and found.is_cuda:
            slot.arrival.record(torch.cuda.current_stream(found.device))
        self._pending.append(finding)

    def raise_found(self, *, wait: bool = False) -> None:
        """Raise the error of an earlier call if it has arrived; with ``wait``, when it arrives.

        Raises:
            InputError: what an earlier call found.
        """
        if self._is_captured():
            return  # a device may not be asked anything while its calls are recorded
        while self._pending:
            finding = self._pending.popleft()  # replicas of a layer share this, in threads
            arrival = finding.slot.arrival
            if arrival is not None and wait:
                arrival.synchronize()
            elif arrival is not None and not arrival.query():
                self._pending.appendleft(finding)
                break
            self._spare.append(finding.slot)
            error = finding.error()
            if error is not None:
                raise error
        for finding in self._standing:
            if wait:
                torch.cuda.synchronize(finding.slot.device)
            error = finding.error()
            if error is not None:
                finding.slot.numbers.zero_()
                raise error

    def _slot(self, found: torch.Tensor) -> _Slot:
        for number, slot in enumerate(self._spare):
            if slot.device == found.device and slot.numbers.dtype == found.dtype:
                return self._spare.pop(number)
        self._has_card |= found.is_cuda
        numbers = torch.empty(found.shape, dtype=found.dtype, pin_memory=found.is_cuda)
        return _Slot(found.device, numbers, torch.cuda.Event() if found.is_cuda else None)

    def _is_captured(self) -> bool:
        return self._has_card and torch.cuda.is_current_stream_capturing()
