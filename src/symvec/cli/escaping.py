"""Text that came from outside, made safe to show.

A word may hold a terminal's control sequences, an order to write from right to left, or bytes
that are no text at all. People are shown what is there; nothing that is there acts.
"""

from __future__ import annotations

# Zero-width joiners shape letters in many scripts, and belong to words there.
_SHAPES = frozenset("\u200c\u200d")
_TSV = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}


def visible(text: str) -> str:
    r"""Return ``text`` with each character that does not print written as an escape.

    Invalid bytes, which are lone surrogates in a ``str`` (PEP 383), become ``\xff``.

    Example:
        >>> print(visible("tea\x1b[31m"), visible("caf\udce9"), visible("क्‍ष"))
        tea\x1b[31m caf\xe9 क्‍ष
    """
    if text.isprintable():
        return text
    return "".join(map(_visible_character, text))


def tsv_field(text: str) -> str:
    r"""Return ``text`` as one field: ``visible``, and backslashes doubled, so it can be undone.

    Example:
        >>> print(tsv_field("a\tb"), tsv_field("a\\tb"))
        a\tb a\\tb
    """
    return "".join(_TSV.get(character) or _visible_character(character) for character in text)


def json_text(document: str) -> str:
    r"""Return JSON in which each character that does not print is a JSON escape.

    It is the same JSON: only its spelling changes.

    Example:
        >>> print(json_text('"tea\x9b"'))
        "tea\u009b"
    """
    if document.isprintable():
        return document
    return "".join(map(_json_character, document))


def _visible_character(character: str) -> str:
    if character.isprintable() or character in _SHAPES:
        return character
    code_point = ord(character)
    if 0xDC80 <= code_point <= 0xDCFF:
        return f"\\x{code_point - 0xDC00:02x}"
    if code_point < 0x100:
        return f"\\x{code_point:02x}"
    return f"\\u{code_point:04x}" if code_point < 0x10000 else f"\\U{code_point:08x}"


def _json_character(character: str) -> str:
    # A line end can only be layout here: within a string json.dumps has escaped it.
    if character.isprintable() or character == "\n":
        return character
    units = character.encode("utf-16-be", "surrogatepass")
    pairs = (units[i : i + 2] for i in range(0, len(units), 2))
    return "".join(f"\\u{int.from_bytes(pair, 'big'):04x}" for pair in pairs)
