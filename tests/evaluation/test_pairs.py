import numpy as np
import pytest

from symvec.errors import FileError, FormatError
from symvec.evaluation import BadLine, evaluate_pairs, read_pairs
from symvec.vectors import Vectors
from symvec.vocabulary import Vocabulary, WordRows

WORDS = ["unknown", "tea", "coffee", "cat", "dog", "Seoul", "SEOUL", "한국어"]


@pytest.fixture
def vectors():
    table = np.random.default_rng(5).standard_normal((len(WORDS), 6)).astype(np.float32)
    return Vectors(WordRows(Vocabulary.from_words(WORDS)), table)


def write(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "pairs.txt"
    path.write_bytes(text.encode(encoding, "surrogateescape"))
    return path


@pytest.mark.parametrize(
    "text",
    [
        "tea\tcoffee\t7.5\ncat\tdog\t9\n",
        "tea,coffee,7.5\ncat,dog,9",
        "tea coffee 7.5\r\ncat   dog 9\r\n",
        "\ufeffword 1,word 2,score\ntea, coffee ,7.5\n\n# a comment\ncat,dog,9",
        "Word1\tWord2\tHuman (mean)\ntea\tcoffee\t7.5\textra\ncat\tdog\t9.0",
    ],
)
def test_each_way_to_write_pairs(tmp_path, text):
    expected = [("tea", "coffee", 7.5), ("cat", "dog", 9.0)]
    assert read_pairs(write(tmp_path, text)) == (expected, [])


def test_a_tab_goes_before_a_comma_and_a_comma_before_a_space(tmp_path):
    text = "a,b\tc d\t1\nnew york,los angeles,2\n"
    expected = [("a,b", "c d", 1.0), ("new york", "los angeles", 2.0)]
    assert read_pairs(write(tmp_path, text)) == (expected, [])


def test_bad_lines_are_told_by_their_number(tmp_path):
    text = "# pairs\n\ntea coffee 7\nonly two\ncat dog much\ncat dog nan\n\t\t5\ncat dog 3"
    pairs, bad = read_pairs(write(tmp_path, text))
    assert [pair[2] for pair in pairs] == [7.0, 3.0]
    assert bad == [
        BadLine(4, "expected two words and a number, got 'only two'"),
        BadLine(5, "expected two words and a number, got 'cat dog much'"),
        BadLine(6, "expected two words and a number, got 'cat dog nan'"),
        BadLine(7, "expected two words and a number, got '5'"),
    ]


def test_a_first_line_that_is_no_head_is_bad(tmp_path):
    _, bad = read_pairs(write(tmp_path, "tea coffee\ncat dog 3"))
    assert [line.number for line in bad] == [1]


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "judgement$"), ("# only\n", "judgement$"), ("a b\nc d\n", "judgement; line 1: expect")],
)
def test_a_file_without_pairs(tmp_path, vectors, text, reason):
    with pytest.raises(FormatError, match=rf"pairs\.txt holds no pair of words with a {reason}"):
        evaluate_pairs(vectors, write(tmp_path, text))


def test_a_file_that_is_not_there(tmp_path, vectors):
    with pytest.raises(FileError, match=r"cannot open .*missing': No such file or directory"):
        evaluate_pairs(vectors, tmp_path / "missing")
    with pytest.raises(FileError, match="Is a directory"):
        evaluate_pairs(vectors, tmp_path)


def test_bytes_that_are_not_utf8_are_kept(tmp_path):
    pairs, _ = read_pairs(write(tmp_path, "b\udcffd tea 3"))
    assert pairs == [("b\udcffd", "tea", 3.0)]


def test_the_score(tmp_path, vectors):
    path = write(tmp_path, "Tea\tCoffee\t1\ncat\tdog\t2\nseoul\tcat\t3\nmilk\ttea\t4\nbad\n")
    score = evaluate_pairs(vectors, path)
    cosines = [
        vectors.similarity(a, b) for a, b in [("tea", "coffee"), ("cat", "dog"), ("Seoul", "cat")]
    ]
    assert score.name == "pairs.txt"
    assert (score.found, score.total) == (3, 4)
    assert [line.number for line in score.bad_lines] == [5]
    assert score.pearson == pytest.approx(np.corrcoef(cosines, [1, 2, 3])[0, 1])
    order = np.argsort(np.argsort(cosines))
    assert score.spearman == pytest.approx(np.corrcoef(order, [1, 2, 3])[0, 1])


def test_too_few_pairs_give_no_score_and_no_nan(vectors):
    for pairs in ([], [("tea", "cat", 1.0)], [("tea", "milk", 1.0), ("tea", "cat", 2.0)]):
        score = evaluate_pairs(vectors, pairs)
        assert score.pearson is None
        assert score.spearman is None
        assert score.total == len(pairs)


def test_restricted_to_frequent_words(vectors):
    pairs = [("tea", "coffee", 1.0), ("cat", "dog", 2.0)]
    assert evaluate_pairs(vectors, pairs, restrict_vocabulary=3).found == 1
    assert evaluate_pairs(vectors, pairs, restrict_vocabulary=0).found == 0


def test_words_with_broken_vectors_do_not_count():
    table = np.ones((3, 2), dtype=np.float32)
    table[1] = np.inf
    vectors = Vectors(WordRows(Vocabulary.from_words(["a", "b", "c"])), table)
    assert evaluate_pairs(vectors, [("a", "b", 1.0), ("a", "c", 2.0)]).found == 1


def test_zero_vectors_have_the_cosine_zero():
    table = np.array([[0, 0], [1, 0], [1, 1]], dtype=np.float32)
    vectors = Vectors(WordRows(Vocabulary.from_words(["a", "b", "c"])), table)
    score = evaluate_pairs(vectors, [("a", "b", 1.0), ("b", "c", 2.0)])
    assert score.spearman == 1.0
