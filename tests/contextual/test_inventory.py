import json
import unicodedata
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from elmo_case import SIZES, encoder_reading, twin
from symvec.contextual import learn_characters
from symvec.contextual.characters import ByteCharacters
from symvec.contextual.inventory import InventoryCharacters, characters_from_metadata
from symvec.errors import InputError

WORDS = ["배가", "배를", "눈이", "tea", "eat", "漢字"]
CODE_POINTS = learn_characters("code-points", WORDS, min_count=1)
JAMO = learn_characters("jamo", WORDS, min_count=1)
KINDS = [ByteCharacters(), CODE_POINTS, JAMO]
TEXT = st.text(max_size=9) | st.binary(max_size=9).map(
    lambda octets: octets.decode("utf-8", "surrogateescape")
)


def signs(characters, word, most=12):
    """The characters that are read, unknown ones as ?, without marks."""
    (row,) = characters.ids([word], most)
    inner = row[1 : row.tolist().index(characters.count - 2)]
    return "".join("?" if n == characters.unknown else chr(characters.inventory[n]) for n in inner)


def test_frequent_characters_come_first_and_rare_ones_are_unknown():
    found = learn_characters("code-points", ["aab", "abc"], min_count=2)
    assert [chr(n) for n in found.inventory] == ["a", "b"]
    assert signs(found, "cab") == "?ab"
    assert learn_characters("code-points", ["abc"], [5], most=2).inventory == (97, 98)
    assert learn_characters("code-points", []).inventory == ()


def test_counts_weigh_words():
    assert learn_characters("code-points", ["xy", "z"], [3, 2], min_count=3).inventory == (120, 121)
    with pytest.raises(ValueError, match="zip"):
        learn_characters("code-points", ["xy", "z"], [3])


def test_a_syllable_is_three_jamo():
    assert signs(JAMO, "각") == "".join(map(chr, (0x1100, 0x1161, 0x11A8)))
    assert signs(JAMO, "배") == "".join(map(chr, (0x1107, 0x1162, 0x3164)))
    # 51 initials and vowels and finals, and the filler: unseen syllables are never unknown.
    assert len(learn_characters("jamo", []).inventory) == 19 + 21 + 27 + 1
    assert "?" not in signs(learn_characters("jamo", []), "쀍")


@pytest.mark.parametrize("characters", [CODE_POINTS, JAMO])
def test_both_spellings_are_read_alike(characters):
    apart = unicodedata.normalize("NFD", "배가")
    assert apart != "배가"
    assert np.array_equal(characters.ids([apart], 12), characters.ids(["배가"], 12))


@pytest.mark.parametrize("characters", KINDS)
def test_empty_long_and_invalid_words_are_defined(characters):
    most = 7
    ids = characters.ids(["", "a" * 60, "a" * 5, "\udcff"], most)
    begin, end, padding = characters.count - 3, characters.count - 2, characters.count - 1
    assert ids[0].tolist() == [begin, end] + [padding] * 5
    assert np.array_equal(ids[1], ids[2])  # what has no place is not read
    assert ids[1, -1] == end
    assert ids[3, 0] == begin
    assert ids[3, 2] == end
    assert ids[3, 1] == (255 if characters.kind == "bytes" else characters.unknown)


@pytest.mark.parametrize("characters", KINDS)
@given(words=st.lists(TEXT, max_size=4), most=st.integers(3, 20))
def test_every_text_is_rows_of_the_table_between_marks(characters, words, most):
    for row in characters.ids(words, most).tolist():
        assert all(0 <= n < characters.count for n in row)
        end = row.index(characters.count - 2)
        assert row[0] == characters.count - 3
        assert row[end + 1 :] == [characters.count - 1] * (most - end - 1)
    marks = characters.sentence_marks(most)
    assert marks[0, 1] + 1 == marks[1, 1]


@pytest.mark.parametrize("characters", KINDS)
def test_a_description_goes_through_json_and_back(characters):
    assert characters_from_metadata(json.loads(json.dumps(characters.to_metadata()))) == characters


@pytest.mark.parametrize("characters", [CODE_POINTS, JAMO])
def test_an_elmo_reads_them(characters):
    encoder = encoder_reading(characters, replace(SIZES, most_characters=16))
    sentence = ["배가", "", "unseen", "눈이", "\udcff"]
    (found,) = encoder.encode([sentence])
    np.testing.assert_allclose(found, twin(encoder, sentence), rtol=3e-6, atol=3e-6)


def test_what_is_no_list_of_characters_is_said():
    with pytest.raises(InputError, match=r"must be one of 'bytes', 'code-points', 'jamo', got 'w'"):
        learn_characters("w", [])
    with pytest.raises(InputError, match=r"min_count and most must be 1 or more, got 0 and 20000"):
        learn_characters("jamo", [], min_count=0)
    with pytest.raises(InputError, match=r"a word must be text, got 3 of type int"):
        learn_characters("jamo", [3])
    with pytest.raises(InputError, match=r"a word must be text, got None"):
        CODE_POINTS.ids([None], 5)
    with pytest.raises(InputError, match=r"the kind must be 'code-points' or 'jamo', got 'bytes'"):
        InventoryCharacters("bytes", ())
    for wrong in (-1, 0x110000, True, "a"):
        with pytest.raises(InputError, match=r"the list of characters holds no code point"):
            InventoryCharacters("jamo", (97, wrong))
    with pytest.raises(InputError, match=r"holds a code point twice"):
        InventoryCharacters("jamo", (97, 97))
    for wrong in (None, "words", {}, {"kind": "jamo"}, {"kind": 3, "inventory": []}, 7):
        with pytest.raises(InputError, match=r"there is no way to read words that is described"):
            characters_from_metadata(wrong)
