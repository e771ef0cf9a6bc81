"""Short texts compared by the vectors of their words."""

from symvec.vectors.texts.movers import word_movers_distance
from symvec.vectors.texts.sentences import SentenceEncoder, fit_sentence_encoder
from symvec.vectors.texts.soft_cosine import soft_cosine
from symvec.vectors.texts.transport import transport
from symvec.vectors.texts.word_bag import WordBag, word_bag

__all__ = [
    "SentenceEncoder",
    "WordBag",
    "fit_sentence_encoder",
    "soft_cosine",
    "transport",
    "word_bag",
    "word_movers_distance",
]
