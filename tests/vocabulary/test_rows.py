import numpy as np
import pytest

from symvec.errors import UnknownSymbolError
from symvec.vocabulary import Rows, Vocabulary, WordRows


def rows_by_protocol(rows: Rows) -> int:
    return rows.row_count


def test_a_word_is_the_row_of_its_id():
    rows = WordRows(Vocabulary.from_words(["tea", "coffee", "cake"]))
    assert rows.kind == "words"
    assert rows_by_protocol(rows) == 3
    assert rows.rows_of("cake").tolist() == [2]
    assert rows.rows_of("cake").dtype == np.int64
    ragged = rows.word_rows()
    assert [ragged[word_id].tolist() for word_id in range(3)] == [[0], [1], [2]]
    assert rows.to_metadata() == {}


def test_the_table_is_not_copied():
    table = np.ones((2, 5), dtype=np.float32)
    assert WordRows(Vocabulary.from_words(["a", "b"])).word_matrix(table) is table


def test_an_unknown_word_has_no_rows():
    with pytest.raises(UnknownSymbolError, match="did you mean 'cake'"):
        WordRows(Vocabulary.from_words(["cake"])).rows_of("cakes")


def test_no_words():
    rows = WordRows(Vocabulary.from_words([]))
    assert rows.row_count == 0
    assert len(rows.word_rows()) == 0
