import json
import tracemalloc

import pytest

from symvec.errors import FormatError
from symvec.files import open_tensors


def container(header, data=b"", length=None):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return (len(text) if length is None else length).to_bytes(8, "little") + text + data


def entry(dtype="U8", shape=(4,), offsets=(0, 4), **more):
    return {"dtype": dtype, "shape": shape, "data_offsets": offsets, **more}


HOSTILE = {
    "empty": (b"", "is 0 bytes long, too short"),
    "eight bytes": (bytes(8), "is 8 bytes long, too short for a safetensors file"),
    "text": (b"the quick brown fox", "is not a safetensors file: it does not begin with a header"),
    "zip": (b"PK\x03\x04" + bytes(60), "is not a safetensors file"),
    "pickle": (b"\x80\x04\x95\x0a\x00\x00\x00\x00\x00\x00\x00}\x94.", "is not a safetensors file"),
    "huge header": (container({}, length=2**62), "claims a header of 4,611,686,018,427,387,904"),
    "long header": (container({}, length=9_999), "claims a header of 9,999 bytes, but only 2 by"),
    "not JSON": (container(b"{x}"), "the header is not valid JSON: "),
    "not UTF-8": (container(b'{"\xff":1}'), "the header is not valid JSON: "),
    "NaN": (container(b'{"a":NaN}'), "NaN is not a number of JSON"),
    "deep": (container(b'{"a":' + b"[" * 200_000), "the header is not valid JSON: "),
    "long number": (container(b'{"a":' + b"1" * 10_000 + b"}"), "the header is not valid JSON"),
    "name twice": (container(b'{"a":1,"a":2}'), "a name comes twice"),
    "trailing text": (container(b"{}{}"), "the header is not valid JSON"),
    "entry is a number": (container({"a": 3}), "'a' must have dtype, shape and data_offsets"),
    "entry lacks": (container({"a": {"dtype": "U8"}}), "must have dtype, shape and data_offsets"),
    "entry has more": (container({"a": entry(x=1)}, bytes(4)), "and nothing else"),
    "metadata is a list": (container({"__metadata__": []}), "__metadata__ must be text by name"),
    "metadata of numbers": (container({"__metadata__": {"a": 1}}), "must be text by name"),
    "unknown type": (container({"a": entry("F8_E4M3")}, bytes(4)), "of the type 'F8_E4M3'; symv"),
    "type is a list": (container({"a": entry(["U8"])}, bytes(4)), r"of the type \['U8'\]"),
    "negative size": (container({"a": entry(shape=[-4])}, bytes(4)), "the shape must be a list"),
    "fraction": (container({"a": entry(shape=[4.0])}, bytes(4)), "a list of whole numbers from 0"),
    "true": (container({"a": entry(shape=[True])}, bytes(4)), "a list of whole numbers from 0"),
    "shape is a number": (container({"a": entry(shape=4)}, bytes(4)), "a list of whole numbers"),
    "three offsets": (container({"a": entry(offsets=[0, 1, 4])}, bytes(4)), "3 data_offsets"),
    "many axes": (container({"a": entry(shape=[1] * 9 + [4])}, bytes(4)), "has 10 axes"),
    "offsets fall": (container({"a": entry(offsets=[4, 0])}, bytes(4)), "from 4 to 0"),
    "size and shape differ": (container({"a": entry("F32")}, bytes(4)), "takes 16 bytes, but its"),
    "huge tensor": (
        container({"a": entry(shape=[2**62], offsets=[0, 2**62])}, bytes(4)),
        "takes 4,611,686,018,427,387,904 bytes",
    ),
    "large tensor": (
        container({"a": entry(shape=[2**40], offsets=[0, 2**40])}, bytes(4)),
        "claims the bytes up to 1,099,511,627,.*, but the file has",
    ),
    "overflowing shape": (
        container({"a": entry(shape=[2**33, 2**31], offsets=[0, 0])}),
        "takes 18,446,744,073,709,551,616 bytes",
    ),
    "empty but huge": (
        container({"a": entry(shape=[0, 2**62], offsets=[0, 0])}),
        "takes 0 bytes, but its data_offsets",
    ),
    "overlap": (
        container({"a": entry(), "b": entry(offsets=[2, 6])}, bytes(6)),
        "the tensor 'b' at byte .* overlaps another one",
    ),
    "gap": (
        container({"a": entry(), "b": entry(offsets=[5, 9])}, bytes(9)),
        "the tensor 'b' at byte .* leaves a gap before it",
    ),
    "more than the header says": (
        container({"a": entry()}, bytes(5)),
        "its header accounts for .*; something was added",
    ),
    "false digest": (
        container({"__metadata__": {"symvec.sha256.header": "1" * 64}}),
        "is damaged: its header .* does not have the SHA-256 that it states",
    ),
    "short digest": (
        container({"__metadata__": {"symvec.sha256.header": ""}}),
        "is damaged: its header",
    ),
    "odd digest": (
        container({"__metadata__": {"symvec.sha256.header": "\ud800" * 64}}),
        "is damaged: its header",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_headers_are_refused_before_anything_is_allocated(tmp_path, name):
    content, text = HOSTILE[name]
    path = tmp_path / "hostile"
    path.write_bytes(content)
    tracemalloc.start()
    try:
        with pytest.raises(FormatError, match=text) as caught:
            open_tensors(path)
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert caught.value.exit_code == 3
    assert str(path) in str(caught.value)
    assert peak_bytes < 4 << 20


def test_a_header_that_is_only_odd_is_read(tmp_path):
    path = tmp_path / "odd"
    path.write_bytes(
        container(b'{ "a" :' + json.dumps(entry(shape=[2, 2])).encode() + b"}\t ", b"tea!")
    )
    assert open_tensors(path).tensors["a"].tobytes() == b"tea!"
    path.write_bytes(container({}))
    assert open_tensors(path).tensors == {}
