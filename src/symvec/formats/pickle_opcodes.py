"""The opcodes of pickles, protocols 0 to 5: which of them are known, and what each does.

Not among them, and so refused: persistent ids, extensions, buffers outside of the file, and the
older ways to make objects of classes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from symvec.formats.pickle_data import Pairs
from symvec.formats.pickle_machine import PickleMachine


def read_pickle(data: memoryview, path: str) -> object:
    """Return what a pickle holds, as ``symvec.formats.pickle_data`` describes it.

    Raises:
        FormatError: it was cut off or changed, or it would run something.
    """
    return PickleMachine(data, path).run(_ACTIONS)


def _long(machine: PickleMachine, layout: str) -> None:
    octets = machine.sized(layout)
    if len(octets) > 64:  # no count and no size is so large
        machine.refuse(f"a whole number of {len(octets):,} bytes")
    machine.push(int.from_bytes(octets, "little", signed=True))


def _line_number(machine: PickleMachine, text: str) -> None:
    if len(text) > 64:
        machine.refuse("a whole number of more than 64 digits")
    machine.push({"00": False, "01": True}[text] if text in ("00", "01") else int(text.rstrip("L")))


def _line_string(machine: PickleMachine) -> None:
    text = machine.line()
    if len(text) < 2 or text[0] not in "'\"" or text[-1] != text[0] or "\\" in text:
        machine.refuse("a string that is not a plain one in quotes")
    machine.push(text[1:-1])


def _global(machine: PickleMachine) -> None:
    module, name = machine.line(), machine.line()
    machine.name(module, name)


def _stack_global(machine: PickleMachine) -> None:
    module, name = _two(machine)
    machine.name(module, name)


def _utf8(machine: PickleMachine, layout: str) -> None:
    machine.push(machine.sized(layout).decode("utf-8", "surrogatepass"))


def _latin1(machine: PickleMachine, layout: str) -> None:
    machine.push(machine.sized(layout).decode("latin-1"))


def _one(machine: PickleMachine) -> list[object]:
    value = machine.top()
    machine.pop()
    return [value]


def _two(machine: PickleMachine) -> list[object]:
    machine.tuple_of(2)
    return list(_one(machine)[0])  # type: ignore[call-overload, no-any-return]


def _frame(machine: PickleMachine) -> None:
    machine.number("<Q")  # a hint for buffered readers


_Action = Callable[[PickleMachine], object]
_ACTIONS: Final[Mapping[int, _Action]] = {
    ord(code): action
    for code, action in {
        "(": PickleMachine.mark,
        "0": PickleMachine.pop,
        "1": lambda m: m.pop_marked(),
        "2": lambda m: m.push(m.top()),
        "N": lambda m: m.push(None),
        "\x88": lambda m: m.push(True),
        "\x89": lambda m: m.push(False),
        "I": lambda m: _line_number(m, m.line()),
        "L": lambda m: _line_number(m, m.line()),
        "J": lambda m: m.push(m.number("<i")),
        "K": lambda m: m.push(m.number("<B")),
        "M": lambda m: m.push(m.number("<H")),
        "\x8a": lambda m: _long(m, "<B"),
        "\x8b": lambda m: _long(m, "<i"),
        "F": lambda m: m.push(float(m.line())),
        "G": lambda m: m.push(m.number(">d")),
        "S": _line_string,
        "T": lambda m: _latin1(m, "<i"),
        "U": lambda m: _latin1(m, "<B"),
        "B": lambda m: m.push(m.sized("<I")),
        "C": lambda m: m.push(m.sized("<B")),
        "\x8e": lambda m: m.push(m.sized("<Q")),
        "\x96": lambda m: m.push(m.sized("<Q")),
        "V": lambda m: m.push(m.line()),
        "X": lambda m: _utf8(m, "<I"),
        "\x8c": lambda m: _utf8(m, "<B"),
        "\x8d": lambda m: _utf8(m, "<Q"),
        "]": lambda m: m.push([]),
        "l": lambda m: m.push(m.pop_marked()),
        "a": lambda m: m.append(_one(m)),
        "e": lambda m: m.append(m.pop_marked()),
        ")": lambda m: m.push(()),
        "t": lambda m: m.push(tuple(m.pop_marked())),
        "\x85": lambda m: m.tuple_of(1),
        "\x86": lambda m: m.tuple_of(2),
        "\x87": lambda m: m.tuple_of(3),
        "}": lambda m: m.push(Pairs()),
        "s": lambda m: m.set_items(_two(m)),
        "u": lambda m: m.set_items(m.pop_marked()),
        "\x8f": lambda m: m.push([]),
        "\x90": lambda m: m.append(m.pop_marked()),
        "\x91": lambda m: m.push(m.pop_marked()),
        "p": lambda m: m.remember(int(m.line())),
        "q": lambda m: m.remember(m.number("<B")),
        "r": lambda m: m.remember(m.number("<I")),
        "\x94": PickleMachine.memoize,
        "g": lambda m: m.recall(int(m.line())),
        "h": lambda m: m.recall(m.number("<B")),
        "j": lambda m: m.recall(m.number("<I")),
        "c": _global,
        "\x93": _stack_global,
        "R": PickleMachine.reduce,
        "\x81": PickleMachine.new_object,
        "b": PickleMachine.build,
        "\x80": lambda m: m.number("<B"),
        "\x95": _frame,
    }.items()
}
