"""Vectors of words, and the questions that can be put to them."""

from symvec.vectors.asking import Answer, Method
from symvec.vectors.cosine import cosines, row_norms
from symvec.vectors.neighbours import SearchSpace, nearest
from symvec.vectors.summary import VectorsSummary
from symvec.vectors.vectors import Restriction, Vectors

__all__ = [
    "Answer",
    "Method",
    "Restriction",
    "SearchSpace",
    "Vectors",
    "VectorsSummary",
    "cosines",
    "nearest",
    "row_norms",
]
