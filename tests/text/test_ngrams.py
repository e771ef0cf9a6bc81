import pytest
from hypothesis import given
from hypothesis import strategies as st

from symvec.errors import InputError
from symvec.text.cuttings import CUTTINGS, cutting_from_metadata
from symvec.text.graphemes import Graphemes
from symvec.text.jamo import Jamo
from symvec.text.ngrams import Characters, decode, ngrams


def texts(cutting, word):
    return [decode(ngram) for ngram in ngrams(cutting, word.encode())]


def test_characters_are_code_points_between_marks():
    assert texts(Characters(2, 3), "né") == ["<n", "<né", "né", "né>", "é>"]


def test_the_marks_alone_are_no_ngrams():
    assert texts(Characters(1, 1), "<a>") == ["<", "a", ">"]


def test_a_word_shorter_than_each_ngram_has_none():
    assert texts(Characters(4, 6), "a") == []
    assert texts(Characters(3, 6), "a") == ["<a>"]


def test_the_mark_for_the_end_of_a_sentence_has_none():
    assert texts(Characters(1, 6), "</s>") == []


def test_bytes_that_are_not_utf8_are_units_of_fasttexts():
    # A continuation byte belongs to what stands before it, be it the mark.
    assert Characters().cut(b"\x80a").units == [0, 2, 3, 4]
    assert Characters().cut(b"\xffa").units == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("word", "clusters"),
    [
        ("กำลังที่", ["กำ", "ลั", "ง", "ที่"]),
        ("क्षत्रिय", ["क्ष", "त्रि", "य"]),
        ("👨\u200d👩\u200d👧🇰🇷🇯🇵👍🏽", ["👨\u200d👩\u200d👧", "🇰🇷", "🇯🇵", "👍🏽"]),
        ("e\u0301t", ["e\u0301", "t"]),
        ("plain", list("plain")),
        ("a\r\nb", ["a", "\r\n", "b"]),
    ],
)
def test_graphemes_are_what_people_see_as_one_character(word, clusters):
    assert texts(Graphemes(1, 1), word) == clusters


def test_jamo_are_three_a_syllable():
    cut = Jamo().cut("해달".encode())
    assert decode(cut.text) == "<ᄒ\u1162\u3164ᄃ\u1161\u11af>"
    assert list(cut.groups) == [0, 1, 4, 7, 8]


def test_both_normal_forms_have_the_same_jamo():
    assert Jamo().cut("한국".encode()) == Jamo().cut("한국".encode())


def test_syllables_stand_beside_jamo_and_none_twice():
    found = texts(Jamo(3, 5, max_syllables=2), "가나다")
    assert len(found) == len(set(found))
    syllables = texts(Jamo(3, 5, max_syllables=0), "가나다")
    more = [ngram for ngram in found if ngram not in syllables]
    # Of one syllable are jamo 3-grams, and with a mark 4-grams; of two 6, with a mark 7.
    assert [len(ngram) for ngram in more] == [6, 6]
    assert len(texts(Jamo(3, 5, max_syllables=3), "가나다")) == len(found) + 3


def test_what_is_no_syllable_is_one_unit():
    assert texts(Jamo(1, 1, max_syllables=0), "ㅋa日") == ["ㅋ", "a", "日"]
    assert texts(Jamo(3, 3, max_syllables=1), "ㅋ가") == [
        "<ㅋ\u1100", "ㅋ\u1100\u1161", "\u1100\u1161\u3164", "\u1161\u3164>", "ㅋ",
    ]  # fmt: skip


def test_misspelled_words_share_jamo_but_no_syllables():
    def shared(cutting):
        first, second = (set(texts(cutting, word)) for word in ("재밌다", "재믿다"))
        return len(first & second) / len(first | second)

    assert shared(Jamo()) > shared(Characters(3, 6)) + 0.2


@pytest.mark.parametrize("kind", sorted(CUTTINGS))
def test_settings_make_the_cutting_again(kind):
    cutting = CUTTINGS[kind](min_n=2, max_n=4)
    assert cutting.kind == kind
    assert cutting_from_metadata(cutting.to_metadata()) == cutting


@given(st.sampled_from(sorted(CUTTINGS)), st.text(max_size=12), st.integers(1, 4))
def test_units_make_up_the_word(kind, word, n):
    cutting = CUTTINGS[kind](min_n=n, max_n=n)
    cut = cutting.cut(word.encode("utf-8", "surrogatepass"))
    assert cut.units[0] == 0
    assert cut.units[-1] == len(cut.text)
    assert sorted(set(cut.units)) == list(cut.units)
    assert cut.text.startswith(b"<")
    assert cut.text.endswith(b">")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"kind": "chars", "min_n": 0, "max_n": 3}, "1 <= min_n <= max_n <= 1024, got min_n=0"),
        ({"kind": "chars", "min_n": 4, "max_n": 3}, "got min_n=4 and max_n=3"),
        ({"kind": "chars", "min_n": 2.5, "max_n": 3}, "min_n must be a whole number, got 2.5"),
        ({"kind": "jamo", "max_syllables": -1}, "max_syllables must be a whole number from 0"),
        ({"kind": "runes"}, "cut from chars, graphemes, jamo, got 'runes'"),
        ({"kind": "chars", "depth": 3}, "the settings of n-grams do not fit"),
    ],
)
def test_settings_that_cannot_work(settings, message):
    with pytest.raises(InputError, match=message):
        cutting_from_metadata(settings)
