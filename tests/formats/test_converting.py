import json
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

import symvec
from symvec.errors import InputError, OutputError
from symvec.formats import convert, load
from symvec.formats.converting import target_of, write_as
from symvec.text.graphemes import Graphemes
from symvec.text.ngrams import Characters
from symvec.vectors import Vectors
from symvec.vocabulary import HashedRows, SubwordRows, Vocabulary, WordOrNgramRows, WordRows
from symvec.vocabulary.listed_places import ListedPlaces
from symvec.vocabulary.ngram_places import HashedPlaces

GOLDEN = Path(__file__).parents[1] / "golden" / "formats"
PLAIN = ("native", "word2vec", "word2vec-binary", "glove", "npy", "safetensors", "parquet")


def of_words(words, table=None, counts=None):
    rows = WordRows(Vocabulary.from_words(words, counts))
    if table is None:
        table = np.random.default_rng(3).standard_normal((len(words), 5)).astype(np.float32)
    return Vectors(rows, np.asarray(table, np.float32))


def of_ngrams(cutting=None, words=("tea", "teas", "</s>")):
    rows = SubwordRows(Vocabulary.from_words(words, [4, 2, 1]), cutting or Characters(2, 3), 11)
    table = np.random.default_rng(4).standard_normal((rows.row_count, 5)).astype(np.float32)
    return Vectors(rows, table)


def hashed():
    rows = HashedRows(Vocabulary.from_words(["tea", "milk"]), Characters(2, 3), 9, hash_count=2)
    return Vectors(rows, np.random.default_rng(5).standard_normal((9, 5)).astype(np.float32))


def written(vectors, target, folder):
    if target == "parquet":
        pytest.importorskip("pyarrow")
    write_as(vectors, folder / "model", target)
    return load(folder / "model")


@pytest.mark.parametrize("target", [*PLAIN, "fasttext"])
def test_words_and_numbers_come_back_without_a_changed_bit(tmp_path, target):
    table = np.array(
        [[1e-45, -3.4028235e38, 0.1], [0, -0.0, 1], [1e-5, 123456789, 7]], dtype=np.float32
    )
    vectors = of_words(["tea", "Tübingen", "한국어"], table)
    found = written(vectors, target, tmp_path)
    assert found.index_to_key == vectors.index_to_key
    assert found.table.tobytes() == table.tobytes()


@pytest.mark.parametrize("target", ["native", "fasttext"])
def test_ngrams_and_counts_come_back(tmp_path, target):
    vectors = of_ngrams()
    found = written(vectors, target, tmp_path)
    assert found.table.tobytes() == vectors.table.tobytes()
    assert found.vocabulary.counts.tolist() == [4, 2, 1]
    for word in ("tea", "teapot", "</s>"):
        assert found[word].tolist() == vectors[word].tolist()


def test_finalfusion_comes_back_but_for_rounding(tmp_path):
    for vectors in (of_ngrams(), of_words(["tea", "zero"], [[1, 2], [0, 0]])):
        found = written(vectors, "finalfusion", tmp_path)
        assert np.allclose(found.word_matrix, vectors.word_matrix, rtol=1e-6, atol=1e-7)
    vectors = of_ngrams()
    found = written(vectors, "finalfusion", tmp_path)
    assert found["teapot"].tolist() == vectors["teapot"].tolist()


@pytest.mark.parametrize("name", ["finalfusion-buckets.fifu", "finalfusion-listed.fifu"])
def test_finalfusions_own_ngrams_come_back(tmp_path, name):
    vectors = load(GOLDEN / name)
    found = written(vectors, "finalfusion", tmp_path)
    assert found.rows.kind == vectors.rows.kind
    assert np.allclose(found.word_matrix, vectors.word_matrix, rtol=1e-6, atol=1e-7)
    for word in ("cats", "한국", "ca"):
        assert found[word].tolist() == vectors[word].tolist()
    for target in ("fasttext", "word2vec"):
        with pytest.raises(InputError, match=r"'words-or-.*would lose their vectors"):
            write_as(vectors, tmp_path / "model", target)


@pytest.mark.parametrize(
    ("places", "text"),
    [
        (HashedPlaces(Characters(2, 3), 8, "gensim"), "hashes n-grams in another way"),
        (HashedPlaces(Characters(2, 3), 7, "finalfusion"), "hashes n-grams in another way"),
        (
            ListedPlaces(Characters(2, 3), Vocabulary.from_words(["te"]), np.array([1]), 8),
            "rows of n-grams that no n-gram has",
        ),
    ],
)
def test_ngrams_that_finalfusion_cannot_hold_are_refused(tmp_path, places, text):
    rows = WordOrNgramRows(Vocabulary.from_words(["tea"]), places)
    vectors = Vectors(rows, np.ones((rows.row_count, 2), dtype=np.float32))
    with pytest.raises(InputError, match=text):
        write_as(vectors, tmp_path / "model", "finalfusion")
    assert not list(tmp_path.iterdir())


def test_a_floret_table_comes_back(tmp_path):
    vectors = hashed()
    (tmp_path / "words.txt").write_text("tea\nmilk\n", encoding="utf-8")
    write_as(vectors, tmp_path / "model", "floret")
    found = load(tmp_path / "model", vocabulary=tmp_path / "words.txt")
    assert found.table.tobytes() == vectors.table.tobytes()
    assert found["coffee"].tolist() == vectors["coffee"].tolist()


