"""Pickles that would run something: refused, and nothing was run."""

import io
import os
import pickle
import pickletools
import struct
import time
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symvec.errors import FormatError
from symvec.formats import load
from symvec.formats.pickle_opcodes import read_pickle


class Calls:
    def __init__(self, function, *arguments):
        self.called = (function, arguments)

    def __reduce__(self):
        return self.called


def command(path):
    return f"echo hacked > {path}"


def attacks(path):
    """Return pickles that write a file where they are unpickled."""
    system = Calls(os.system, command(path))
    opens = Calls(open, str(path), "w")
    return {
        "a command": system,
        "eval": Calls(eval, f"open({str(path)!r}, 'w')"),
        "exec": Calls(exec, f"open({str(path)!r}, 'w')"),
        "a file": opens,
        "within a list": [1, [2, (3, system)]],
        "within a mapping": {"wv": {"vectors": system}},
        "as a key": {(1, 2): 3, "x": [opens]},
        "an attribute": Calls(getattr, "os", "system"),
        "an import": Calls(__import__, "antigravity"),
    }


def names_attack(module, name, path):
    """Return a hand-made pickle of an older protocol."""
    return f"c{module}\n{name}\n(S'{command(path)}'\ntR.".encode()


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
@pytest.mark.parametrize("name", attacks("x"))
def test_nothing_is_run(tmp_path, name, protocol):
    target = tmp_path / "hacked"
    data = pickle.dumps(attacks(target)[name], protocol)
    (tmp_path / "model").write_bytes(data)
    with pytest.raises(FormatError, match=r"it names .*which vectors have no need of; nothing in"):
        load(tmp_path / "model")
    assert not target.exists()
    with pytest.raises(FormatError):
        read_pickle(memoryview(data), "model")


@pytest.mark.parametrize("module", ["os", "posix", "nt", "subprocess", "builtins", "__builtin__"])
def test_older_protocols_run_nothing(tmp_path, module):
    target = tmp_path / "hacked"
    for name in ("system", "Popen", "eval", "exec", "getattr", "compile", "__import__"):
        with pytest.raises(FormatError, match="it names"):
            read_pickle(memoryview(names_attack(module, name, target)), "model")
    assert not target.exists()


def test_known_names_cannot_be_misused(tmp_path):
    """What is known makes data, whatever it is called with."""
    for module, name in (
        ("gensim.models.word2vec", "Word2Vec"),
        ("numpy.core.multiarray", "_reconstruct"),
        ("collections", "defaultdict"),
    ):
        read_pickle(memoryview(names_attack(module, name, tmp_path / "hacked")), "model")
    for module, name in (
        ("builtins", "int"),
        ("builtins", "object"),
        ("gensim.utils", "call_on_class_only"),
    ):
        with pytest.raises(FormatError, match="it calls"):
            read_pickle(memoryview(names_attack(module, name, tmp_path / "hacked")), "model")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\x80\x02Pid\n.", "opcode"),
        (b"\x80\x02K\x01Q.", "opcode"),
        (b"\x80\x02\x82\x01.", "opcode"),
        (b"\x80\x05\x97.", "opcode"),
        (b"\x80\x02(ios\nsystem\n.", "opcode"),
        (b"\x80\x02.", "missing on the stack"),
        (b"\x80\x02h\x07.", "value 7 is used before it is there"),
        (b"\x80\x02K\x01a.", "missing"),
        (b"\x80\x02t.", "a mark is missing"),
        (b"\x80\x02" + b"X" + struct.pack("<I", 2**31) + b"x.", "bytes are claimed"),
        (b"\x80\x04\x8e" + struct.pack("<Q", 2**63) + b"x.", "bytes are claimed"),
        (b"\x80\x02\x8b" + struct.pack("<i", -5) + b".", "bytes are claimed"),
        (b"\x80\x02I" + b"9" * 100_000 + b"\n.", "no end"),
        (b"\x80\x02I" + b"9" * 4000 + b"\n.", "more than 64 digits"),
        (b"\x80\x02\x8a\xff" + b"\x01" * 255 + b".", "a whole number of 255 bytes"),
        (b"\x80\x02}K\x01b.", "not of a gensim model|state"),
        (b"\x80\x02K\x01K\x02\x86.", "not of a gensim model"),
    ],
)
def test_damaged_and_odd_pickles(tmp_path, data, text):
    (tmp_path / "model").write_bytes(data)
    with pytest.raises(FormatError, match=text):
        load(tmp_path / "model")


