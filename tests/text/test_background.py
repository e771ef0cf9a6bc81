import threading
import time

import pytest

from symvec.text.background import running_ahead


def test_items_come_in_order_and_all():
    with running_ahead((number for number in range(1000)), ahead=3) as numbers:
        assert list(numbers) == list(range(1000))


def test_it_runs_ahead_no_further_than_asked():
    made = []
    with running_ahead(
        (made.append(number) or number for number in range(100)), ahead=2
    ) as numbers:
        assert next(numbers) == 0
        time.sleep(0.05)
        assert len(made) <= 4


def test_an_error_comes_where_its_item_would_have():
    def items():
        yield 1
        raise OSError("gone")

    with running_ahead(items(), ahead=4) as numbers:
        assert next(numbers) == 1
        with pytest.raises(OSError, match="gone"):
            next(numbers)


def test_leaving_early_ends_the_thread_and_closes_the_iterator():
    closed = threading.Event()

    def items():
        try:
            while True:
                yield 0
        finally:
            closed.set()

    with running_ahead(items(), ahead=1) as numbers:
        next(numbers)
    assert closed.wait(timeout=5)
