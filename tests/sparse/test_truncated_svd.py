import subprocess
import sys

import numpy as np
import pytest
import scipy.sparse
from scipy.sparse.linalg import svds

from symvec.errors import InputError
from symvec.sparse import cooccurrence, one_hot, ppmi, truncated_svd


def random_sparse(rows=300, columns=200, seed=0):
    random = np.random.default_rng(seed)
    return scipy.sparse.random_array((rows, columns), density=0.05, rng=random, dtype=np.float32)


@pytest.mark.parametrize(("rows", "columns"), [(300, 200), (200, 300), (60, 60)])
def test_values_and_spaces_are_those_of_scipy(rows, columns):
    matrix = random_sparse(rows, columns)
    found = truncated_svd(matrix, 8, iterations=30)
    left, values, right = svds(matrix.tocsr().astype(np.float64), 8, random_state=0)
    np.testing.assert_allclose(found.values, values[::-1], rtol=1e-4)
    np.testing.assert_allclose(np.abs(found.left.T @ left[:, ::-1]), np.eye(8), atol=0.02)
    np.testing.assert_allclose(np.abs(right[::-1] @ found.right), np.eye(8), atol=0.02)
    np.testing.assert_allclose(found.left.T @ found.left, np.eye(8), atol=1e-4)


@pytest.mark.parametrize("threads", [2, 3, 8])
def test_the_number_of_threads_changes_no_bit(threads):
    matrix = random_sparse(3000, 2000)
    alone, together = (truncated_svd(matrix, 8, threads=n) for n in (1, threads))
    for name in ("left", "values", "right"):
        np.testing.assert_array_equal(getattr(alone, name), getattr(together, name))
    assert not np.array_equal(alone.left, truncated_svd(matrix, 8, seed=2).left)


def test_the_threads_of_blas_change_no_bit():
    code = (
        "import numpy as np, scipy.sparse, hashlib; from symvec.sparse import truncated_svd;"
        "m = scipy.sparse.random_array((3000, 2000), density=0.02, rng=np.random.default_rng(0));"
        "found = truncated_svd(m, 40);"
        "print(hashlib.sha256(found.left.tobytes() + found.right.tobytes()).hexdigest())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True,
            env={"OPENBLAS_NUM_THREADS": threads, "MKL_NUM_THREADS": threads},
        ).stdout
        for threads in ("1", "3")
    }  # fmt: skip
    assert len(found) == 1


def test_the_largest_number_of_each_direction_is_positive():
    left = truncated_svd(random_sparse(), 10).left
    assert (left[np.abs(left).argmax(axis=0), np.arange(10)] > 0).all()


def test_the_linear_map_makes_sparse_rows_dense():
    sentences = [[0, 1, 2], [2, 3, 4, 0], [5, 6, 5, 1], [3, 6, 2]] * 3
    matrix = ppmi(cooccurrence(sentences, 7))
    found = truncated_svd(matrix, 7, iterations=40)
    for weight in (0.0, 0.5):
        mapped = one_hot([4, 1], 7) @ matrix @ found.linear_map(weight)
        np.testing.assert_allclose(mapped, found.dense_rows(weight)[[4, 1]], atol=1e-4)


def test_a_matrix_of_lower_rank_leaves_the_rest_zero():
    first, second = np.arange(1.0, 7), np.ones(6)
    matrix = scipy.sparse.csr_array(np.outer(first, second) + np.outer(second, first))
    found = truncated_svd(matrix, 5)
    assert (found.values[:2] > 0).all()
    assert not found.values[2:].any()
    assert not found.left[:, 2:].any()
    assert not found.linear_map()[:, 2:].any()
    np.testing.assert_allclose(
        found.left * found.values @ found.right.T, matrix.toarray(), rtol=1e-4
    )


@pytest.mark.parametrize("shape", [(0, 0), (3, 3), (1, 4)])
def test_a_matrix_of_nothing(shape):
    found = truncated_svd(scipy.sparse.csr_array(shape, dtype=np.float32), 2)
    assert found.left.shape == (shape[0], 2)
    assert not found.values.any()
    assert not found.left.any()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"vector_size": 0}, "vector_size must be a whole number of 1 or more, got 0"),
        ({"vector_size": 2.0}, "vector_size must be a whole number of 1 or more, got 2.0"),
        ({"iterations": -1}, "iterations must be a whole number of 0 or more, got -1"),
        ({"matrix": np.eye(3)}, "expected a SciPy sparse matrix of real numbers, got ndarray"),
    ],
)
def test_what_cannot_be(arguments, message):
    with pytest.raises(InputError, match=message):
        truncated_svd(**{"matrix": random_sparse(), "vector_size": 3} | arguments)
