"""Files of other programs, cut and changed: an error with the place, or a right answer."""

import gzip
import warnings
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from symvec.errors import FileError, FormatError, SymvecError
from symvec.formats import load
from symvec.formats.converting import write_as
from symvec.text.ngrams import Characters
from symvec.vectors import Vectors
from symvec.vocabulary import HashedRows, SubwordRows, Vocabulary, WordOrNgramRows, WordRows
from symvec.vocabulary.listed_places import ListedPlaces
from symvec.vocabulary.ngram_places import HashedPlaces

GOLDEN = Path(__file__).parents[1] / "golden" / "formats"
WORDS = ["tea", "coffee", "한국어"]
TABLE = np.array([[1.25, -2], [3, 4.5], [-0.75, 6]], dtype=np.float32)
# Lines without a first line that counts them: a file cut between two of them is a shorter file.
UNCOUNTED = {"glove"}
PLACES = {
    "finalfusion-ngrams-hashed": HashedPlaces(Characters(2, 3), 4, "finalfusion"),
    "finalfusion-ngrams-listed": ListedPlaces(
        Characters(2, 3), Vocabulary.from_words(["te", "한국", "ffe"]), np.array([0, 1, 0]), 2
    ),
}


def vectors_for(target):
    vocabulary = Vocabulary.from_words(WORDS, counts=[3, 2, 1])
    random = np.random.default_rng(3)
    if target == "floret":
        rows = HashedRows(vocabulary, Characters(2, 3), 5, hash_count=2)
        return Vectors(rows, random.standard_normal((5, 2)).astype(np.float32))
    if target in ("fasttext", "finalfusion-ngrams"):
        rows = SubwordRows(vocabulary, Characters(2, 3), 4)
        return Vectors(rows, random.standard_normal((7, 2)).astype(np.float32))
    if target in PLACES:
        rows = WordOrNgramRows(vocabulary, PLACES[target])
        return Vectors(rows, random.standard_normal((rows.row_count, 2)).astype(np.float32))
    return Vectors(WordRows(vocabulary), TABLE)


TARGETS = (
    "word2vec", "word2vec-binary", "glove", "fasttext", "floret", "finalfusion",
    "finalfusion-ngrams", "finalfusion-ngrams-hashed", "finalfusion-ngrams-listed", "npy",
    "safetensors", "parquet",
)  # fmt: skip


def make(folder, target):
    if target == "parquet":
        pytest.importorskip("pyarrow")
    path = folder / "model"
    write_as(vectors_for(target), path, target.partition("-ngrams")[0])
    return path


def same(first, second):
    return (
        first.index_to_key == second.index_to_key
        and first.table.tobytes() == second.table.tobytes()
    )


