import subprocess
import sys
from collections.abc import Mapping
from dataclasses import FrozenInstanceError, dataclass

import numpy as np
import pytest

from symvec.arrays import RaggedRows
from symvec.errors import InputError, UnknownSymbolError
from symvec.text.tokenisers import Tokeniser
from symvec.vectors import Vectors
from symvec.vocabulary import Rows, Vocabulary, WordRows

WORDS = ["cat", "dog", "coffee", "tea", "Tea", "naïve", "nothing"]
TABLE = np.array(
    [[5, 1, 0], [4, 1, 0], [0, 1, 3], [0, 1, 4], [0, 9, 0], [1, 1, 1], [0, 0, 0]], dtype=np.float32
)


def make(words=WORDS, table=TABLE, **more):
    return Vectors(WordRows(Vocabulary.from_words(words)), np.array(table), **more)


@pytest.fixture
def vectors():
    return make()


def words(answer):
    return [word for word, _ in answer]


def test_sizes_and_words(vectors):
    assert len(vectors) == 7
    assert vectors.vector_size == 3
    assert vectors.index_to_key == WORDS
    assert vectors.key_to_index["tea"] == 3
    assert "tea" in vectors
    assert "TEA" not in vectors
    assert 3 not in vectors
    assert repr(vectors) == "<Vectors: 7 words of 3 dimensions>"


def test_vectors_of_words(vectors):
    assert vectors["dog"].tolist() == [4, 1, 0]
    assert vectors[["tea", "cat"]].tolist() == [[0, 1, 4], [5, 1, 0]]
    assert vectors[[]].shape == (0, 3)
    with pytest.raises(UnknownSymbolError, match="'dig' is not in the vocabulary; did you mean 'd"):
        vectors["dig"]


def test_nothing_changes_them(vectors):
    with pytest.raises(ValueError, match="read-only"):
        vectors["dog"][0] = 3
    with pytest.raises(FrozenInstanceError):
        vectors.table = TABLE
    table = np.array(TABLE)
    Vectors(WordRows(Vocabulary.from_words(WORDS)), table)
    table[0, 0] = 1  # the caller's own array stays writable


def test_the_word_matrix_is_the_table(vectors):
    assert np.shares_memory(vectors.word_matrix, vectors.table)
    assert vectors.norms == pytest.approx(np.linalg.norm(TABLE, axis=1))
    assert make(stored_norms=np.full(7, 2, np.float32)).norms.tolist() == [2] * 7


def test_queries_are_written_as_the_tokeniser_would(vectors):
    written = make(tokeniser=Tokeniser("words"))
    assert written.resolve("DOG") == "dog"
    assert written.resolve("Tea") == "Tea"  # there as given
    assert written.resolve("nai\u0308ve") == "naïve"
    assert written.resolve("DIG") == "DIG"
    assert written["DOG"].tolist() == [4, 1, 0]
    assert "DOG" in written
    assert words(written.most_similar("DOG", 1)) == ["cat"]
    assert vectors.resolve("DOG") == "DOG"


def test_similarity(vectors):
    assert vectors.similarity("cat", "dog") == pytest.approx(21 / (26 * 17) ** 0.5)
    assert vectors.similarity("cat", "cat") == 1.0
    assert vectors.similarity("cat", "nothing") == 0.0
    assert vectors.similarity("cat", TABLE[1]) == vectors.similarity("cat", "dog")
    assert vectors.similarity([5, 1, 0], [4, 1, 0]) == vectors.similarity("cat", "dog")
    with pytest.raises(InputError, match="two words or vectors, not lists of them"):
        vectors.similarity(["cat"], "dog")


def test_most_similar_to_a_word(vectors):
    answer = vectors.most_similar("cat", topn=2)
    assert answer == [
        ("dog", vectors.similarity("cat", "dog")),
        ("naïve", vectors.similarity("cat", "naïve")),
    ]
    assert type(answer[0][1]) is float


