import numpy as np
import pytest

from symvec.errors import InputError, UnknownSymbolError
from symvec.vectors import SearchSpace, Vectors, cosines, row_norms
from symvec.vectors.alignment import (
    align_chain,
    align_spaces,
    csls_nearest,
    least_squares_map,
    mean_similarity,
    orthogonal_map,
)
from symvec.vocabulary import Vocabulary, WordRows

RANDOM = np.random.default_rng(11)
WORDS = 300
SOURCE_TABLE = RANDOM.normal(size=(WORDS, 8)).astype(np.float32)
TURN = np.linalg.qr(RANDOM.normal(size=(8, 8)))[0]
# The target's words are in another order, so that a confusion of ids would be seen.
ORDER = RANDOM.permutation(WORDS)


def model(names, table, counts=None):
    return Vectors(WordRows(Vocabulary.from_words(names, counts)), table.astype(np.float32))


@pytest.fixture
def source():
    return model([f"s{i}" for i in range(WORDS)], SOURCE_TABLE)


@pytest.fixture
def target():
    noise = RANDOM.normal(scale=0.1, size=(WORDS, 8))
    return model([f"t{i}" for i in ORDER], (SOURCE_TABLE @ TURN + noise)[ORDER])


def places(source, target, numbers):
    return np.stack(
        [source.indices([f"s{i}" for i in numbers]), target.indices([f"t{i}" for i in numbers])],
        axis=1,
    )


def test_the_turn_is_found_and_nothing_is_stretched():
    found = orthogonal_map(SOURCE_TABLE, SOURCE_TABLE @ TURN)
    np.testing.assert_allclose(found, TURN, atol=1e-5)
    stretched = orthogonal_map(SOURCE_TABLE, 3 * SOURCE_TABLE @ TURN)
    np.testing.assert_allclose(stretched @ stretched.T, np.eye(8), atol=1e-9)
    flat = orthogonal_map(SOURCE_TABLE, SOURCE_TABLE[:, :3])
    np.testing.assert_allclose(flat.T @ flat, np.eye(3), atol=1e-9)
    np.testing.assert_allclose(
        least_squares_map(SOURCE_TABLE, 3 * SOURCE_TABLE @ TURN), 3 * TURN, atol=1e-5
    )


@pytest.mark.parametrize("fit", [orthogonal_map, least_squares_map])
def test_a_map_needs_pairs(fit):
    with pytest.raises(InputError, match="at least one pair"):
        fit(np.zeros((0, 3)), np.zeros((0, 3)))
    with pytest.raises(InputError, match=r"got shapes \(2, 3\) and \(1, 3\)"):
        fit(np.zeros((2, 3)), np.zeros((1, 3)))


def test_csls_is_the_formula():
    queries = RANDOM.normal(size=(5, 4)).astype(np.float32)
    words = RANDOM.normal(size=(30, 4)).astype(np.float32)
    words[3] = np.nan
    space = SearchSpace(words, row_norms(words))
    known = np.delete(np.arange(30), 3)
    angles = np.array([[cosines(q[None], w[None])[0] for w in words[known]] for q in queries])
    r_query = np.sort(angles, axis=1)[:, -10:].mean(axis=1)
    hubness = RANDOM.random(30)
    expected = 2 * angles - r_query[:, None] - hubness[known]
    ids, scores = csls_nearest(queries, space, hubness, 3)
    assert ids.tolist() == known[np.argsort(-expected, axis=1)[:, :3]].tolist()
    np.testing.assert_allclose(scores, -np.sort(-expected, axis=1)[:, :3], atol=1e-5)
    np.testing.assert_allclose(mean_similarity(queries, space), r_query, atol=1e-6)
    assert csls_nearest(queries, space, hubness, 0)[0].shape == (5, 0)
    assert csls_nearest(queries, space, hubness, 10**9)[0].shape == (5, 29)
    assert mean_similarity(queries, space.first(0)).tolist() == [0] * 5


def test_a_few_pairs_and_refinement_find_the_others(source, target):
    pairs = places(source, target, range(12))
    tested = places(source, target, range(12, WORDS))
    found, _ = align_spaces(source, target, pairs, refinements=0).translate(tested[:, 0], 1)
    refined = align_spaces(source, target, pairs)
    better, _ = refined.translate(tested[:, 0], 1)
    right, more_right = ((ids[:, 0] == tested[:, 1]).mean() for ids in (found, better))
    assert more_right > right
    assert more_right > 0.95
    assert len(refined.pairs) > 200
    assert refined.translations("s100", 1)[0][0] == "t100"
    with pytest.raises(UnknownSymbolError):
        refined.translations("t100")


def test_mapped_models_lie_in_one_space(source, target):
    first, second = align_spaces(source, target, places(source, target, range(WORDS))).mapped()
    ids = places(source, target, range(WORDS))
    similar = cosines(first.word_matrix[ids[:, 0]], second.word_matrix[ids[:, 1]])
    assert similar.mean() > 0.95
    assert first.provenance["aligned"] is True


def test_broken_rows_do_not_spoil_a_map(source, target):
    table = np.array(source.table)
    table[5] = np.inf
    broken = Vectors(source.rows, table)
    aligned = align_spaces(broken, target, places(source, target, range(40)))
    assert np.isfinite(aligned.space_map.matrix).all()


def test_what_spaces_need(source, target):
    with pytest.raises(InputError, match="no pair of which both words are in the models"):
        align_spaces(source, target, np.zeros((0, 2), dtype=np.int64))
    with pytest.raises(InputError, match=r"word ids below \(300, 300\), got 0 to 300"):
        align_spaces(source, target, np.array([[0, 300]]))


def test_the_word_that_moved_is_found_through_a_chain():
    names = [f"w{i}" for i in range(60)]
    tables = [SOURCE_TABLE[:60]]
    for _ in range(2):
        turn = np.linalg.qr(RANDOM.normal(size=(8, 8)))[0]
        tables.append(tables[-1] @ turn + RANDOM.normal(scale=0.02, size=(60, 8)))
    tables[2][7] = tables[2][30]
    models = [model(names, table, [100] * 59 + [3]) for table in tables]
    chain = align_chain(models)
    (moved,) = chain.moved(1)
    assert (moved.word, len(chain.words), len(moved.steps)) == ("w7", 59, 2)
    assert moved.steps[0] > 0.95 > moved.steps[1]
    assert moved.neighbours[2][0] == "w30"
    assert [part.word for part in chain.moved(words=["w3"])] == ["w3"]
    assert chain.moved(0) == []
    with pytest.raises(InputError, match="'w59' is not frequent enough in all periods"):
        chain.moved(words=["w59"])


def test_what_a_chain_needs(source, target):
    with pytest.raises(InputError, match="two models or more, got 1"):
        align_chain([source])
    with pytest.raises(InputError, match="no word was seen 20 times in each period"):
        align_chain([source, source])
    with pytest.raises(InputError, match="one vector size, got 8, 3"):
        align_chain([source, model(["a"], np.ones((1, 3)))])
