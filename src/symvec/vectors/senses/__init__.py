"""The senses of a word, found from the sentences in which it stands."""

from symvec.vectors.contexts import ContextMap, fit_context_map
from symvec.vectors.senses.grouping import group_senses
from symvec.vectors.senses.inventory import Sense, SenseInventory, find_senses
from symvec.vectors.senses.sentences import read_sentences

__all__ = [
    "ContextMap",
    "Sense",
    "SenseInventory",
    "find_senses",
    "fit_context_map",
    "group_senses",
    "read_sentences",
]
