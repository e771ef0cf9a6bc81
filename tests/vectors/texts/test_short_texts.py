import numpy as np
import pytest

from symvec.errors import InputError
from symvec.vectors import Vectors
from symvec.vectors.texts import (
    fit_sentence_encoder,
    soft_cosine,
    word_bag,
    word_movers_distance,
)
from symvec.vocabulary import Vocabulary, WordRows

WORDS = ["the", "tea", "coffee", "cat", "zero"]
TABLE = np.array([[1, 1, 1], [2, 0, 0], [3, 4, 0], [0, 0, 5], [0, 0, 0]], dtype=np.float32)
COUNTS = [90, 5, 3, 1, 1]


@pytest.fixture
def vectors():
    return Vectors(WordRows(Vocabulary.from_words(WORDS, COUNTS)), TABLE)


def test_a_bag_counts_words_and_names_the_missing(vectors):
    bag = word_bag(vectors, "Coffee, tea & coffee for a a dog")
    assert bag.words == ("coffee", "tea")
    assert bag.counts.tolist() == [2, 1]
    assert bag.missing == ("for", "a", "a", "dog")
    np.testing.assert_allclose(bag.directions, [[0.6, 0.8, 0], [1, 0, 0]], atol=1e-7)
    assert word_bag(vectors, []).words == ()
    assert word_bag(vectors, ["tea", "Tea"]).missing == ("Tea",)


def test_words_move_as_far_as_they_are_apart(vectors):
    apart = np.linalg.norm([0.6 - 1, 0.8, 0])
    assert word_movers_distance(vectors, "tea", "coffee") == pytest.approx(apart)
    assert word_movers_distance(vectors, "tea tea", "tea coffee") == pytest.approx(apart / 2)
    assert word_movers_distance(vectors, "tea cat", "cat tea") == 0
    assert word_movers_distance(vectors, "dog", "tea") is None
    assert word_movers_distance(vectors, "", "") is None


def test_soft_cosine_is_the_formula(vectors):
    like = 0.6**2
    a, b = np.array([1, 1]), np.array([0, 2])
    matrix = np.array([[1, like], [like, 1]])
    expected = a @ matrix @ b / np.sqrt((a @ matrix @ a) * (b @ matrix @ b))
    assert soft_cosine(vectors, "tea coffee", "coffee coffee") == pytest.approx(expected)
    assert soft_cosine(vectors, "tea cat", "cat tea") == pytest.approx(1)
    assert soft_cosine(vectors, "tea", "cat") == 0
    assert soft_cosine(vectors, "zero", "zero") == 1
    assert soft_cosine(vectors, "tea", "coffee", exponent=1) == pytest.approx(0.6)
    assert soft_cosine(vectors, "dog", "tea") is None


def test_sentence_vectors_weigh_rare_words_more(vectors):
    encoder = fit_sentence_encoder(vectors, [], smoothing=0.1)
    weights = 0.1 / (0.1 + np.array(COUNTS) / 100)
    np.testing.assert_allclose(encoder.weights, weights)
    (vector,) = encoder.encode(["the cat"])
    np.testing.assert_allclose(vector, (weights[0] * TABLE[0] + weights[3] * TABLE[3]) / 2)
    assert encoder.encode(["dog", ""]).tolist() == [[0, 0, 0], [0, 0, 0]]
    assert encoder.encode([]).shape == (0, 3)


def test_what_all_sentences_share_is_removed(vectors):
    texts = ["the tea", "the coffee", "the cat", "dog"]
    encoder = fit_sentence_encoder(vectors, texts)
    plain = fit_sentence_encoder(vectors, []).encode(texts[:3]).astype(float)
    _, _, right = np.linalg.svd(plain)
    np.testing.assert_allclose(abs(encoder.common @ right[0]), 1)
    np.testing.assert_allclose(encoder.encode(texts) @ encoder.common, 0, atol=1e-6)


def test_unknown_counts_follow_zipf():
    vectors = Vectors(WordRows(Vocabulary.from_words(WORDS)), TABLE)
    encoder = fit_sentence_encoder(vectors, [], smoothing=1.0)
    share = 1 / np.arange(1, 6)
    np.testing.assert_allclose(encoder.weights, 1 / (1 + share / share.sum()))


@pytest.mark.parametrize("smoothing", [0, -1, float("nan")])
def test_the_smoothing_is_above_zero(vectors, smoothing):
    with pytest.raises(InputError, match="the smoothing must be above 0, got"):
        fit_sentence_encoder(vectors, [], smoothing=smoothing)
