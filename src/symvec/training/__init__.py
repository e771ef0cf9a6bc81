"""Learning vectors from text."""

from symvec.training.progress import Progress, ProgressCallback
from symvec.training.settings import Settings
from symvec.training.train import train

__all__ = ["Progress", "ProgressCallback", "Settings", "train"]
