import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from symvec.kernels import scanning, word_table, words
from symvec.kernels.reference import scanning as reference
from symvec.kernels.utf8 import decoded
from symvec.text.tokenisers import Tokeniser

TOKENISERS = [
    Tokeniser(),
    Tokeniser("words", lowercase=False, normalisation="none"),
    Tokeniser("whitespace"),
]
# The first example waits for the compiler.
COMPILED = settings(deadline=None)
# Each class of character, and the places where UTF-8 goes wrong.
PIECES = [
    "a", "B", "7", " ", "\n", "\r", "'", "’", ".", ",", "_", "-", "·", "é", "\u0301", "ß", "ẞ",
    "İ", "Σ", "Ⱥ", "한", "\u1112", "\u1161", "東", "ひ", "カ", "ー", "ｶ", "न", "\u094d", "\u200d",
    "\u200c", "\u00ad", "\ufeff", "\u200b", "🙂", "\ufe0f", "\U00020000", "\U0001E900", "\0", "\2",
]  # fmt: skip
INVALID = [
    b"\xff",
    b"\x80",
    b"\xc3",
    b"\xe2\x82",
    b"\xed\xa0\x80",
    b"\xc0\xaf",
    b"\xf4\x90\x80\x80",
]
hostile_text = st.lists(
    st.sampled_from([piece.encode() for piece in PIECES] + INVALID), max_size=40
).map(b"".join)


def scan(text, cuts, tokeniser, table=None):
    """Run the kernel over ``text`` cut at ``cuts``; return words, ids and progress."""
    tables = words.code_point_tables(tokeniser.classes, tokeniser.lowered)
    table = word_table.empty_table(4) if table is None else table
    progress = np.zeros(scanning.PROGRESS_SIZE, np.int64)
    ids, pending = [], b""
    edges = [0, *sorted(cut for cut in cuts if cut < len(text)), len(text)]
    for begin, end in pairwise(edges):
        pending += text[begin:end]
        part = np.frombuffer(pending, np.uint8)
        out = np.empty(part.size + 1, np.int32)
        progress[scanning.POSITION] = progress[scanning.WRITTEN] = 0
        table = word_table.with_room(table, words=0, spelling_bytes=2 * part.size)
        while not scanning.scan_text(part, end == len(text), tables, table, out, progress):
            table = word_table.with_room(table, words=1, spelling_bytes=2 * part.size)
        ids += out[: progress[scanning.WRITTEN]].tolist()
        pending = pending[progress[scanning.POSITION] :]
    assert pending == b""
    return spelled(table), ids, progress, table


def spelled(table):
    ends = table.ends[: table.size[0] + 1].tolist()
    blob = table.spellings.tobytes()
    return [blob[begin:end] for begin, end in pairwise(ends)]


@pytest.mark.parametrize("tokeniser", TOKENISERS)
@COMPILED
@given(
    st.one_of(hostile_text, st.text().map(str.encode), st.binary()), st.lists(st.integers(0, 80))
)
@example(b"", [])
@example("don’t 3.14 a.b 1,0 _x_ a__b".encode(), [4, 5, 6])
@example(b"a\xe2", [1])
@example("\u0930\u200d\u094d\u092f \u200cx\u200c".encode(), [3, 4, 5, 6])
def test_ids_are_the_references_wherever_the_text_is_cut(tokeniser, text, cuts):
    found_words, found_ids, progress, table = scan(text, cuts, tokeniser)
    expected_words, expected_ids = reference.scan_text(text, tokeniser.classes, tokeniser.lowered)
    assert (found_words, found_ids) == (expected_words, expected_ids)
    assert progress[scanning.WORDS] == len(expected_ids) - expected_ids.count(-1)
    assert progress[scanning.SENTENCES] == expected_ids.count(-1)
    counts = np.bincount([i for i in expected_ids if i >= 0], minlength=len(expected_words))
    assert word_table.word_counts(table).tolist() == counts.tolist()


@pytest.mark.parametrize("tokeniser", TOKENISERS)
@COMPILED
@given(st.one_of(hostile_text, st.text().map(str.encode), st.binary()))
@example(b"x\xe2\x82\xef\xbb\xbf\x80")
@example(b"\xc3\xc2\xad\x80")
@example(b"\xc3\xc2\xad\x80\xce\xa3")
def test_words_are_the_tokenisers_when_the_irregular_ones_are_spelled_out(tokeniser, text):
    spellings, ids, _, table = scan(text, [], tokeniser)
    found = []
    for word_id in ids:
        if word_id >= 0:
            word = spellings[word_id].decode("utf-8", "surrogateescape")
            found.append(tokeniser.normalise(word) if table.irregular[word_id] else word)
    assert found == tokeniser.tokens(text.decode("utf-8", "surrogateescape"))


