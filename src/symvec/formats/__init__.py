"""Files of vectors, of any program: opened safely whatever they hold, converted and checked."""

from symvec.formats.converting import Target, convert
from symvec.formats.detect import load, summarise
from symvec.formats.native import FileSummary, summarise_native

__all__ = ["FileSummary", "Target", "convert", "load", "summarise", "summarise_native"]
