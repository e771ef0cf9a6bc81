"""Learning vectors from text.

What it offers is imported when it is first used: the command line reads the settings, which
are light, long before it needs a compiler.
"""

from importlib import import_module as _import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from symvec.training.advice import TrainingWarning
    from symvec.training.checkpoints import remove_checkpoints
    from symvec.training.epoch_report import EpochCallback, EpochReport
    from symvec.training.progress import Progress, ProgressCallback
    from symvec.training.run import train
    from symvec.training.settings import Settings

_HOMES = {
    "EpochCallback": "symvec.training.epoch_report",
    "EpochReport": "symvec.training.epoch_report",
    "Progress": "symvec.training.progress",
    "ProgressCallback": "symvec.training.progress",
    "Settings": "symvec.training.settings",
    "TrainingWarning": "symvec.training.advice",
    "remove_checkpoints": "symvec.training.checkpoints",
    "train": "symvec.training.run",
}

__all__ = [
    "EpochCallback",
    "EpochReport",
    "Progress",
    "ProgressCallback",
    "Settings",
    "TrainingWarning",
    "remove_checkpoints",
    "train",
]


def __getattr__(name: str) -> object:
    """Import a name at its first use (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module 'symvec.training' has no attribute {name!r}")
    value = getattr(_import_module(_HOMES[name]), name)
    globals()[name] = value
    return value
