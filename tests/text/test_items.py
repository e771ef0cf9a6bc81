import pytest
from hypothesis import given
from hypothesis import strategies as st

from symvec.errors import InputError
from symvec.text.items import ItemTokeniser
from symvec.text.reading import Chunk
from symvec.text.tokeniser_choice import tokeniser_from_metadata
from symvec.vocabulary.counting import encode_text


@pytest.mark.parametrize(
    ("separator", "line", "expected"),
    [
        (None, " Sku-1\tSKU-1  a,b ", ["Sku-1", "SKU-1", "a,b"]),
        (
            None,
            "e\u0301 x\u00a0y \u00ad \ufeff 🙂",
            ["e\u0301", "x\u00a0y", "\u00ad", "\ufeff", "🙂"],
        ),
        ("\t", "New York\t東京 駅\t\t 7", ["New York", "東京 駅", " 7"]),
        ("\\t", "a b\tc", ["a b", "c"]),
        (",", "a, b,,", ["a", " b"]),
        ("→", "1→2 3", ["1", "2 3"]),
        (" ", "a\tb c", ["a\tb", "c"]),
    ],
)
def test_only_the_separator_cuts_and_nothing_is_changed(separator, line, expected):
    assert ItemTokeniser(separator).tokens(line) == expected


@given(st.text(st.characters(exclude_characters="\n\r"), max_size=40), st.sampled_from(",\t→"))
def test_it_is_str_split(line, separator):
    expected = [item for item in line.split(separator) if item]
    assert ItemTokeniser(separator).tokens(line) == expected


def test_questions_are_not_changed():
    tokeniser = ItemTokeniser()
    assert list(tokeniser.spellings("SKU E\u0301")) == ["SKU E\u0301"]


def test_files_are_encoded_alike_whatever_they_hold(tmp_path):
    data = tmp_path / "baskets"
    data.write_bytes(b"\xef\xbb\xbfTea,tea\r\n\xffx y,Tea\nTea,\0z")
    encoding = encode_text([data], ItemTokeniser(","), min_count=1, directory=tmp_path)
    assert encoding.vocabulary.words == ["Tea", "tea", "\udcffx y", "\0z"]
    assert encoding.corpus.ids.tolist() == [0, 1, -1, 2, 0, -1, 0, 3, -1]


def test_each_file_may_begin_with_a_mark():
    chunks = [
        Chunk(b"\xef\xbb\xbfa", 4, False),
        Chunk(b"\xef\xbb\xbfb", 4, True),
        Chunk(b"\xef\xbb\xbfc", 4, True),
    ]
    found = [chunk.text for chunk in ItemTokeniser().prepared(chunks)]
    assert found == [b"a", b"\xef\xbb\xbfb", b"c"]


def test_metadata_describes_it():
    for tokeniser in (ItemTokeniser(), ItemTokeniser("\t")):
        assert tokeniser_from_metadata(tokeniser.to_metadata()) == tokeniser


@pytest.mark.parametrize("separator", ["", "::", 7])
def test_a_separator_is_one_character(separator):
    with pytest.raises(InputError, match="must be one character, such as ',' or a tab, got"):
        ItemTokeniser(separator)


def test_the_end_of_a_line_separates_lines():
    with pytest.raises(InputError, match="must not be the end of a line"):
        ItemTokeniser("\n")
