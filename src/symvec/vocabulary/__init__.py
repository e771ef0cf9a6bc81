"""Words, how often each was seen, and the rows of a table that they are read from."""

from symvec.vocabulary.hashed_rows import HashedRows
from symvec.vocabulary.ngram_rows import NgramRows
from symvec.vocabulary.rows import Rows, WordRows
from symvec.vocabulary.subword_rows import SubwordRows
from symvec.vocabulary.vocabulary import Vocabulary
from symvec.vocabulary.word_or_ngram_rows import WordOrNgramRows

__all__ = [
    "HashedRows",
    "NgramRows",
    "Rows",
    "SubwordRows",
    "Vocabulary",
    "WordOrNgramRows",
    "WordRows",
]
