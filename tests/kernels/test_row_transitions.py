import numpy as np
import pytest

from symvec.kernels import row_transitions as kernels
from symvec.kernels.reference import row_transitions as twins
from symvec.kernels.row_sgd import SgdSettings


@pytest.mark.parametrize("nesterov", [False, True])
def test_the_chain_is_the_product_of_its_steps(nesterov):
    rates = np.array([0.5, 0.1, 0.3, 0.2])
    settings = SgdSettings(9.0, 0.9, 0.7, 0.05, nesterov)
    ours = kernels.chain_transitions(rates, settings, 3)
    np.testing.assert_allclose(ours, twins.chain_transitions(rates, settings, 3), rtol=1e-13)
    np.testing.assert_array_equal(ours[0], [1, 0, 0, 1])
    latest = twins.zero_gradient_matrix(0.2, settings)
    np.testing.assert_allclose(ours[1].reshape(2, 2), latest)
    before = twins.zero_gradient_matrix(0.3, settings)
    np.testing.assert_allclose(ours[2].reshape(2, 2), latest @ before)


def test_no_gap_needs_no_step():
    settings = SgdSettings(9.0, 0.9, 1.0, 0.0, False)
    for module in (kernels, twins):
        assert module.chain_transitions(np.empty(0), settings, 0).tolist() == [[1, 0, 0, 1]]
