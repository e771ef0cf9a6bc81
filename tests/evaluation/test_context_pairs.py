import numpy as np
import pytest

from symvec.errors import FormatError
from symvec.evaluation import read_context_pairs
from symvec.vectors import Vectors
from symvec.vocabulary import Vocabulary, WordRows


def test_marked_words(tmp_path):
    path = tmp_path / "pairs.tsv"
    path.write_text("a [bank] of sand\tthe [banks]\tT\nno word\tthe [bank]\tF\n[a]\t[a]\tmaybe\n")
    (pair,), bad = read_context_pairs(path)
    assert (pair.first.before, pair.first.word, pair.first.after) == ("a ", "bank", " of sand")
    assert (pair.second.word, pair.same) == ("banks", True)
    assert [line.number for line in bad] == [2, 3]
    assert bad[0].reason.startswith("expected two sentences with a word in [brackets] each")


def test_answers_in_a_file_of_their_own(tmp_path):
    path = tmp_path / "dev.data.txt"
    path.write_text("board\tN\t2-1\tRoom and board .\tHe boards .\nbroken line\n")
    (tmp_path / "dev.gold.txt").write_text("F\nT\n")
    (pair,), bad = read_context_pairs(path)
    assert (pair.first.before, pair.first.word, pair.second.word) == (
        "Room and ",
        "board",
        "boards",
    )
    assert pair.same is False
    assert bad[0].number == 2
    (tmp_path / "dev.gold.txt").write_text("F\n")
    with pytest.raises(FormatError, match="has 1 answers for the 2 lines"):
        read_context_pairs(path)


def test_named_columns(tmp_path):
    path = tmp_path / "dev.tsv"
    path.write_text(
        "ID\tTarget\tSENTENCE1\tx\tSENTENCE2\ty\tANSWER\n"
        "1\t배\t[배]를 탔다\t1\t[배]가 고프다\t2\tFalse\n",
        encoding="utf-8",
    )
    (pair,), bad = read_context_pairs(path)
    assert (pair.first.word, pair.first.after, pair.same, bad) == ("배", "를 탔다", False, [])


def test_a_file_of_something_else(tmp_path):
    path = tmp_path / "text.txt"
    path.write_text("once upon a time\n")
    with pytest.raises(FormatError, match="holds no word in two sentences; expected two"):
        read_context_pairs(path)
    path.write_text("")
    with pytest.raises(FormatError, match="holds no word in two sentences"):
        read_context_pairs(path)


def test_sentences_are_cut_as_the_model_cuts(tmp_path):
    path = tmp_path / "pairs.tsv"
    path.write_text("[Bank] loans\tat the [bank]\tT\n")
    (pair,), _ = read_context_pairs(path)
    plain = Vectors(WordRows(Vocabulary.from_words(["bank"])), np.ones((1, 1), np.float32))
    cut = pair.cut(plain)
    assert (cut.first, cut.first_position) == (("Bank", "loans"), 0)
    assert (cut.second, cut.second_position) == (("at", "the", "bank"), 2)
