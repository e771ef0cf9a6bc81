from symvec.contextual import ContextualEncoder as ContextualEncoder
from symvec.errors import EmptyCorpusError as EmptyCorpusError
from symvec.errors import FileError as FileError
from symvec.errors import FormatError as FormatError
from symvec.errors import IdError as IdError
from symvec.errors import InputError as InputError
from symvec.errors import InterruptedTraining as InterruptedTraining
from symvec.errors import MissingExtraError as MissingExtraError
from symvec.errors import OutputError as OutputError
from symvec.errors import SymvecError as SymvecError
from symvec.errors import UnknownSymbolError as UnknownSymbolError
from symvec.evaluation import evaluate_analogies as evaluate_analogies
from symvec.evaluation import evaluate_pairs as evaluate_pairs
from symvec.formats import convert as convert
from symvec.formats.anything import load as load
from symvec.text.tokenisers import Tokeniser as Tokeniser
from symvec.training import train as train
from symvec.vectors import Vectors as Vectors

__version__: str

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