@COMPILED
@given(st.binary(max_size=6))
def test_bytes_decode_as_python_decodes_them(text):
    expected = text.decode("utf-8", "surrogateescape")
    position, found = 0, ""
    while position < len(text):
        code_point, width = decoded(np.frombuffer(text, np.uint8), position)
        found += chr(code_point)
        position += width
    assert found == expected


def test_every_code_point_is_read_and_spelled():
    code_points = [c for c in range(1, 0x110000) if not 0xD800 <= c <= 0xDFFF and c not in (10, 13)]
    tokeniser = Tokeniser("whitespace", lowercase=True, normalisation="none")
    text = " ".join(map(chr, code_points)).encode()
    spellings, ids, progress, _ = scan(text, [], tokeniser)
    expected = reference.scan_text(text, tokeniser.classes, tokeniser.lowered)
    assert (spellings, ids) == expected
    assert progress[scanning.INVALID_BYTES] == 0


def test_invalid_bytes_are_counted_once_though_the_word_is_read_again_after_a_cut():
    _, _, progress, _ = scan(b"a\xff\xfeb c\x80 d", [2, 3], Tokeniser())
    assert progress[scanning.INVALID_BYTES] == 3


def test_a_full_table_stops_the_scan_and_nothing_is_lost():
    text = " ".join(f"w{number}" for number in [*range(300), *range(300)]).encode()
    found, ids, _, table = scan(text, [], Tokeniser(), word_table.empty_table(2))
    assert found == [f"w{number}".encode() for number in range(300)]
    assert ids == [*range(300), *range(300), -1]
    assert word_table.word_counts(table).tolist() == [2] * 300


def test_words_that_differ_late_or_in_length_are_different():
    names = [b"x" * length + end for length in range(40) for end in (b"a", b"b")]
    found, _, _, table = scan(b" ".join(names * 3), [], Tokeniser())
    assert found == names
    assert set(word_table.word_counts(table).tolist()) == {3}


def test_nul_bytes_are_told_from_shorter_words():
    tokeniser = Tokeniser("whitespace", lowercase=False, normalisation="none")
    found, ids, _, _ = scan(b"\0 \0\0 \0a a \0\0", [], tokeniser)
    assert found == [b"\0", b"\0\0", b"\0a", b"a"]
    assert ids == [0, 1, 2, 3, 1, -1]


def test_interning_finds_old_words_and_adds_new_ones_without_counting():
    _, _, _, table = scan(b"tea milk tea", [], Tokeniser())
    table = word_table.with_room(table, words=3, spelling_bytes=20)
    ids = np.empty(3, np.int64)
    blob = np.frombuffer(b"milkwatertea", np.uint8)
    word_table.intern_words(table, blob, np.array([0, 4, 9, 12]), ids)
    assert ids.tolist() == [1, 2, 0]
    assert spelled(table) == [b"tea", b"milk", b"water"]
    assert word_table.word_counts(table).tolist() == [2, 1, 0]


@COMPILED
@given(
    st.lists(st.integers(-1, 5), max_size=30),
    st.lists(st.integers(-1, 3), min_size=6, max_size=6),
    st.integers(1, 7),
)
def test_rewriting_in_parts_is_the_references(ids, new_ids, step):
    ids = [*ids, -1]
    array = np.array(ids, np.int32)
    progress = np.zeros(scanning.PROGRESS_SIZE, np.int64)
    for start in range(0, len(ids), step):
        stop = min(start + step, len(ids))
        scanning.rewrite_ids(array, start, stop, np.array(new_ids, np.int32), progress)
    expected = reference.rewrite_ids(ids, new_ids)
    assert array[: progress[scanning.WRITTEN]].tolist() == expected
    assert progress[scanning.SENTENCES] == expected.count(-1)


def test_the_kernels_also_run_uncompiled():
    program = (
        "import sys; sys.path[:0] = [sys.argv[1]]\n"
        "import numpy as np\n"
        "from test_scanning import TOKENISERS, PIECES, INVALID, reference, scan\n"
        "text = b' '.join(a.encode() + b for a in PIECES for b in INVALID + [b'', b'a', b'7'])\n"
        "text += 'long-words-of-more-than-fifteen-bytes antidisestablishmentarianism'.encode()\n"
        "for tokeniser in TOKENISERS:\n"
        "    with np.errstate(over='ignore'):  # the hash wraps around\n"
        "        found = scan(text, [3, 50, 51, 52, 53], tokeniser)\n"
        "    assert found[:2] == reference.scan_text(text, tokeniser.classes, tokeniser.lowered)\n"
    )
    finished = subprocess.run(
        [sys.executable, "-c", program, str(Path(__file__).parent)],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
