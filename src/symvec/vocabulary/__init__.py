"""Words, how often each was seen, and the rows of a table that they are read from."""

from symvec.vocabulary.rows import Rows, WordRows
from symvec.vocabulary.vocabulary import Vocabulary

__all__ = ["Rows", "Vocabulary", "WordRows"]
