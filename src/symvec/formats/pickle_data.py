"""What pickles are read as: data in which nothing can run.

A pickle is a program for a small machine that may call any function by its name. Here a name is
only a name: the few that are known (``KINDS``) make records, lists of pairs, numbers and arrays
of our own; a pickle that uses another one is refused. Mappings and sets stay lists, for hashing
keys that somebody chose may take for ever.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

import numpy as np

from symvec.arrays import AnyArray

Kind: TypeAlias = Literal[
    "class", "array", "buffer", "dtype", "scalar", "bytes", "list", "pairs", "name"
]


@dataclass(frozen=True, slots=True)
class Name:
    """A function or class that a pickle names; it is never looked up.

    Args:
        module: where it says it lies.
        name: what it is called there.
        kind: what is made where the pickle calls it.
    """

    module: str
    name: str
    kind: Kind


@dataclass(slots=True, eq=False)
class Pairs:
    """A mapping, as its keys and values came.

    Args:
        items: keys and values.
    """

    items: list[tuple[object, object]] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Record:
    """An object of a class: its name and what was stored of it.

    Args:
        name: of the class.
        state: its attributes, or whatever else was stored.
    """

    name: Name
    state: object = None

    def attributes(self) -> dict[str, object]:
        """Return the attributes by name, none if it has no such state."""
        if not isinstance(self.state, Pairs):
            return {}
        return {key: value for key, value in self.state.items if isinstance(key, str)}


@dataclass(slots=True, eq=False)
class Dtype:
    """The type of an array's elements.

    Args:
        code: as NumPy writes it, such as ``"f4"``.
        order: ``"<"``, ``">"`` or ``"|"``.
    """

    code: str
    order: str = "|"

    def numpy(self) -> np.dtype[np.generic] | None:
        """Return NumPy's own type, or None for one that is no plain number."""
        if self.code[:1] not in "fiub" or self.code[1:] not in ("1", "2", "4", "8"):
            return None
        if self.code in ("f1", "b2", "b4", "b8"):
            return None
        return np.dtype((">" if self.order == ">" else "<") + self.code)


@dataclass(slots=True, eq=False)
class Array:
    """An array; its numbers are there once its state was read.

    Args:
        numbers: they, a view of the pickle's bytes, or None where they are no numbers.
    """

    numbers: AnyArray | None = None


_GENSIM_CLASSES = {
    "gensim.models.keyedvectors": (
        "KeyedVectors", "Word2VecKeyedVectors", "EuclideanKeyedVectors", "FastTextKeyedVectors",
        "Doc2VecKeyedVectors", "WordEmbeddingsKeyedVectors", "BaseKeyedVectors", "Vocab",
        "CompatVocab", "SimpleVocab",
    ),
    "gensim.models.word2vec": (
        "Word2Vec", "Vocab", "Word2VecVocab", "Word2VecTrainables", "Heapitem",
    ),
    "gensim.models.doc2vec": (
        "Doc2Vec", "DocvecsArray", "Doctag", "Doc2VecVocab", "Doc2VecTrainables",
    ),
    "gensim.models.fasttext": (
        "FastText", "FastTextKeyedVectors", "FastTextVocab", "FastTextTrainables",
    ),
    "gensim.models.wrappers.fasttext": ("FastText", "FastTextKeyedVectors"),
    "gensim.models.poincare": ("PoincareModel", "PoincareKeyedVectors", "NegativesBuffer"),
    "gensim.models.deprecated.keyedvectors": (
        "KeyedVectors", "EuclideanKeyedVectors", "FastTextKeyedVectors", "Vocab",
    ),
    "gensim.models.deprecated.word2vec": ("Word2Vec", "Vocab"),
}  # fmt: skip
_NUMPY_CORES = ("numpy.core", "numpy._core")
_BUILTINS = ("__builtin__", "builtins")


def _kinds() -> dict[tuple[str, str], Kind]:
    kinds: dict[tuple[str, str], Kind] = {
        (module, name): "class" for module, names in _GENSIM_CLASSES.items() for name in names
    }
    for core in _NUMPY_CORES:
        kinds[f"{core}.multiarray", "_reconstruct"] = "array"
        kinds[f"{core}.multiarray", "scalar"] = "scalar"
        kinds[f"{core}.numeric", "_frombuffer"] = "buffer"
    for builtins in _BUILTINS:
        kinds |= {(builtins, name): "name" for name in ("hash", "int", "long", "float", "object")}
        kinds |= {(builtins, name): "list" for name in ("set", "frozenset", "list")}
        kinds |= {(builtins, "dict"): "pairs", (builtins, "bytes"): "bytes"}
    kinds |= {
        ("collections", "defaultdict"): "pairs",
        ("collections", "OrderedDict"): "pairs",
        ("UserString", "defaultdict"): "pairs",  # what Python 3.4 wrote for Python 2
        ("_codecs", "encode"): "bytes",
        ("numpy", "ndarray"): "name",
        ("numpy", "dtype"): "dtype",
        ("numpy", "float32"): "name",
        ("numpy", "float64"): "name",
        ("gensim.utils", "call_on_class_only"): "name",
        # Random states lie in models beside the vectors; nothing of them is used.
        ("numpy.random", "__RandomState_ctor"): "class",
        ("numpy.random._pickle", "__randomstate_ctor"): "class",
        ("numpy.random._pickle", "__bit_generator_ctor"): "class",
        ("numpy.random._mt19937", "MT19937"): "class",
        # The older way to make an object of a class.
        ("copy_reg", "_reconstructor"): "class",
        ("copyreg", "_reconstructor"): "class",
    }
    return kinds


KINDS: Final = _kinds()
"""What each known name makes, by module and name."""
