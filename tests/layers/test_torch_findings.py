from types import SimpleNamespace

import pytest

torch = pytest.importorskip("torch", reason="the extra torch is not installed")
from symvec.errors import IdError  # noqa: E402
from symvec.layers.torch.findings import Findings  # noqa: E402
from symvec.layers.torch.ids import safe_ids  # noqa: E402
from symvec.layers.torch.offsets import BagError, bag_edges, safe_offsets  # noqa: E402


@pytest.mark.parametrize("dtype", [torch.int64, torch.int32])
def test_a_device_is_not_waited_for_and_tells_at_the_next_call(dtype):
    findings = Findings()
    safe = safe_ids(torch.tensor([[1, 9], [12, -4]], dtype=dtype), 10, findings)
    assert safe.tolist() == [[1, 9], [9, 0]]
    assert safe.dtype == dtype
    with pytest.raises(IdError, match=r"id 12 at position \(1, 0\) .* \(in an earlier batch"):
        safe_ids(torch.tensor([1]), 10, findings)
    assert safe_ids(torch.tensor([1, 2]), 10, findings).tolist() == [1, 2]
    findings.raise_found(wait=True)
    assert safe_ids(torch.empty(0, dtype=dtype), 10, findings).numel() == 0


def test_ids_that_come_back_are_new():
    ids, findings = torch.tensor([1, 2]), Findings()
    safe_ids(ids, 10, findings).add_(1)
    safe_ids(ids[:0], 10, findings)
    assert ids.tolist() == [1, 2]


def test_a_table_without_rows_is_told_of_at_once():
    with pytest.raises(IdError, match="the table has no rows"):
        safe_ids(torch.tensor([0]), 0, Findings())


def test_a_device_that_is_not_done_is_not_waited_for():
    findings, done = Findings(), []
    late = SimpleNamespace(query=lambda: bool(done), synchronize=lambda: done.append(1))
    safe_ids(torch.tensor([12]), 10, findings)
    first = findings._pending.pop()
    findings._pending.append(first._replace(slot=first.slot._replace(arrival=late)))
    findings.raise_found()
    safe_ids(torch.tensor([3]), 10, findings)  # several calls behind: nothing found is lost
    safe_ids(torch.tensor([0, 13]), 10, findings)
    with pytest.raises(IdError, match=r"id 12 at position \(0\)"):
        findings.raise_found(wait=True)
    with pytest.raises(IdError, match=r"id 13 at position \(1\)"):
        safe_ids(torch.tensor([1]), 10, findings)
    assert safe_ids(torch.tensor([1]), 10, findings).tolist() == [1]


@pytest.mark.parametrize(
    ("offsets", "positions", "safe", "text"),
    [
        ([1, 2], 3, [1, 2], r"offsets\[0\] must be 0, got 1: the first bag begins"),
        ([0, 2, 1], 3, [0, 2, 2], r"must not fall, but offsets\[2\] is 1 after 2"),
        ([0, -2, 1], 3, [0, 0, 1], r"must not fall, but offsets\[1\] is -2 after 0"),
        ([0, 2, 7], 3, [0, 2, 3], r"the last offset is 7, but there are only 3 ids"),
        ([7, 2], 3, [3, 3], r"offsets\[0\] must be 0, got 7"),
    ],
)
def test_offsets_on_a_device_are_made_safe_and_told_of_later(offsets, positions, safe, text):
    findings, given = Findings(), torch.tensor(offsets)
    found = safe_offsets(given, positions, findings, include_last_offset=False)
    assert found.tolist() == safe
    with pytest.raises(BagError, match=text + ".*in an earlier batch"):
        safe_offsets(torch.tensor([0]), positions, findings, include_last_offset=False)
    safe_offsets(given, positions, findings, include_last_offset=False)
    given.zero_()
    with pytest.raises(BagError, match="those that did not were written over since"):
        findings.raise_found()


@pytest.mark.parametrize(
    ("offsets", "included"),
    [([0, 2, 2], False), ([0], False), ([0, 5], True), ([0, 2, 5], True), ([0, 2, 9], True)],
)
def test_offsets_that_are_right_are_those_of_the_processor(offsets, included):
    findings, given = Findings(), torch.tensor(offsets, dtype=torch.int32)
    safe = safe_offsets(given, 5, findings, include_last_offset=included)
    assert safe.tolist() == bag_edges(given, 5, include_last_offset=included)[:-1].tolist()
    findings.raise_found(wait=True)


def test_ids_that_were_written_over_since_have_no_position():
    findings, ids = Findings(), torch.tensor([1, 12])
    safe_ids(ids, 10, findings)
    ids.zero_()
    with pytest.raises(IdError, match=r"^id 12 is out of range.* was written over since"):
        findings.raise_found()
