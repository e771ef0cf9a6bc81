"""Questions about words that are not in the vocabulary but have n-grams."""

import subprocess
import sys

import numpy as np
import pytest

import symvec
from symvec.errors import FormatError, InputError, UnknownSymbolError
from symvec.text.ngrams import Characters
from symvec.vectors import Vectors
from symvec.vocabulary import HashedRows, NgramRows, SubwordRows, Vocabulary


@pytest.fixture(params=["buckets", "hashed", "listed"])
def vectors(request):
    words = Vocabulary.from_words(["teapot", "teapots", "sailing", "sailed"], counts=[9, 8, 7, 6])
    rows = {
        "buckets": SubwordRows(words, Characters(3, 4), 1000),
        "hashed": HashedRows(words, Characters(3, 4), 1000, 2),
        "listed": NgramRows.of(words, Characters(3, 4), 1),
    }[request.param]
    table = np.random.default_rng(5).normal(size=(rows.row_count, 30)).astype(np.float32)
    return Vectors(rows, table, tokeniser=symvec.Tokeniser(), provenance={"made": "by hand"})


def test_they_are_like_the_words_that_they_share_ngrams_with(vectors):
    assert "teapotted" in vectors
    assert "teapotted" not in vectors.key_to_index
    near = [word for word, _ in vectors.most_similar("teapotted", 4)]
    assert set(near[:2]) == {"teapot", "teapots"}
    assert vectors.similarity("sailings", "sailing") > vectors.similarity("sailings", "teapot")


def test_they_are_spelled_as_the_tokeniser_spells(vectors):
    assert vectors["TeaPotted"].tolist() == vectors["teapotted"].tolist()


def test_they_may_be_part_of_analogies_and_lists(vectors):
    answer = vectors.analogy(positive=["teapotted"], negative=["sailings"], topn=2)
    assert {word for word, _ in answer} == {"teapot", "teapots"}
    assert vectors.doesnt_match(["teapot", "teapotted", "sailed"]) == "sailed"
    assert vectors[["teapot", "teapotted"]].shape == (2, 30)


def test_pairs_are_scored_with_them(vectors):
    pairs = [("Teapotted", "teapot", 9), ("sailings", "teapot", 1), ("", "teapot", 5)]
    score = symvec.evaluate_pairs(vectors, pairs)
    assert score.found == 2
    restricted = symvec.evaluate_pairs(vectors, pairs, restrict_vocabulary=4)
    assert restricted.found == 0


def test_a_word_too_short_says_so(vectors):
    if isinstance(vectors.rows, HashedRows):
        pytest.skip("each word has hashed rows")
    assert "" not in vectors
    vectors = Vectors(
        SubwordRows(vectors.vocabulary, Characters(6, 6), 9),
        np.ones((13, 2), np.float32),
    )
    with pytest.raises(
        UnknownSymbolError, match=r"'tea' is not .* too short for n-grams of 6 to 6"
    ):
        vectors.most_similar("tea")


def test_saved_and_opened_they_are_the_same(vectors, tmp_path):
    path = tmp_path / "model.safetensors"
    vectors.save(path)
    again = symvec.load(path)
    assert type(again.rows) is type(vectors.rows)
    assert again.rows.to_metadata() == vectors.rows.to_metadata()
    for word in ("teapot", "teapotted", "sailings"):
        assert again[word].tobytes() == vectors[word].tobytes()
    again.save(tmp_path / "again.safetensors")
    assert (tmp_path / "again.safetensors").read_bytes() == path.read_bytes()
    summary = again.summary()
    assert (summary.rows_kind, summary.rows) == (vectors.rows.kind, vectors.rows.row_count)


def test_a_single_question_to_a_file_needs_no_compiler(vectors, tmp_path):
    vectors.save(tmp_path / "model.safetensors")
    program = (
        "import sys, symvec\n"
        "vectors = symvec.load(sys.argv[1])\n"
        "vectors.most_similar('teapotted'); vectors.similarity('teapot', 'sailings')\n"
        "sys.exit('numba' in sys.modules)\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "model.safetensors")]
    assert subprocess.run(command, check=False).returncode == 0


def test_vectors_of_words_that_do_not_fit(vectors):
    with pytest.raises(InputError, match=r"must be \(4, 30\) float32, got shape \(4, 29\)"):
        Vectors(vectors.rows, vectors.table, stored_word_matrix=np.zeros((4, 29), np.float32))


def test_a_file_whose_rows_are_of_no_known_kind(vectors, tmp_path, monkeypatch):
    path = tmp_path / "model.safetensors"
    monkeypatch.setattr(type(vectors.rows), "kind", "runes")
    vectors.save(path)
    with pytest.raises(FormatError, match=r"there is no kind of rows 'runes', this symvec knows"):
        symvec.load(path)


@pytest.mark.parametrize("setting", ["bucket", "cutting"])
def test_a_file_without_a_setting_of_its_rows(vectors, tmp_path, monkeypatch, setting):
    settings = dict(vectors.rows.to_metadata())
    if setting not in settings:
        pytest.skip("these rows have no such setting")
    del settings[setting]
    monkeypatch.setattr(type(vectors.rows), "to_metadata", lambda _: settings)
    vectors.save(tmp_path / "model.safetensors")
    with pytest.raises(FormatError, match="its parts do not fit together"):
        symvec.load(tmp_path / "model.safetensors")


def test_a_file_whose_buckets_are_not_those_of_its_table(vectors, tmp_path, monkeypatch):
    if isinstance(vectors.rows, NgramRows):
        pytest.skip("these rows have no buckets")
    settings = dict(vectors.rows.to_metadata()) | {"bucket": 2_000_000_000}
    monkeypatch.setattr(type(vectors.rows), "to_metadata", lambda _: settings)
    vectors.save(tmp_path / "model.safetensors")
    with pytest.raises(FormatError, match="the words need 2000000"):
        symvec.load(tmp_path / "model.safetensors")
