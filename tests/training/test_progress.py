from symvec.training.progress import seconds_left


def test_time_left():
    assert seconds_left(1, 4, 10.0) == 30.0
    assert seconds_left(5, 4, 10.0) == 0.0  # more than was promised
