import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import nnls

from symvec.errors import InputError, UnknownSymbolError
from symvec.vectors import Vectors
from symvec.vectors.attributes import axis_of, learn_atoms, parse_axis, sparse_codes
from symvec.vocabulary import Vocabulary, WordRows

RANDOM = np.random.default_rng(6)


def unit(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def made_of(atoms, words, most, random):
    codes = np.zeros((words, len(atoms)))
    for line in codes:
        line[random.choice(len(atoms), most, replace=False)] = random.uniform(0.5, 2, most)
    return codes


@given(st.integers(0, 10**6), st.integers(1, 4))
def test_codes_are_sparse_non_negative_and_the_best_of_their_atoms(seed, most) -> None:
    random = np.random.default_rng(seed)
    atoms = unit(random.normal(size=(9, 6)))
    rows = random.normal(size=(7, 6))
    codes = sparse_codes(rows, atoms, most)
    assert (codes >= 0).all()
    assert (np.count_nonzero(codes, axis=1) <= most).all()
    for row, code in zip(rows, codes, strict=True):
        used = np.flatnonzero(code)
        best = nnls(atoms[used].T, row)[1] if used.size else np.linalg.norm(row)
        assert np.linalg.norm(row - code @ atoms) == pytest.approx(best, rel=0.1, abs=0.02)


def test_codes_of_nothing() -> None:
    assert sparse_codes(np.zeros((2, 3)), np.eye(3), 2).tolist() == [[0] * 3] * 2
    assert sparse_codes(np.zeros((0, 3)), np.eye(3), 2).shape == (0, 3)
    assert sparse_codes(np.ones((1, 3)), np.zeros((0, 3)), 2).shape == (1, 0)
    assert sparse_codes(-np.ones((1, 3)), np.eye(3), 10**9).tolist() == [[0, 0, 0]]
    with pytest.raises(InputError, match="a code needs 1 atom or more, got 0"):
        sparse_codes(np.zeros((1, 3)), np.eye(3), 0)
    with pytest.raises(InputError, match=r"one size, got \(1, 2\) and \(3, 3\)"):
        sparse_codes(np.zeros((1, 2)), np.eye(3), 1)


@pytest.fixture(scope="module")
def made():
    """Words that are sums of two of ten attributes, and the attributes."""
    atoms = unit(RANDOM.normal(size=(10, 20)))
    table = made_of(atoms, 900, 2, RANDOM) @ atoms
    words = Vocabulary.from_words([f"w{i}" for i in range(900)])
    return Vectors(WordRows(words), table.astype(np.float32)), atoms


def test_atoms_explain_what_is_made_of_them(made) -> None:
    vectors, _ = made
    learned = learn_atoms(vectors, atoms=14, most=4, seed=3)
    rest = learned.unexplained(vectors.word_matrix)
    assert rest.mean() < 0.05
    first = learn_atoms(vectors, atoms=14, most=4, seed=3)
    assert first.directions.tobytes() == learned.directions.tobytes()
    few = learn_atoms(vectors, atoms=2, most=1)
    assert few.unexplained(vectors.word_matrix).mean() > 0.3


def test_a_word_is_a_sum_of_named_attributes(made) -> None:
    vectors, _ = made
    learned = learn_atoms(vectors, atoms=14, most=4)
    found, rest = learned.attributes("w5")
    row = vectors["w5"] / np.linalg.norm(vectors["w5"]) - learned.mean
    total = sum(part.weight * learned.directions[part.atom] for part in found)
    assert rest == pytest.approx(np.sum((row - total) ** 2) / np.sum(row**2), abs=1e-7)
    assert [part.weight for part in found] == sorted((p.weight for p in found), reverse=True)
    assert all(len(part.names) == 5 for part in found)
    with pytest.raises(UnknownSymbolError):
        learned.attributes("x")


def test_atoms_are_kept(made, tmp_path) -> None:
    vectors, _ = made
    learned = learn_atoms(vectors, atoms=5, cache=tmp_path / "cache")
    (file,) = (tmp_path / "cache").iterdir()
    again = learn_atoms(vectors, atoms=5, cache=tmp_path / "cache")
    assert again.directions.tolist() == learned.directions.tolist()
    file.write_bytes(file.read_bytes()[:-1])
    once_more = learn_atoms(vectors, atoms=5, cache=tmp_path / "cache")
    assert once_more.directions.tolist() == learned.directions.tolist()


def test_what_atoms_need(made) -> None:
    vectors, _ = made
    with pytest.raises(InputError, match="must be 1 or more, got 0, 6, 10000"):
        learn_atoms(vectors, atoms=0)
    nothing = Vectors(WordRows(Vocabulary.from_words(["a"])), np.zeros((1, 2), dtype=np.float32))
    with pytest.raises(InputError, match="no word with a vector"):
        learn_atoms(nothing)
    assert len(learn_atoms(vectors, atoms=10**6, words=30).directions) == 30


WORDS = ["small", "tiny", "big", "large", "ant", "well-known", "whale"]
SIZES = np.array(
    [[-1, 1], [-2, 0.5], [3, 1], [1, 0.2], [-1, 0.3], [0, 1], [2, 0.1]], dtype=np.float32
)


@pytest.fixture
def sizes():
    return Vectors(WordRows(Vocabulary.from_words(WORDS)), SIZES)


def test_words_are_placed_on_an_axis(sizes) -> None:
    axis = parse_axis(sizes, "small,tiny-big,large")
    assert (axis.first, axis.second) == (("small", "tiny"), ("big", "large"))
    units = unit(SIZES.astype(float))
    np.testing.assert_allclose(axis.direction, units[2:4].mean(0) - units[:2].mean(0), atol=1e-6)
    ant, whale = axis.places(["ant", "whale"])
    assert ant.position < 0 < whale.position
    assert ant.low <= ant.position <= ant.high
    assert whale.percentile > ant.percentile
    assert axis.places([]) == []
    assert axis.places(["ant"]) == axis.places(["ant"])


def test_one_seed_word_has_no_interval(sizes) -> None:
    (place,) = parse_axis(sizes, "small-big").places(["ant"])
    assert (place.low, place.high) == (None, None)


def test_hyphens_in_seed_words(sizes) -> None:
    axis = parse_axis(sizes, "small-well-known")
    assert (axis.first, axis.second) == (("small",), ("well-known",))
    assert parse_axis(sizes, "well-known:small").first == ("well-known",)


@pytest.mark.parametrize("text", ["small", "-big", "small-", "small,-big", ""])
def test_what_is_no_axis(sizes, text) -> None:
    with pytest.raises(InputError, match="an axis is written as small-big"):
        parse_axis(sizes, text)


def test_axes_that_lead_nowhere(sizes) -> None:
    with pytest.raises(UnknownSymbolError, match="'huge'"):
        parse_axis(sizes, "small-huge")
    with pytest.raises(InputError, match="the two sides of an axis must differ"):
        axis_of(sizes, ["big"], ["big"])
    with pytest.raises(InputError, match="at least one seed word on each side"):
        axis_of(sizes, [], ["big"])
