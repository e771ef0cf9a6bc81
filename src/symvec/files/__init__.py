"""Files that are there as a whole or not at all, and that are believed only when checked."""

from symvec.files.atomic import PathLike, ensure_writable, write_atomically
from symvec.files.header import TensorPlace
from symvec.files.opening import TensorFile, open_tensors
from symvec.files.tensors import write_tensors

__all__ = [
    "PathLike",
    "TensorFile",
    "TensorPlace",
    "ensure_writable",
    "open_tensors",
    "write_atomically",
    "write_tensors",
]
