"""Words whose vector depends on the sentence they stand in, in the space of a model's words."""

from symvec.vectors.contexts.context_map import ContextMap
from symvec.vectors.contexts.encoder_map import EncoderMap, fit_encoder_map
from symvec.vectors.contexts.fitting import fit_context_map, whitening_context_map
from symvec.vectors.contexts.places import Contexts
from symvec.vectors.contexts.word import WordInSentence, word_in_sentence

__all__ = [
    "ContextMap",
    "Contexts",
    "EncoderMap",
    "WordInSentence",
    "fit_context_map",
    "fit_encoder_map",
    "whitening_context_map",
    "word_in_sentence",
]
