import numpy as np
import pytest

from symvec.contextual import input_gates
from symvec.contextual.input_gates import GatesByStep, GatesByWord, WordInputs
from symvec.contextual.matrices import ExactMatrix
from symvec.contextual.tokens import FEW_WORDS, MANY_WORDS

STEPS, ROWS, SIZE, GATES = 7, 3, 5, 8


def case(words):
    random = np.random.default_rng(words)
    vectors = random.standard_normal((words, SIZE)).astype(np.float32)
    weights = random.standard_normal((SIZE, GATES)).astype(np.float32)
    return vectors, random.integers(0, words, (STEPS, ROWS)), weights


def all_steps(gates):
    return np.array([found[read] for found, read in map(gates.at, range(STEPS))])


@pytest.mark.parametrize("words", [1, FEW_WORDS - 1, FEW_WORDS, FEW_WORDS + 1, MANY_WORDS + 70])
@pytest.mark.parametrize("at_once", [FEW_WORDS, MANY_WORDS])
def test_a_words_gates_are_its_product_wherever_it_stands(words, at_once):
    vectors, reads, weights = case(words)
    gates = WordInputs(vectors, reads, at_once).gates(ExactMatrix(weights))
    assert isinstance(gates, GatesByWord)
    np.testing.assert_allclose(gates.gates, vectors @ weights, rtol=1e-5, atol=1e-5)
    np.testing.assert_array_equal(all_steps(gates), gates.gates[reads])


def test_words_go_as_layers_do_where_products_differ_or_gates_are_too_many(monkeypatch):
    vectors, reads, weights = case(20)
    wanted = (vectors @ weights)[reads]
    gates = WordInputs(vectors, reads, 0).gates(ExactMatrix(weights))
    assert isinstance(gates, GatesByStep)
    np.testing.assert_allclose(all_steps(gates), wanted, rtol=1e-5, atol=1e-5)
    monkeypatch.setattr(input_gates, "_MOST_NUMBERS", 20 * GATES - 1)
    assert isinstance(
        WordInputs(vectors, reads, FEW_WORDS).gates(ExactMatrix(weights)), GatesByStep
    )
    monkeypatch.setattr(input_gates, "_MOST_NUMBERS", 20 * GATES)
    assert isinstance(
        WordInputs(vectors, reads, FEW_WORDS).gates(ExactMatrix(weights)), GatesByWord
    )


def test_a_words_bits_do_not_depend_on_the_words_beside_it():
    vectors, reads, weights = case(FEW_WORDS + 9)
    whole = WordInputs(vectors, reads, FEW_WORDS).gates(ExactMatrix(weights))
    for word in (0, FEW_WORDS, FEW_WORDS + 8):
        alone = WordInputs(vectors[[word]], np.zeros((1, 1), int), FEW_WORDS).gates(
            ExactMatrix(weights)
        )
        np.testing.assert_array_equal(alone.gates[0], whole.gates[word])
