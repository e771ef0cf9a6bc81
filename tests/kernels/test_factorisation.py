from itertools import pairwise

import numpy as np
import pytest

from symvec.kernels import factorisation
from symvec.kernels.reference import factorisation as twin


def thin(rows, columns, seed=0):
    return np.random.default_rng(seed).standard_normal((rows, columns)).astype(np.float32)


@pytest.mark.parametrize("cuts", [[0, 8], [0, 3, 8], [0, 1, 2, 8]])
def test_products_are_those_of_the_twin(cuts):
    matrix, products = thin(50, 8), np.zeros((8, 8))
    for start, stop in pairwise(cuts):
        factorisation.gram(matrix, products, start, stop)
    np.testing.assert_allclose(products, np.triu(twin.gram(matrix)), rtol=1e-12)


def test_the_factor_makes_columns_orthonormal():
    matrix = thin(60, 8)
    products, inverse = twin.gram(matrix), np.zeros((8, 8))
    expected = twin.inverse_cholesky(products)
    factorisation.inverse_cholesky(products, inverse)
    np.testing.assert_allclose(inverse, expected, rtol=1e-9, atol=1e-12)
    product = np.zeros_like(matrix)
    factorisation.multiply_dense(matrix, inverse.astype(np.float32), product, 0, 25)
    factorisation.multiply_dense(matrix, inverse.astype(np.float32), product, 25, 60)
    np.testing.assert_allclose(product.T @ product, np.eye(8), atol=1e-5)


def test_a_column_that_adds_nothing_becomes_zero():
    matrix = thin(60, 8)
    matrix[:, 3], matrix[:, 5] = 2 * matrix[:, 1], 0
    products, inverse = twin.gram(matrix), np.zeros((8, 8))
    factorisation.inverse_cholesky(products, inverse)
    orthonormal = matrix.astype(np.float64) @ inverse
    expected = np.diag([1.0, 1, 1, 0, 1, 0, 1, 1])
    np.testing.assert_allclose(orthonormal.T @ orthonormal, expected, atol=1e-6)


@pytest.mark.parametrize("count", [1, 2, 7, 20])
def test_eigenvalues_are_those_of_the_twin(count):
    symmetric = twin.gram(thin(2 * count, count, seed=count))
    values, _ = twin.symmetric_eigen(symmetric)
    found, vectors = symmetric.copy(), np.zeros((count, count))
    factorisation.symmetric_eigen(found, vectors)
    np.testing.assert_allclose(np.sort(np.diag(found)), values, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(vectors @ vectors.T, np.eye(count), atol=1e-12)
    np.testing.assert_allclose(vectors.T @ np.diag(np.diag(found)) @ vectors, symmetric, atol=1e-9)


def test_a_matrix_of_zeros_has_eigenvalues_of_zero():
    found, vectors = np.zeros((3, 3)), np.ones((3, 3))
    factorisation.symmetric_eigen(found, vectors)
    assert not found.any()
    assert vectors.tolist() == np.eye(3).tolist()
