import os

import numpy as np
import pytest

from symvec.errors import InputError, MissingExtraError
from symvec.vectors import SearchSpace, nearest, row_norms
from symvec.vectors.engines import ENGINES, approximate_neighbours
from symvec.vectors.engines.cache import index_key, read_index, write_index

RANDOM = np.random.default_rng(2)
TABLE = RANDOM.normal(size=(500, 12)).astype(np.float32)
TABLE[7] = 0
TABLE[9] = np.nan
SPACE = SearchSpace(TABLE, row_norms(TABLE))


@pytest.fixture(params=sorted(ENGINES))
def engine(request):
    pytest.importorskip(request.param)
    return request.param


def test_an_index_finds_nearly_all_and_scores_exactly(engine, tmp_path):
    index = approximate_neighbours(SPACE, engine, folder=tmp_path / "cache")
    queries = RANDOM.normal(size=(20, 12)).astype(np.float32)
    true_ids, true_scores = nearest(SPACE, queries, 5)
    found_ids, found_scores = index.nearest(queries, 5)
    assert sum(len(np.intersect1d(a, b)) for a, b in zip(true_ids, found_ids, strict=True)) > 95
    for place in range(20):
        assert 9 not in found_ids[place]
        assert (np.diff(found_scores[place]) <= 0).all()
        if found_ids[place].tolist() == true_ids[place].tolist():
            np.testing.assert_allclose(found_scores[place], true_scores[place], rtol=1e-12)
    assert index.recall(10) > 0.95


def test_an_index_is_kept_and_used_again(engine, tmp_path):
    folder = tmp_path / "cache"
    first = approximate_neighbours(SPACE, engine, folder=folder)
    again = approximate_neighbours(SPACE, engine, folder=folder)
    assert (first.from_cache, again.from_cache) == (False, True)
    queries = TABLE[:3]
    for a, b in zip(first.nearest(queries, 4)[0], again.nearest(queries, 4)[0], strict=True):
        assert a.tolist() == b.tolist()
    other = SearchSpace(TABLE[:400], row_norms(TABLE[:400]))
    assert not approximate_neighbours(other, engine, folder=folder).from_cache
    assert len(list(folder.iterdir())) == 2


def test_somebody_is_told_before_an_index_is_built(engine, tmp_path):
    told = []
    for _ in range(2):
        approximate_neighbours(
            SPACE, engine, folder=tmp_path / "cache", before_building=lambda: told.append(1)
        )
    assert told == [1]


@pytest.mark.parametrize("damage", ["cut", "changed", "foreign", "shared"])
def test_an_index_in_doubt_is_built_anew(engine, tmp_path, damage):
    folder = tmp_path / "cache"
    approximate_neighbours(SPACE, engine, folder=folder)
    (file,) = folder.iterdir()
    content = file.read_bytes()
    if damage == "cut":
        file.write_bytes(content[:-9])
    elif damage == "changed":
        file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    elif damage == "foreign":
        write_index(folder, file.name, b"no index at all")
    elif os.name == "posix":
        folder.chmod(0o777)
    else:
        pytest.skip("folders are closed to others here")
    assert not approximate_neighbours(SPACE, engine, folder=folder).from_cache


def test_k_and_nothing(engine, tmp_path):
    index = approximate_neighbours(SPACE, engine, folder=tmp_path / "cache")
    assert [len(ids) for ids in index.nearest(TABLE[:2], 0)[0]] == [0, 0]
    assert index.nearest(TABLE[:0], 3) == ([], [])
    (ids,), _ = index.nearest(TABLE[:1], 10**9)
    assert 400 < len(ids) < 500
    with pytest.raises(InputError, match="there is no word to build an index of"):
        approximate_neighbours(SPACE.first(0), engine, folder=tmp_path / "cache")


def test_word_ids_of_a_part(engine, tmp_path):
    part = SPACE.only(np.array([400, 30, 200]))
    (ids,), _ = approximate_neighbours(part, engine, folder=tmp_path / "cache").nearest(
        TABLE[200:201], 2
    )
    assert ids[0] == 200
    assert set(ids.tolist()) <= {30, 200, 400}


def test_only_known_engines(tmp_path, monkeypatch):
    with pytest.raises(InputError, match=r"must be one of \('usearch', 'faiss'\), got 'annoy'"):
        approximate_neighbours(SPACE, "annoy", folder=tmp_path)
    monkeypatch.setitem(__import__("sys").modules, "faiss", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'symvec\[faiss\]'"):
        approximate_neighbours(SPACE, "faiss", folder=tmp_path)


def test_the_key_tells_vectors_and_settings_apart(tmp_path):
    keys = {
        index_key(TABLE[:5], "a", "1"),
        index_key(TABLE[:5], "a", "2"),
        index_key(TABLE[:5], "b", "1"),
        index_key(TABLE[1:6], "a", "1"),
        index_key(TABLE[:5].reshape(12, 5), "a", "1"),
    }
    assert len(keys) == 5
    assert read_index(tmp_path / "nothing", "a") is None
    assert not write_index(tmp_path / "file\0", "a", b"")