@pytest.mark.parametrize("target", ["native", "glove", "npy", "safetensors", "parquet", "fasttext"])
def test_words_with_spaces_where_they_can_be(tmp_path, target):
    found = written(of_words(["new york", ". .", "a"]), target, tmp_path)
    assert found.index_to_key == ["new york", ". .", "a"]


@pytest.mark.parametrize("target", ["native", "word2vec", "word2vec-binary", "npy", "safetensors"])
def test_bytes_that_are_no_utf8_where_they_can_be(tmp_path, target):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a binary file's odd words may stem from a space
        found = written(of_words(["a", "b\udcff"]), target, tmp_path)
    assert found.index_to_key == ["a", "b\udcff"]


REFUSED = [
    (
        of_words(["a", "new york"]),
        ("word2vec", "fasttext-text", "word2vec-binary"),
        "with spaces or",
    ),
    (of_words(["a\nb"]), ("word2vec", "word2vec-binary", "glove"), r"the first is 'a\\nb'"),
    (of_words(["a", ""]), ("word2vec", "word2vec-binary", "glove"), "empty words"),
    (of_words(["a\0b"]), ("fasttext",), "NUL"),
    (of_words(["route 66"]), ("glove",), "the number at its end would be read"),
    (of_words(["a"], [[1]]), ("glove",), "vectors of one number"),
    (of_words(["a"], [[1, np.nan]]), ("word2vec", "glove"), "NaN or infinity"),
    (of_words(["a\udcff"]), ("finalfusion", "parquet"), "UTF-8 only"),
    (of_words([], np.zeros((0, 2))), ("glove",), "no words at all"),
    (of_ngrams(), ("word2vec", "glove", "npy", "parquet", "floret"), "would lose their vectors"),
    (hashed(), ("fasttext", "finalfusion", "word2vec-binary"), "'hashed'.*--words-only"),
    (of_ngrams(Graphemes(2, 3)), ("fasttext", "finalfusion"), "knows n-grams of characters"),
    (of_ngrams(Characters(1, 3)), ("finalfusion",), "n-grams of 1"),
]


@pytest.mark.parametrize(
    ("vectors", "target", "text"),
    [(vectors, target, text) for vectors, targets, text in REFUSED for target in targets],
)
def test_what_a_format_cannot_hold_is_refused_before_anything_is_written(
    tmp_path, vectors, target, text
):
    if target == "parquet":
        pytest.importorskip("pyarrow")
    (tmp_path / "model").write_bytes(b"old")
    with pytest.raises(InputError, match=text):
        write_as(vectors, tmp_path / "model", target)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]


def test_from_file_to_file(tmp_path):
    of_words(["tea", "milk"]).save(tmp_path / "model.safetensors")
    convert(tmp_path / "model.safetensors", tmp_path / "model.vec")
    vectors = symvec.convert(tmp_path / "model.vec", tmp_path / "again.safetensors")
    assert vectors.provenance["source_format"] == "word2vec text"
    assert load(tmp_path / "again.safetensors").table.tobytes() == vectors.table.tobytes()


def test_words_alone(tmp_path):
    vectors = of_ngrams()
    vectors.save(tmp_path / "model.safetensors")
    convert(tmp_path / "model.safetensors", tmp_path / "model.vec", words_only=True)
    found = load(tmp_path / "model.vec")
    assert found.rows.kind == "words"
    assert found.table.tobytes() == vectors.word_matrix.tobytes()


def test_names_that_say_nothing(tmp_path):
    with pytest.raises(InputError, match=r"\.bin is word2vec-binary or fasttext"):
        target_of("model.bin")
    with pytest.raises(InputError, match="does not say which format"):
        convert(tmp_path / "a", tmp_path / "b")
    with pytest.raises(InputError, match="the format must be one of native"):
        convert(tmp_path / "a", tmp_path / "b", to="magnitude")
    with pytest.raises(OutputError, match="does not exist"):
        convert(tmp_path / "a", tmp_path / "folder" / "b.vec")


def run(program, *arguments):
    return subprocess.run([*program, *map(str, arguments)], capture_output=True, text=True)


def test_the_command(tmp_path):
    program = [sys.executable, "-m", "symvec"]
    of_words(["tea", "new york"]).save(tmp_path / "model.safetensors")
    done = run(program, "convert", tmp_path / "model.safetensors", tmp_path / "model.txt")
    assert done.returncode == 2
    assert "word2vec text cannot hold" in done.stderr
    assert not (tmp_path / "model.txt").exists()
    done = run(program, "convert", tmp_path / "model.safetensors", tmp_path / "x", "--to", "glove")
    assert (done.returncode, done.stdout) == (0, "")
    done = run(program, "similar", tmp_path / "x", "tea", "--format", "json")
    assert json.loads(done.stdout)["answers"][0]["neighbours"][0]["word"] == "new york"
    done = run(program, "info", tmp_path / "x", "--format", "json")
    assert json.loads(done.stdout)["format"] == "GloVe text"
