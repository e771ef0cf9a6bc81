"""Words of one text laid beside those of another, and one space laid on another."""

from symvec.vectors.alignment.chain import Chain, DriftingWord, align_chain
from symvec.vectors.alignment.csls import csls_nearest, mean_similarity
from symvec.vectors.alignment.procrustes import least_squares_map, orthogonal_map
from symvec.vectors.alignment.spaces import AlignedSpaces, SpaceMap, align_spaces
from symvec.vectors.alignment.words import WordAlignment, align_words

__all__ = [
    "AlignedSpaces",
    "Chain",
    "DriftingWord",
    "SpaceMap",
    "WordAlignment",
    "align_chain",
    "align_spaces",
    "align_words",
    "csls_nearest",
    "least_squares_map",
    "mean_similarity",
    "orthogonal_map",
]
