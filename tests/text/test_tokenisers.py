import unicodedata

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from symvec.characters import IRREGULAR
from symvec.errors import InputError
from symvec.text.character_tables import (
    lower_case,
    unsettled_lower_case,
    unsettled_normal_form,
)
from symvec.text.tokenisers import Tokeniser


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \t\n", []),
        ("Don't stop, 'tis O’Neill's dogs'.", ["don't", "stop", "tis", "o’neill's", "dogs"]),
        ("3.14 1,000.50 3. .5 v1.2", ["3.14", "1,000.50", "3", "5", "v1.2"]),
        ("a.b e.g. 2.b", ["a", "b", "e", "g", "2", "b"]),
        ("1'000 90's 3rd B2B", ["1'000", "90", "s", "3rd", "b2b"]),
        ("well-known 1990–1999 e-mail—yes", ["well", "known", "1990", "1999", "e", "mail", "yes"]),
        ("new_york _x_ a__b __init__", ["new_york", "x", "a", "b", "init"]),
        ("col·legi 'x·' ·y", ["col·legi", "x", "y"]),
        ("km² ½ № Ⅷ", ["km", "ⅷ"]),
        ("Tübingen STRASSE ẞ straße", ["tübingen", "strasse", "ß", "straße"]),
        ("İstanbul Ilık", ["i̇stanbul", "ilık"]),
        ("ΟΔΟΣ ΣΟΦΟΣ Σ σοφός", ["οδος", "σοφος", "σ", "σοφός"]),
        ("नमस्ते दुनिया। हिन्दी", ["नमस्ते", "दुनिया", "हिन्दी"]),
        ("หัวใจ น้ำ", ["หัวใจ", "น้ำ"]),
        ("می‌خواهم \u200cکتاب\u200c", ["می‌خواهم", "کتاب"]),
        ("র‍্যাব", ["র‍্যাব"]),
        ("شعر، ١٢٫٥", ["شعر", "١٢٫٥"]),
        ("צה״ל ג׳ירפה", ["צה״ל", "ג׳ירפה"]),
        ("서울은 2024년 5월", ["서울은", "2024년", "5월"]),
        ("東京タワーへ", ["東", "京", "タワー", "へ"]),
        ("iPhoneユーザー ｶﾞﾗｽ", ["iphone", "ユーザー", "ｶﾞﾗｽ"]),
        ("我爱北京2008", ["我", "爱", "北", "京", "2008"]),
        ("𠮷野家 葛\U000e0100", ["𠮷", "野", "家", "葛\U000e0100"]),
        ("🙂 ok👍🏽 ❤️ 👩‍👩‍👧", ["ok"]),
        ("co\u00adop \ufeffbom \u200ex\u200f", ["coop", "bom", "x"]),
        ("ក\u200bខ", ["ក", "ខ"]),
        ("caf\udce9 \udcff", ["caf\udce9", "\udcff"]),
    ],
)  # fmt: skip
def test_words_of_many_scripts(text, expected):
    expected = [unicodedata.normalize("NFC", word) for word in expected]
    assert Tokeniser().tokens(text) == expected


@pytest.mark.parametrize(
    ("tokeniser", "expected"),
    [
        (Tokeniser("whitespace"), ["a_b", ".", "don't", "x\u00a0y", "é"]),
        (Tokeniser("whitespace", lowercase=False), ["A_b", ".", "Don't", "x\u00a0y", "É"]),
        (
            Tokeniser("whitespace", lowercase=False, normalisation="none"),
            ["A_b", ".", "Don't", "x\u00a0y", "E\u0301"],
        ),
        (Tokeniser(lowercase=False), ["A_b", "Don't", "x", "y", "É"]),
        (Tokeniser(normalisation="none"), ["a_b", "don't", "x", "y", "e\u0301"]),
    ],
)
def test_settings_decide_cuts_case_and_normal_form(tokeniser, expected):
    assert tokeniser.tokens("A_b . Don't\tx\u00a0y\r\nE\u0301") == expected