def test_most_similar_to_several_words_at_once(vectors):
    asked = ["tea", "cat", "tea"]
    assert vectors.most_similar(asked, topn=3) == [vectors.most_similar(w, topn=3) for w in asked]
    assert vectors.most_similar([]) == []


def test_most_similar_to_vectors(vectors):
    assert words(vectors.most_similar(np.array([1.0, 0.0, 0.0]), 2)) == ["cat", "dog"]
    assert words(vectors.most_similar(vectors["cat"], 1)) == ["cat"]
    answers = vectors.most_similar(np.array([[1, 0, 0], [0, 0, 1]]), 1)
    assert [words(answer) for answer in answers] == [["cat"], ["tea"]]
    assert vectors.most_similar(np.zeros((0, 3))) == []


@pytest.mark.parametrize(("topn", "found"), [(0, 0), (1, 1), (6, 6), (7, 6), (10**9, 6)])
def test_topn_is_clamped(vectors, topn, found):
    answer = vectors.most_similar("cat", topn=topn)
    assert len(answer) == found
    assert "cat" not in words(answer)


def test_restricted(vectors):
    assert words(vectors.most_similar("cat", restrict_to=3)) == ["dog", "coffee"]
    assert words(vectors.most_similar("tea", restrict_to=2)) == ["dog", "cat"]
    assert words(vectors.most_similar("cat", restrict_to=["tea", "naïve"])) == ["naïve", "tea"]
    assert vectors.most_similar("cat", restrict_to=0) == []
    assert vectors.most_similar("cat", restrict_to=[]) == []
    assert len(vectors.most_similar("cat", restrict_to=np.int64(10**9))) == 6
    assert words(vectors.analogy(positive="cat", restrict_to=["tea", "cat"])) == ["tea"]


def test_zero_and_broken_vectors():
    table = np.array(TABLE)
    table[1, 1] = np.nan
    table[2, 0] = np.inf
    vectors = make(table=table)
    assert words(vectors.most_similar("cat")) == ["naïve", "Tea", "tea", "nothing"]
    assert vectors.most_similar("cat")[-1][1] == 0.0
    assert [score for _, score in vectors.most_similar("nothing")] == [0.0] * 4
    for ask in (
        lambda: vectors.most_similar("dog"),
        lambda: vectors.most_similar(["cat", "dog"]),
        lambda: vectors.similarity("dog", "cat"),
        lambda: vectors.doesnt_match(["cat", "dog"]),
        lambda: vectors.analogy(positive="dog"),
    ):
        with pytest.raises(InputError, match="the vector of 'dog' holds NaN or infinity and ca"):
            ask()
    with pytest.raises(InputError, match="the vector that was asked for holds NaN or infinity"):
        vectors.most_similar(np.array([1, np.nan, 0]))


def test_summary():
    table = np.array(TABLE)
    table[1, 1] = np.nan
    rows = WordRows(Vocabulary.from_words(WORDS, counts=[9, 8, 7, 6, 5, 4, 3]))
    summary = Vectors(rows, table, tokeniser=Tokeniser(), provenance={"seed": 1}).summary()
    assert (summary.words, summary.vector_size, summary.rows) == (7, 3, 7)
    assert (summary.dtype, summary.table_bytes, summary.rows_kind) == ("float32", 84, "words")
    assert (summary.corpus_words, summary.not_finite_words, summary.zero_words) == (42, 1, 1)
    assert summary.tokeniser["name"] == "words"
    assert summary.provenance == {"seed": 1}
    assert make().summary().tokeniser == {}


@pytest.mark.parametrize(
    ("table", "more", "text"),
    [
        (TABLE[0], {}, r"must be \(rows, D\) float32, got shape \(3,\) of float32"),
        (TABLE.astype(float), {}, r"of float64; convert it with table.astype\(np.float32\)"),
        (TABLE[:3], {}, "the table has 3 rows, but the words need 7"),
        (TABLE, {"stored_norms": np.ones(3, np.float32)}, r"expected 7 norms, one a word, got"),
    ],
)
def test_parts_that_do_not_fit(table, more, text):
    with pytest.raises(InputError, match=text):
        make(table=table, **more)