def attempt(path):
    """Return the vectors and whether there was a warning, or None if the file is refused."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            return load(path), bool(caught)
        except SymvecError as error:
            refused = error
    assert refused.exit_code == 3
    assert str(path.parent) in str(refused)
    return None


@pytest.mark.parametrize("target", TARGETS)
def test_each_cut_is_found_or_does_no_harm(tmp_path, target):
    path = make(tmp_path, target)
    whole, content = load(path), path.read_bytes()
    for length in range(len(content)):
        path.write_bytes(content[:length])
        found = attempt(path)
        if found is None:
            continue
        vectors, warned = found
        is_shorter = target in UNCOUNTED and content[:length].endswith(b"\n")
        assert warned or is_shorter or same(vectors, whole), length


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("mask", [0x01, 0x80, 0xFF])
def test_each_changed_byte_ends_in_an_error_or_an_answer(tmp_path, target, mask):
    path = make(tmp_path, target)
    content = path.read_bytes()
    for place in range(len(content)):
        changed = bytearray(content)
        changed[place] ^= mask
        path.write_bytes(changed)
        found = attempt(path)
        if found is not None and len(found[0]):
            found[0].most_similar(found[0].index_to_key[0] or "x")
            with suppress(SymvecError):  # it may have no n-gram that is there
                found[0].most_similar("teas")


@pytest.mark.parametrize("target", [target for target in TARGETS if target != "glove"])
def test_what_follows_the_end_is_found(tmp_path, target):
    path = make(tmp_path, target)
    path.write_bytes(path.read_bytes() + b"\0\0\0\0\0\0\0\0\0")
    with pytest.raises(FormatError):
        load(path)


@pytest.mark.parametrize("target", TARGETS)
def test_compressed_files_cut_short(tmp_path, target):
    path = make(tmp_path, target)
    content = gzip.compress(path.read_bytes())
    for length in range(2, len(content), 3):
        path.write_bytes(content[:length])
        with pytest.raises(FileError):
            load(path)


HEADERS = {
    "word2vec": b"%d %d\ntea 1 2\n",
    "binary": b"%d %d\ntea \0\0\0\1\0\0\0\2",
    "floret": b"%d %d 2 3 1 5 < >\n0 1 2\n",
}
HUGE = [2**31, 2**40, 10**17]


@pytest.mark.parametrize("name", HEADERS)
@pytest.mark.parametrize("size", HUGE)
def test_claims_of_text_headers_are_not_believed(tmp_path, name, size):
    for sizes in ((size, 2), (1, size), (size, size)):
        (tmp_path / "model").write_bytes(HEADERS[name] % sizes)
        with pytest.raises(FormatError, match=r"line 1|claims"):
            load(tmp_path / "model")


@pytest.mark.parametrize("target", ["fasttext", "finalfusion", "npy", "safetensors"])
@pytest.mark.parametrize("value", [b"\xff" * 8, b"\xff\xff\xff\x7f" * 2, b"\0\0\0\0\0\0\0\x7f"])
def test_claims_of_binary_headers_are_not_believed(tmp_path, target, value):
    path = make(tmp_path, target)
    content = path.read_bytes()
    for place in range(4, len(content) - 8, 2):
        path.write_bytes(content[:place] + value + content[place + 8 :])
        attempt(path)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_random_changes_of_files_that_others_made(tmp_path, data):
    names = sorted(path.name for path in GOLDEN.iterdir() if path.suffix not in (".py", ".json"))
    content = bytearray((GOLDEN / data.draw(st.sampled_from(names))).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        begin = data.draw(st.integers(0, len(content)))
        end = min(len(content), begin + data.draw(st.integers(0, 9)))
        content[begin:end] = data.draw(st.binary(max_size=9))
    path = tmp_path / "model"
    path.write_bytes(content)
    found = attempt(path)
    if found is not None and len(found[0]):
        assert len(found[0].most_similar(np.ones(found[0].vector_size, np.float32), 10**9)) >= 0


@given(content=st.binary(max_size=200))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_files_of_any_bytes(tmp_path, content):
    (tmp_path / "model").write_bytes(content)
    attempt(tmp_path / "model")


def test_odd_lines(tmp_path):
    path = tmp_path / "model"
    path.write_bytes(b"4 2\ntea 1 2\ncaf\xff 3 4\nzero 0 0\nbad nan inf\n")
    with pytest.warns(UserWarning, match="hold NaN or infinity, the first is 'bad'"):
        vectors = load(path)
    assert vectors.index_to_key == ["tea", "caf\udcff", "zero", "bad"]
    assert [word for word, _ in vectors.most_similar("tea")] == ["caf\udcff", "zero"]
    assert vectors.similarity("tea", "zero") == 0


def test_words_that_come_twice(tmp_path):
    path = tmp_path / "model"
    path.write_bytes(b"tea 1 2\nmilk 3 4\ntea 5 6\n")
    with pytest.warns(UserWarning, match=r"word 3: 'tea' was there before, 1 words come again"):
        vectors = load(path)
    assert vectors.index_to_key == ["tea", "milk"]
    assert vectors["tea"].tolist() == [1, 2]


def test_a_word_with_a_space_in_a_binary_file_is_found(tmp_path):
    path = tmp_path / "model"
    numbers = np.float32([1, 2]).tobytes()
    path.write_bytes(b"2 2\nnew york " + numbers + b"tea " + numbers)
    with pytest.warns(UserWarning, match=r"word 2: .*if the word before it has a space in it"):
        load(path)
    path.write_bytes(b"2 2\nnew york " + numbers + b"old york " + numbers)
    with pytest.raises(FormatError, match="a word with a space in it, which the format cannot"):
        load(path)


def test_a_compressed_file_of_no_vectors_is_not_decompressed(tmp_path):
    path = tmp_path / "model.gz"
    path.write_bytes(gzip.compress(bytes(50_000_000)))
    with pytest.raises(FormatError, match="of no known format"):
        load(path)
