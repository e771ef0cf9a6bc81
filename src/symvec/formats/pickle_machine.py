"""The machine that reads pickles: a stack, a memo, and no way to run anything.

The opcodes are those of Python's pickle protocols 0 to 5, as the standard library's
``pickletools`` documents them. Each takes its bytes from the file itself, so what is made is in
proportion to the file; what could copy the same bytes again and again is counted.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from typing import Final, NoReturn

import numpy as np

from symvec.errors import FormatError
from symvec.formats.pickle_data import KINDS, Array, Dtype, Name, Pairs, Record

_MARK: Final = object()
_COPIES_PER_BYTE: Final = 4
_SPARE_BYTES: Final = 1 << 20
_MOST_AXES: Final = 4
RECIPE: Final = (
    "nothing in it was run; to open it, export the vectors where they were made: "
    "model.wv.save_word2vec_format('vectors.bin', binary=True)"
)


class PickleMachine:
    """Reads one pickle.

    Args:
        data: its bytes.
        path: the name of the file, for errors.
    """

    def __init__(self, data: memoryview, path: str) -> None:
        self._data = data
        self._path = path
        self._position = 0
        self._stack: list[object] = []
        self._memo: dict[int, object] = {}
        self._copies_left = _COPIES_PER_BYTE * len(data) + _SPARE_BYTES

    def run(self, actions: Mapping[int, Callable[[PickleMachine], object]]) -> object:
        """Return what the pickle holds.

        Args:
            actions: what each opcode does.

        Raises:
            FormatError: it was cut off, or would run something, or is not understood.
        """
        try:
            while True:
                code = self._take(1)[0]
                if code == 0x2E:  # STOP
                    return self._pop()
                action = actions.get(code)
                if action is None:
                    self.refuse(f"the opcode {bytes([code])!r} is not one that vectors need")
                action(self)
        except (struct.error, ValueError, TypeError, IndexError, OverflowError) as error:
            self.refuse(f"it is damaged ({error})")

    def refuse(self, reason: str) -> NoReturn:
        """Raise the error for this pickle."""
        raise FormatError(f"{self._path}: byte {self._position:,}: {reason}; {RECIPE}")

    # --- bytes and the stack

    def _take(self, size: int) -> memoryview:
        end = self._position + size
        if size < 0 or end > len(self._data):
            self.refuse(
                f"{size:,} bytes are claimed, but {len(self._data) - self._position:,} follow; "
                "it was cut off or changed"
            )
        taken = self._data[self._position : end]
        self._position = end
        return taken

    def number(self, layout: str) -> int:
        """Take a number from the file."""
        value: int = struct.unpack(layout, self._take(struct.calcsize(layout)))[0]
        return value

    def sized(self, layout: str) -> bytes:
        """Take as many bytes as a number before them says."""
        return bytes(self._take(self.number(layout)))

    def line(self) -> str:
        """Take a line of text, as protocol 0 has them."""
        begin = self._position
        chunk = bytes(self._data[begin : begin + 4096])
        end = chunk.find(b"\n")
        if end < 0:
            self.refuse("a line of text has no end")
        self._position += end + 1
        return chunk[:end].decode("utf-8")

    def push(self, value: object) -> None:
        """Put a value on the stack."""
        self._stack.append(value)

    def _pop(self) -> object:
        if not self._stack or self._stack[-1] is _MARK:
            self.refuse("a value is missing on the stack")
        return self._stack.pop()

    def pop_marked(self) -> list[object]:
        """Take all values down to the last mark."""
        stack = self._stack
        place = len(stack) - 1
        while place >= 0 and stack[place] is not _MARK:
            place -= 1
        if place < 0:
            self.refuse("a mark is missing on the stack")
        values = stack[place + 1 :]
        del stack[place:]
        return values

    def mark(self) -> None:
        """Begin a run of values."""
        self._stack.append(_MARK)

    def pop(self) -> None:
        """Drop the last value or mark."""
        if not self._stack:
            self.refuse("a value is missing on the stack")
        self._stack.pop()

    def top(self) -> object:
        """Return the last value, which stays."""
        if not self._stack or self._stack[-1] is _MARK:
            self.refuse("a value is missing on the stack")
        return self._stack[-1]

    def remember(self, index: int) -> None:
        """Keep the last value under a number."""
        self._memo[index] = self.top()

    def memoize(self) -> None:
        """Keep the last value under the next number."""
        self.remember(len(self._memo))

    def recall(self, index: int) -> None:
        """Put a kept value on the stack."""
        if index not in self._memo:
            self.refuse(f"value {index} is used before it is there")
        self.push(self._memo[index])

    def tuple_of(self, size: int) -> None:
        """Make a tuple of the last values."""
        values = [self._pop() for _ in range(size)]
        self.push(tuple(reversed(values)))

    # --- containers

    def append(self, values: list[object]) -> None:
        """Add values to the list below them."""
        target = self.top()
        if not isinstance(target, list):
            self.refuse(f"values are added to {_kind_of(target)}, which is no list")
        target.extend(values)

    def set_items(self, values: list[object]) -> None:
        """Add keys and values to the mapping below them."""
        target = self.top()
        if isinstance(target, Record):  # a class that is a mapping
            return
        if not isinstance(target, Pairs) or len(values) % 2:
            self.refuse(f"keys are added to {_kind_of(target)}, which is no mapping")
        target.items.extend(zip(values[::2], values[1::2], strict=True))

    # --- names and what they make

    def name(self, module: object, name: object) -> None:
        """Put a name on the stack, if it is known."""
        if not isinstance(module, str) or not isinstance(name, str):
            self.refuse("a name is no text")
        kind = KINDS.get((module, name))
        if kind is None:
            self.refuse(f"it names {module[:80]}.{name[:80]}, which vectors have no need of")
        self.push(Name(module, name, kind))

    def reduce(self) -> None:
        """Make what a known function would return."""
        arguments, function = self._pop(), self._pop()
        if not isinstance(function, Name) or not isinstance(arguments, tuple):
            self.refuse(f"it calls {_kind_of(function)}")
        self.push(self._made(function, arguments))

    def new_object(self) -> None:
        """Make an object of a known class."""
        self.reduce()

    def _made(self, function: Name, arguments: tuple[object, ...]) -> object:
        first = arguments[0] if arguments else None
        if function.kind == "class":
            is_remade = function.name == "_reconstructor"
            return Record(first if is_remade and isinstance(first, Name) else function)
        if function.kind == "dtype" and isinstance(first, str | bytes):
            return Dtype(_text(first))
        if function.kind == "array":
            return Array()
        if function.kind == "buffer":
            return self._from_buffer(arguments)
        if function.kind == "pairs":
            return Pairs()
        if function.kind == "scalar":
            return self._scalar(arguments)
        if function.kind == "bytes":
            return self._encoded(arguments)
        if function.kind == "list":
            return self._listed(arguments)
        return self.refuse(f"it calls {function.module}.{function.name}")

    def _scalar(self, arguments: tuple[object, ...]) -> object:
        dtype, data = arguments
        kind = dtype.numpy() if isinstance(dtype, Dtype) else None
        octets = _octets(data)
        if kind is None or octets is None or len(octets) != kind.itemsize:
            return None
        return np.frombuffer(octets, kind)[0].item()

    def _from_buffer(self, arguments: tuple[object, ...]) -> Array:
        """Return an array as protocol 5 stores it: bytes, type, shape, order."""
        data, dtype, shape, order = arguments
        return Array(self._numbers((shape, dtype, order == "F", data)))

    def _encoded(self, arguments: tuple[object, ...]) -> bytes:
        if not arguments:
            return b""
        text = arguments[0]
        if not isinstance(text, str) or arguments[1:] not in ((), ("latin1",), ("latin-1",)):
            self.refuse("text is encoded in a way that arrays have no need of")
        self._charge(len(text))
        return text.encode("latin-1")

    def _listed(self, arguments: tuple[object, ...]) -> list[object]:
        values = arguments[0] if arguments else []
        if not isinstance(values, list | tuple):
            self.refuse(f"a list is made of {_kind_of(values)}")
        self._charge(8 * len(values))
        return list(values)

    def _charge(self, size: int) -> None:
        """Count bytes that are copied, so that a small pickle cannot fill the memory."""
        self._copies_left -= size
        if self._copies_left < 0:
            self.refuse("it copies the same values over and over")

    def build(self) -> None:
        """Give an object its state."""
        state, target = self._pop(), self.top()
        if isinstance(target, Record):
            # A pair is the attributes and those of the class's slots; gensim's have none.
            target.state = state[0] if isinstance(state, tuple) and state else state
        elif isinstance(target, Dtype) and isinstance(state, tuple) and len(state) > 1:
            order = state[1]
            target.order = _text(order) if isinstance(order, str | bytes) else "|"
        elif isinstance(target, Array) and isinstance(state, tuple):
            target.numbers = self._numbers(state)
        elif not isinstance(target, Pairs):
            self.refuse(f"a state is given to {_kind_of(target)}")

    def _numbers(self, state: tuple[object, ...]) -> np.ndarray | None:
        """Return an array from (version, shape, dtype, whether Fortran's order, bytes)."""
        shape, dtype, is_fortran, data = state[-4:]
        kind = dtype.numpy() if isinstance(dtype, Dtype) else None
        if kind is None:
            return None
        octets = _octets(data)
        if octets is None or not isinstance(shape, tuple) or len(shape) > _MOST_AXES:
            self.refuse("an array has no bytes or no shape")
        if not all(isinstance(size, int) and 0 <= size < 2**48 for size in shape):
            self.refuse(f"an array has the shape {shape!r:.80}")
        if isinstance(data, str):
            self._charge(len(data))
        count = int(np.prod([*map(int, shape), 1], dtype=object))
        if count * kind.itemsize != len(octets):
            self.refuse(
                f"an array of shape {shape!r:.80} needs {count * kind.itemsize:,} bytes, but has "
                f"{len(octets):,}"
            )
        return np.frombuffer(octets, kind).reshape(shape, order="F" if is_fortran else "C")


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("latin-1")


def _octets(data: object) -> bytes | None:
    """Return the bytes of an array, which Python 2 wrote as text."""
    if isinstance(data, str):
        return data.encode("latin-1")
    return data if isinstance(data, bytes) else None


def _kind_of(value: object) -> str:
    if isinstance(value, Name):
        return f"{value.module}.{value.name}"
    return f"a value of type {type(value).__name__}"