def test_deep_nesting_is_no_matter(tmp_path):
    for data in (
        b"\x80\x02" + b"]" * 500_000 + b"a" * 499_999 + b".",
        b"\x80\x02N" + b"\x85" * 500_000 + b".",
    ):
        (tmp_path / "model").write_bytes(data)
        with pytest.raises(FormatError, match="not of a gensim model"):
            load(tmp_path / "model")


def peak_bytes(data):
    tracemalloc.start()
    try:
        with pytest.raises(FormatError):
            load_bytes(data)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def load_bytes(data):
    read_pickle(memoryview(data), "model")
    raise FormatError("it was read")


def test_small_pickles_cannot_fill_the_memory():
    text = b"X" + struct.pack("<I", 1_000_000) + b"x" * 1_000_000 + b"q\x00"
    encode = b"c_codecs\nencode\nq\x01" + text + b"(l"
    copies = encode + b"h\x01h\x00\x85R0" * 1_000 + b"h\x01h\x00\x85R" * 1_000 + b"."
    assert peak_bytes(b"\x80\x02" + copies) < 30 * len(text)
    ones = b"(" + b"K\x01" * 100_000 + b"lq\x00cbuiltins\nfrozenset\nq\x01"
    assert peak_bytes(b"\x80\x02" + ones + b"h\x01h\x00\x85R" * 10_000 + b".") < 50_000_000
    # Each list holds the one before it twice: two to the power of a hundred, if it were copied.
    doubling = b"]q\x00" + b"".join(
        b"]q" + bytes([i + 1]) + b"(h" + bytes([i]) + b"h" + bytes([i]) + b"e" for i in range(100)
    )
    assert peak_bytes(b"\x80\x02" + doubling + b".") < 1_000_000


def test_keys_that_collide_cost_nothing():
    keys = b"".join(
        b"\x8a\x0a" + (i * (2**61 - 1)).to_bytes(10, "little") + b"K\x00" for i in range(50_000)
    )
    began = time.perf_counter()
    read_pickle(memoryview(b"\x80\x02}(" + keys + b"u."), "model")
    assert time.perf_counter() - began < 5


@given(st.binary(max_size=60))
def test_any_bytes_end_in_data_or_an_error(data):
    for prefix in (b"\x80\x02", b"\x80\x04"):
        try:
            read_pickle(memoryview(prefix + data), "model")
        except FormatError:
            continue


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False)
    | st.text(max_size=5) | st.binary(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner)
    | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=12,
)  # fmt: skip


def as_read(value):
    """Return a value as the machine gives it: mappings are pairs."""
    if isinstance(value, dict):
        return [(key, as_read(inner)) for key, inner in value.items()]
    if isinstance(value, list | tuple):
        return type(value)(as_read(inner) for inner in value)
    return value


def without_pairs(value):
    if hasattr(value, "items"):
        return [(key, without_pairs(inner)) for key, inner in value.items]
    if isinstance(value, list | tuple):
        return type(value)(without_pairs(inner) for inner in value)
    return value


@given(PLAIN, st.integers(2, 5))
def test_data_is_read_as_python_reads_it(value, protocol):
    data = pickle.dumps(value, protocol)
    assert without_pairs(read_pickle(memoryview(data), "model")) == as_read(value)
    assert without_pairs(read_pickle(memoryview(pickletools.optimize(data)), "model")) == as_read(
        value
    )


@pytest.mark.parametrize("protocol", [2, 4, 5])
@pytest.mark.parametrize("dtype", ["<f4", ">f4", "<f8", "<i8", "|u1", "?"])
def test_arrays_are_read_as_numpy_reads_them(protocol, dtype):
    array = np.arange(6).reshape(2, 3).astype(dtype)
    for stored in (array, np.asfortranarray(array), array[:0]):
        file = io.BytesIO()
        pickle.Pickler(file, protocol).dump(Plain(stored))
        record = read_pickle(memoryview(file.getvalue()), "model")
        numbers = record.attributes()["array"].numbers
        assert numbers.tolist() == stored.tolist()
        assert numbers.dtype == stored.dtype


class Plain:
    """Stands for a class of gensim, whose name the pickle will have."""

    def __init__(self, array):
        self.array = array


Plain.__module__, Plain.__qualname__, Plain.__name__ = (
    "gensim.models.keyedvectors",
    "Vocab",
    "Vocab",
)


@pytest.fixture(autouse=True)
def gensim_stands_in(monkeypatch):
    """Let the standard library's pickler find the class that it writes."""
    import sys
    import types

    for name in ("gensim", "gensim.models", "gensim.models.keyedvectors"):
        monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
    monkeypatch.setattr(sys.modules["gensim.models.keyedvectors"], "Vocab", Plain, raising=False)
