import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from symvec.kernels.holding_out import (
    HELD,
    HELD_ENDS,
    KEPT,
    KEPT_ENDS,
    PROGRESS_SIZE,
    SENTENCE,
    mark_held,
)
from symvec.kernels.holding_out import part_sentences as part
from symvec.kernels.reference import holding_out as reference
from symvec.kernels.reference.holding_out import part_sentences as twin


def flat(sentences):
    return [word_id for sentence in sentences for word_id in (*sentence, -1)]


@given(
    st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=5), max_size=30),
    st.integers(0, 2**63),
    st.sampled_from([0, 1 << 30, 1 << 31, 1 << 32]),
    st.integers(1, 40),
)
def test_pieces_are_parted_as_the_twin_does_the_whole(sentences, key, threshold, piece):
    ids = np.array(flat(sentences), np.int32)
    progress = np.zeros(PROGRESS_SIZE, np.int64)
    found, ends = ([], []), np.zeros(2, np.int64)
    for start in range(0, len(ids), piece):
        buffers = np.empty(piece, np.int32), np.empty(piece, np.int32)
        part(ids[start : start + piece], np.uint64(key), np.uint64(threshold), *buffers, progress)
        for into, buffer, written in zip(found, buffers, progress[[KEPT, HELD]], strict=True):
            into.extend(buffer[:written].tolist())
        ends += progress[[KEPT_ENDS, HELD_ENDS]]
    expected = twin(sentences, key, threshold)
    assert found == tuple(flat(part) for part in expected)
    assert ends.tolist() == [len(part) for part in expected]
    assert progress[SENTENCE] == len(sentences)


@given(
    st.lists(st.integers(0, 2**63), max_size=30),
    st.integers(0, 2**63),
    st.sampled_from([0, 1 << 30, 1 << 31, 1 << 32]),
)
def test_pairs_are_marked_as_by_the_twin(pairs, key, threshold):
    held = np.ones(len(pairs), np.bool_)
    mark_held(np.array(pairs, np.uint64), np.uint64(key), np.uint64(threshold), held)
    assert held.tolist() == reference.mark_held(pairs, key, threshold)
