"""symvec turns symbols into vectors: words, subwords, product ids, anything discrete.

Every public name is imported when it is first used, so that ``import symvec`` costs nothing.
"""

from importlib import import_module as _import_module

__version__ = "0.1.0"

_HOMES = {
    "ContextualEncoder": "symvec.contextual",
    "EmptyCorpusError": "symvec.errors",
    "FileError": "symvec.errors",
    "FormatError": "symvec.errors",
    "IdError": "symvec.errors",
    "InputError": "symvec.errors",
    "InterruptedTraining": "symvec.errors",
    "MissingExtraError": "symvec.errors",
    "OutputError": "symvec.errors",
    "SymvecError": "symvec.errors",
    "Tokeniser": "symvec.text.tokenisers",
    "UnknownSymbolError": "symvec.errors",
    "Vectors": "symvec.vectors",
    "convert": "symvec.formats",
    "evaluate_analogies": "symvec.evaluation",
    "evaluate_pairs": "symvec.evaluation",
    "load": "symvec.formats.anything",
    "train": "symvec.training",
}

__all__ = [
    "ContextualEncoder",
    "EmptyCorpusError",
    "FileError",
    "FormatError",
    "IdError",
    "InputError",
    "InterruptedTraining",
    "MissingExtraError",
    "OutputError",
    "SymvecError",
    "Tokeniser",
    "UnknownSymbolError",
    "Vectors",
    "__version__",
    "convert",
    "evaluate_analogies",
    "evaluate_pairs",
    "load",
    "train",
]


def __getattr__(name: str) -> object:
    """Import a public name at its first use (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module 'symvec' has no attribute {name!r}")
    value = getattr(_import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names, imported or not."""
    return sorted({*globals(), *__all__})