@pytest.mark.parametrize(
    ("ask", "text"),
    [
        (lambda v: v.most_similar("cat", -1), "topn must be 0 or more, got -1"),
        (lambda v: v.most_similar(np.ones(4)), r"expected vectors of 3 numbers, got .* \(4,\)"),
        (lambda v: v.most_similar(np.ones((1, 1, 3))), r"got an array of shape \(1, 1, 3\)"),
        (lambda v: v.most_similar([["cat"]]), "a word must be text"),
        (lambda v: v.most_similar(None), "a word, a list of words"),
        (lambda v: v.most_similar("cat", restrict_to=-1), "restrict_to must be 0 words or more"),
        (lambda v: v.most_similar("cat", restrict_to="tea"), "a number or a list of words, got 't"),
        (lambda v: v[3], "expected a word or a list of words, got 3"),
        (lambda v: v[["cat", 3]], "expected a word or a list of words, got 3"),
    ],
)
def test_questions_that_make_no_sense(vectors, ask, text):
    with pytest.raises(InputError, match=text):
        ask(vectors)


def test_unknown_words_are_named_wherever_they_are(vectors):
    for ask in (
        lambda: vectors.most_similar("coffe"),
        lambda: vectors.most_similar(["cat", "coffe"]),
        lambda: vectors.most_similar("cat", restrict_to=["coffe"]),
        lambda: vectors.similarity("cat", "coffe"),
        lambda: vectors.key_to_index["coffe"],
        lambda: vectors.analogy(positive="cat", negative="coffe"),
        lambda: vectors.doesnt_match(["coffe"]),
    ):
        with pytest.raises(UnknownSymbolError, match="'coffe' is not in the vocabulary; did you"):
            ask()


def test_no_words_at_all():
    vectors = make([], np.zeros((0, 3), np.float32))
    assert len(vectors) == 0
    assert vectors.most_similar(np.ones(3)) == []
    with pytest.raises(UnknownSymbolError):
        vectors.most_similar("cat")


@dataclass(frozen=True, eq=False)
class LetterRows:
    """One row a letter: a word is the mean of its letters, whether it is known or not."""

    vocabulary: Vocabulary
    kind = "letters"
    row_count = 26

    def rows_of(self, word: str):
        return np.frombuffer(word.encode(), dtype=np.uint8).astype(np.int64) - ord("a")

    def word_rows(self) -> RaggedRows:
        rows = [self.rows_of(word) for word in self.vocabulary]
        ends = np.cumsum([0, *map(len, rows)])
        return RaggedRows(np.concatenate(rows), ends)

    def word_matrix(self, table):
        return np.stack([table[self.rows_of(word)].mean(axis=0) for word in self.vocabulary])

    def to_metadata(self) -> Mapping[str, object]:
        return {}


def test_a_word_may_be_the_mean_of_several_rows():
    rows: Rows = LetterRows(Vocabulary.from_words(["ab", "ba", "cc"]))
    table = np.random.default_rng(1).standard_normal((26, 8)).astype(np.float32)
    vectors = Vectors(rows, table)
    assert vectors["ab"] == pytest.approx((table[0] + table[1]) / 2)
    assert vectors["c"].tolist() == table[2].tolist()  # has rows, though it is not a known word
    assert vectors.word_matrix.shape == (3, 8)
    assert vectors.most_similar("ab", 1)[0] == ("ba", pytest.approx(1.0))
    assert vectors.most_similar("c", 1)[0] == ("cc", pytest.approx(1.0))
    assert words(vectors.analogy(positive="c", topn=1)) == ["cc"]


def test_importing_it_imports_neither_numba_nor_a_framework():
    script = "import sys, symvec.vectors, symvec.formats, symvec.evaluation; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    heavy = {"numba", "llvmlite", "scipy", "torch", "jax", "keras", "typer", "rich", "gensim"}
    assert not heavy & set(done.stdout.split())
