import subprocess
import sys
import unicodedata
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symvec.errors import InputError, MissingExtraError
from symvec.optional import require
from symvec.text import segmented
from symvec.text.reading import Chunk
from symvec.text.segmented import SegmentedTokeniser
from symvec.text.segmenters import SEGMENTERS
from symvec.text.tokeniser_choice import tokeniser_from_metadata, tokeniser_named
from symvec.vocabulary.counting import encode_text


@dataclass(frozen=True)
class Halves:
    """Cuts a line after each second character, and remembers what it was given."""

    name: str = "halves"
    packages: tuple[str, ...] = ()
    seen: list = None

    def segmented(self, lines):
        for line in lines:
            if self.seen is not None:
                self.seen.append(line)
            yield [line[start : start + 2] for start in range(0, len(line), 2)]


class Missing:
    """Stands for a library that is not there."""

    name = "missing"
    packages = ()

    def segmented(self, lines):
        require("no_such_segmenter", extra="ko")
        yield from ()


HALVES = SegmentedTokeniser(Halves())


def chunked(text, size):
    pieces = [text[start : start + size] for start in range(0, len(text), size)] or [b""]
    last = len(pieces) - 1
    return [Chunk(piece, len(piece), place == last) for place, piece in enumerate(pieces)]


def prepared(tokeniser, text, size):
    return b"".join(chunk.text for chunk in tokeniser.prepared(chunked(text, size)))


def test_words_are_what_is_left_of_the_pieces():
    assert HALVES.tokens("東京タワーABc，de\nfg") == ["東京", "タワ", "ーa", "bc", "d", "e", "fg"]
    assert HALVES.tokens("") == HALVES.tokens(" \n\0") == []
    assert replace(HALVES, lowercase=False).tokens("ABc") == ["AB", "c"]


def test_text_is_composed_before_it_is_segmented():
    decomposed = unicodedata.normalize("NFD", "한국어")
    assert HALVES.tokens(decomposed) == ["한국", "어"]
    assert len(replace(HALVES, normalisation="none").tokens(decomposed)) > 2


@given(
    st.lists(st.sampled_from(["東", "a", " ", "\n", "\r\n", "。", "é", "🙂"]), max_size=60).map(
        "".join
    ),
    st.integers(1, 9),
)
def test_where_chunks_are_cut_does_not_matter(text, size):
    octets = text.encode()
    whole = prepared(HALVES, octets, len(octets) + 1)
    found = prepared(HALVES, octets, size)
    assert [line.split() for line in found.splitlines()] == [
        line.split() for line in whole.splitlines()
    ]


def test_invalid_bytes_are_kept_as_words(tmp_path):
    file = tmp_path / "text"
    file.write_bytes("東京タ".encode() + b"\xff\xfe" + "ワー\n".encode())
    encoding = encode_text([file], HALVES, min_count=1, directory=tmp_path)
    assert encoding.vocabulary.words == ["東京", "タ", "\udcff\udcfe", "ワー"]
    assert encoding.report.invalid_bytes == 2
    assert encoding.report.bytes_read == file.stat().st_size
    assert HALVES.tokens("\ud83d東") == ["東"]  # half a character is no letter


def test_long_lines_are_cut_at_sentences_and_memory_stays_small(monkeypatch):
    monkeypatch.setattr(segmented, "LONGEST_LINE", 10)
    for size in (1, 7, 1000):
        seen = []
        text = ("一二三四五。" * 5 + "十" * 23 + "\n終").encode()
        prepared(SegmentedTokeniser(Halves(seen=seen)), text, size)
        assert max(map(len, seen)) <= 10
        assert seen[:5] == ["一二三四五。"] * 5
        assert "".join(seen).encode() == text.replace(b"\n", b"")


def test_text_is_encoded_as_its_words_are(tmp_path):
    text = "東京タワー ab。\n\n東京 x\n" * 400
    file = tmp_path / "text"
    file.write_text(text)
    encoding = encode_text([file], HALVES, min_count=1, directory=tmp_path)
    expected = [HALVES.tokens(line) for line in text.splitlines()]
    words = encoding.vocabulary.words
    ids = [n for tokens in expected if tokens for n in [*map(words.index, tokens), -1]]
    assert encoding.corpus.ids.tolist() == ids


