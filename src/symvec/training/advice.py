"""What is worth knowing about a training run, though it is no error."""

from __future__ import annotations

import warnings


class TrainingWarning(UserWarning):
    """Something about a training run that the user should know."""


def advise(text: str) -> None:
    """Tell the user, as a `TrainingWarning`."""
    warnings.warn(text, TrainingWarning, stacklevel=2)
