"""Two pieces of work at once: their results, their threads, their errors."""

import time

import pytest

torch = pytest.importorskip("torch")

from symvec.layers.torch.elmo import torch_threads  # noqa: E402
from symvec.layers.torch.elmo.side_by_side import side_by_side  # noqa: E402


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_each_has_its_share_of_the_threads(threads):
    with torch_threads(threads):
        found = side_by_side(lambda number: (number, torch.get_num_threads()))
        assert torch.get_num_threads() == threads
    assert found == ((0, max(threads // 2, 1)), (1, max(threads // 2, 1)))


@pytest.mark.parametrize("threads", [1, 2])
def test_both_know_whether_gradients_are_wanted(threads):
    weight = torch.ones(3, requires_grad=True)
    with torch_threads(threads):
        learned = side_by_side(lambda number: (weight * number).requires_grad)
        with torch.no_grad():
            looked = side_by_side(lambda number: (weight * number).requires_grad)
    assert learned == (True, True)
    assert looked == (False, False)


@pytest.mark.parametrize("failing", [0, 1])
def test_an_error_of_either_comes_out_when_both_have_ended(failing):
    ended = []

    def work(number):
        if number == failing:
            raise ValueError(f"number {number}")
        time.sleep(0.02)
        ended.append(number)

    with torch_threads(2):
        with pytest.raises(ValueError, match=f"^number {failing}$"):
            side_by_side(work)
        assert torch.get_num_threads() == 2
    assert ended == [1 - failing]
