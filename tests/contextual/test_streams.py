import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from symvec.contextual.streams import in_own_rows, one_after_another


@given(st.lists(st.integers(2, 40), max_size=50), st.integers(1, 9))
def test_each_sentence_has_its_own_steps(lengths, row_count):
    streams = one_after_another(lengths, row_count)
    taken = np.zeros((row_count, streams.steps), int)
    for length, row, start in zip(lengths, streams.rows, streams.starts, strict=True):
        taken[row, start : start + length] += 1
        begins_anew = start == 0 or row in streams.begins[int(start)]
        assert begins_anew
    assert taken.max(initial=0) <= 1
    assert taken.sum(axis=1).tolist() == streams.lengths.tolist()
    assert sum(map(len, streams.begins.values())) == np.count_nonzero(streams.starts)
    # No row ends later than its last sentence could have been put elsewhere.
    assert streams.steps <= sum(lengths) / row_count + max(lengths, default=0)


def test_rows_that_go_on_begin_nowhere():
    streams = in_own_rows([3, 0, 7], 4)
    assert (streams.lengths.tolist(), streams.steps) == ([3, 0, 7, 0], 7)
    assert (streams.rows.tolist(), streams.starts.tolist()) == ([0, 1, 2], [0, 0, 0])
    assert not streams.begins


def test_no_sentences_have_no_steps():
    assert one_after_another([], 3).steps == in_own_rows([], 3).steps == 0