def test_decomposed_hangul_is_the_word_that_is_composed():
    tokeniser = Tokeniser()
    decomposed = unicodedata.normalize("NFD", "한국어 값")
    assert tokeniser.tokens(decomposed) == ["한국어", "값"]
    assert Tokeniser(normalisation="none").tokens(decomposed) != ["한국어", "값"]


@given(st.text())
@example("Σ\u0345 ΑΣ\u00ad.")
@example("K\u0301 J\u030c \u2126")
def test_each_word_is_its_own_normal_spelling(text):
    tokeniser = Tokeniser()
    for word in tokeniser.tokens(text):
        assert tokeniser.normalise(word) == word


@given(st.text())
def test_white_space_tokens_are_those_of_bytes_split(text):
    tokeniser = Tokeniser("whitespace", lowercase=False, normalisation="none")
    expected = text.replace("\ufeff", "").encode().split()
    assert [token.encode() for token in tokeniser.tokens(text)] == expected


def test_bytes_that_come_together_are_the_character_that_they_make():
    text = b"x\xe2\x82\xef\xbb\xbf\x80".decode("utf-8", "surrogateescape")
    assert Tokeniser().tokens(text) == ["x\u2080"]
    assert Tokeniser().normalise(text) == "x\u2080"
    text = b"\xc3\xc2\xad\x80".decode("utf-8", "surrogateescape")
    assert Tokeniser().tokens(text) == ["à"]
    assert Tokeniser("whitespace").tokens("\ud83d\udce2\udc82") == ["\ud83d\udce2\udc82"]


def test_queries_are_spelled_as_the_vocabulary_is():
    tokeniser = Tokeniser()
    assert tokeniser.normalise("TU\u0308BINGEN") == "tübingen"
    assert tokeniser.normalise("co\u00adop") == "coop"
    assert tokeniser.normalise("New York") == "new york"
    assert Tokeniser(lowercase=False).normalise("Éa") == "Éa"


def test_the_table_of_lower_case_is_pythons():
    irregular, lowered = unsettled_lower_case(), lower_case()
    for code_point in range(0x110000):
        expected = chr(code_point).lower()
        if irregular[code_point]:
            assert len(expected) > 1 or expected == "σ" or 0xDC80 <= code_point <= 0xDCFF
        else:
            found = lowered[code_point] if code_point < lowered.size else code_point
            assert expected == chr(found)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_text_without_unsettled_characters_is_in_normal_form(text):
    flags = unsettled_normal_form()
    settled = "".join(character for character in text if not flags[ord(character)])
    assert unicodedata.is_normalized("NFC", settled)
    assert unicodedata.is_normalized("NFC", settled.lower())


def test_every_character_that_normal_form_changes_is_flagged():
    flags = unsettled_normal_form()
    for code_point in range(0x110000):
        character = chr(code_point)
        if not 0xD800 <= code_point <= 0xDFFF and not unicodedata.is_normalized("NFC", character):
            assert flags[code_point] == IRREGULAR
    assert np.count_nonzero(flags) < 3000  # all else takes the fast path


def test_metadata_describes_the_tokeniser():
    tokeniser = Tokeniser("whitespace", lowercase=False, normalisation="none")
    metadata = tokeniser.to_metadata()
    assert metadata["unicode"] == unicodedata.unidata_version
    assert Tokeniser.from_metadata(metadata) == tokeniser


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"name": "word"}, "a tokeniser's name must be 'words' or 'whitespace', got 'word'"),
        (
            {"normalisation": "NFKC"},
            "a tokeniser's normalisation must be 'NFC' or 'none', got 'NFKC'",
        ),
        ({"lowercase": "yes"}, "a tokeniser's lowercase must be True or False, got 'yes'"),
    ],
)
def test_settings_that_there_are_not(settings, message):
    with pytest.raises(InputError) as caught:
        Tokeniser(**settings)
    assert str(caught.value) == message


def test_metadata_without_a_setting():
    with pytest.raises(InputError, match="the tokeniser's settings have no 'lowercase'"):
        Tokeniser.from_metadata({"name": "words"})