def test_a_question_is_asked_as_it_stands_and_as_it_is_segmented():
    assert list(HALVES.spellings("AB")) == ["ab"]
    assert list(HALVES.spellings("AB,")) == ["ab,", "ab"]
    assert list(HALVES.spellings("abcd")) == ["abcd"]


def test_without_the_library_a_question_is_asked_as_it_stands():
    tokeniser = SegmentedTokeniser(Missing())
    with pytest.warns(RuntimeWarning, match=r"'TEA' can be looked up only as it stands.*pip inst"):
        assert list(tokeniser.spellings("TEA")) == ["tea"]
    with pytest.raises(MissingExtraError, match=r"pip install 'symvec\[ko\]'"):
        tokeniser.tokens("tea")


@pytest.mark.parametrize("name", SEGMENTERS)
def test_metadata_describes_it_without_the_library(name):
    tokeniser = SegmentedTokeniser(SEGMENTERS[name], False, "none", {"library": "1.2"})
    again = tokeniser_from_metadata(tokeniser.to_metadata())
    assert again == tokeniser
    assert again.to_metadata() == tokeniser.to_metadata()


@pytest.mark.parametrize(
    ("name", "module", "extra"),
    [("kiwi", "kiwipiepy", "ko"), ("fugashi", "fugashi", "ja"), ("jieba", "rjieba", "zh")],
)
def test_a_missing_library_says_what_to_install(monkeypatch, name, module, extra):
    from symvec.text import segmenters

    segmenters._kiwi.cache_clear()
    segmenters._fugashi.cache_clear()
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError) as caught:
        tokeniser_named(name)
    assert str(caught.value) == (
        f"this needs the package {module!r}, which is not installed; install it with: "
        f"pip install 'symvec[{extra}]'"
    )


@pytest.mark.parametrize(
    ("name", "modules", "text", "expected"),
    [
        ("kiwi", ["kiwipiepy"], "한국어를 공부했다.", ["한국어", "를", "공부", "하", "었", "다"]),
        (
            "fugashi",
            ["fugashi", "unidic_lite"],
            "東京タワーへ行きました。iPhoneで",
            ["東京", "タワー", "へ", "行き", "まし", "た", "iphone", "で"],
        ),
        ("jieba", ["rjieba"], "我来到北京清华大学。", ["我", "来到", "北京", "清华大学"]),
    ],
)
def test_real_text(name, modules, text, expected):
    for module in modules:
        pytest.importorskip(module)
    tokeniser = tokeniser_named(name)
    assert tokeniser.tokens(text) == expected
    assert tokeniser.tokens("") == []
    versions = tokeniser.to_metadata()["versions"]
    assert len(versions) >= 1
    assert all(version[0].isdigit() for version in versions.values())
    long_line = text * 2000
    assert tokeniser.tokens(long_line).count(expected[0]) == 2000


def test_settings_that_there_are_not():
    with pytest.raises(InputError, match="lowercase=True or False"):
        SegmentedTokeniser(Halves(), lowercase="yes")
    with pytest.raises(InputError, match=r"the tokeniser must be 'words' or .*, got 'mecab'"):
        tokeniser_named("mecab")
    with pytest.raises(InputError, match="the tokeniser's settings are not complete: 'versions'"):
        tokeniser_from_metadata({"name": "kiwi"})


def test_describing_a_tokeniser_loads_no_library():
    program = (
        "import sys\n"
        "from symvec.text.tokeniser_choice import tokeniser_from_metadata\n"
        "tokeniser_from_metadata({'name': 'kiwi', 'lowercase': True, 'normalisation': 'NFC',"
        " 'versions': {}})\n"
        "assert not {'kiwipiepy', 'fugashi', 'rjieba', 'numba', 'lzma'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
