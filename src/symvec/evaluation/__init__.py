"""Scoring vectors with test sets, one model or several side by side."""

from symvec.evaluation.analogies import (
    AnalogiesScore,
    SectionScore,
    analogy_items,
    evaluate_analogies,
)
from symvec.evaluation.associations import evaluate_associations, read_word_lists
from symvec.evaluation.bootstrap import Interval, paired_difference, score_interval
from symvec.evaluation.categories import evaluate_categories, read_categories
from symvec.evaluation.comparison import GroupScore, TestSetComparison, compare_on
from symvec.evaluation.context_pairs import MarkedPair, read_context_pairs
from symvec.evaluation.contexts import ContextPair, evaluate_context_pairs
from symvec.evaluation.differences import ModelsDifference, MovedWord, compare_models
from symvec.evaluation.items import ItemScores
from symvec.evaluation.lexicons import (
    Lexicon,
    evaluate_lexicon,
    read_lexicon,
    translation_items,
)
from symvec.evaluation.lines import BadLine
from symvec.evaluation.odd_words import evaluate_odd_words, read_odd_words
from symvec.evaluation.pairs import PairsScore, evaluate_pairs, pair_items, read_pairs
from symvec.evaluation.questions import Questions, read_questions

__all__ = [
    "AnalogiesScore",
    "BadLine",
    "ContextPair",
    "GroupScore",
    "Interval",
    "ItemScores",
    "Lexicon",
    "MarkedPair",
    "ModelsDifference",
    "MovedWord",
    "PairsScore",
    "Questions",
    "SectionScore",
    "TestSetComparison",
    "analogy_items",
    "compare_models",
    "compare_on",
    "evaluate_analogies",
    "evaluate_associations",
    "evaluate_categories",
    "evaluate_context_pairs",
    "evaluate_lexicon",
    "evaluate_odd_words",
    "evaluate_pairs",
    "pair_items",
    "paired_difference",
    "read_categories",
    "read_context_pairs",
    "read_lexicon",
    "read_odd_words",
    "read_pairs",
    "read_questions",
    "read_word_lists",
    "score_interval",
    "translation_items",
]
