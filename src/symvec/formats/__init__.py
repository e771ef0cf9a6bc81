"""Files of vectors: symvec's own, opened safely whatever they hold."""

from symvec.formats.detect import load
from symvec.formats.native import FileSummary, summarise_native

__all__ = ["FileSummary", "load", "summarise_native"]
