import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symvec.cli.escaping import json_text, tsv_field, visible

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()))


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        ("tea", "tea"),
        ("", ""),
        ("\x1b]0;owned\x07", "\\x1b]0;owned\\x07"),
        ("\x9b31m", "\\x9b31m"),
        ("a\nb\tc", "a\\x0ab\\x09c"),
        ("\u202eevil", "\\u202eevil"),
        ("\u2028", "\\u2028"),
        ("caf\udce9", "caf\\xe9"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("क्\u200dष", "क्\u200dष"),
        ("서울 東京 ไทย", "서울 東京 ไทย"),
    ],
)
def test_only_what_does_not_print_is_escaped(word: str, shown: str) -> None:
    assert visible(word) == shown


@given(ANY_TEXT)
def test_what_is_shown_prints(word: str) -> None:
    assert visible(word).replace("\u200c", "").replace("\u200d", "").isprintable()


@given(ANY_TEXT)
def test_a_field_of_tsv_holds_no_separator_and_can_be_undone(word: str) -> None:
    field = tsv_field(word)
    assert not set(field) & set("\t\n\r\x85\u2028")
    escapes = r"\\(x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8}|.)"
    single = {"t": "\t", "n": "\n", "r": "\r", "\\": "\\"}

    def undone(match: re.Match[str]) -> str:
        escape = match[1]
        return single.get(escape) or chr(int(escape[1:], 16))

    back = re.sub(escapes, undone, field)
    # Invalid bytes come back as the characters of their number: \xe9 stands for both.
    invalid = re.compile("[\udc80-\udcff]")
    assert back == invalid.sub(lambda match: chr(ord(match[0]) - 0xDC00), word)


@given(ANY_TEXT)
def test_json_stays_the_same_json(word: str) -> None:
    text = json_text(json.dumps({word: word}, ensure_ascii=False))
    assert json.loads(text) == {word: word}
    assert "\x1b" not in text
    assert text.encode("utf-8")
