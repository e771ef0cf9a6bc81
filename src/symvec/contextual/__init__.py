"""Words whose vector depends on the sentence they stand in: ELMo, with NumPy alone."""

from symvec.contextual.architecture import Architecture
from symvec.contextual.encoder import ContextualEncoder
from symvec.contextual.exporting import Exported, export
from symvec.contextual.inventory import learn_characters
from symvec.contextual.mixing import mix
from symvec.contextual.weights import Weights

__all__ = [
    "Architecture",
    "ContextualEncoder",
    "Exported",
    "Weights",
    "export",
    "learn_characters",
    "mix",
]
