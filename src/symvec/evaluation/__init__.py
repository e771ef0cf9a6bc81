"""Scoring vectors with word pairs and analogies."""

from symvec.evaluation.analogies import AnalogiesScore, SectionScore, evaluate_analogies
from symvec.evaluation.lines import BadLine
from symvec.evaluation.pairs import PairsScore, evaluate_pairs, read_pairs
from symvec.evaluation.questions import Questions, read_questions

__all__ = [
    "AnalogiesScore",
    "BadLine",
    "PairsScore",
    "Questions",
    "SectionScore",
    "evaluate_analogies",
    "evaluate_pairs",
    "read_pairs",
    "read_questions",
]
