import pytest

import symvec
from symvec.errors import MissingExtraError

LINES = [f"new york times w{n % 30}\nNew York w{n % 31}\ntea w{n % 29}" for n in range(60)] * 3
OPTIONS = {"phrases": 2, "phrases_threshold": 3, "phrases_min_count": 20}
SMALL = {"vector_size": 8, "epochs": 1}


@pytest.fixture(scope="module")
def text(tmp_path_factory):
    path = tmp_path_factory.mktemp("text") / "text"
    path.write_text("\n".join(LINES) + "\nnew york" * 60 + "\ntea" * 900)
    return path


def test_phrases_are_words_of_the_model_and_stay_with_it(text, tmp_path):
    vectors = symvec.train(text, **OPTIONS, **SMALL)
    vectors.save(tmp_path / "model")
    loaded = symvec.load(tmp_path / "model")
    for each in (vectors, loaded):
        assert {"new_york", "new_york_times"} <= set(each.index_to_key)
        assert each.resolve("New York Times") == "new_york_times"
        assert "new york" in each
        assert each.similarity("New York", "new_york") == pytest.approx(1)
        assert each.tokeniser.tokens("Tea of New York.") == ["tea", "of", "new_york"]
        names = [each.tokeniser.phrases.spelled(phrase) for phrase in each.tokeniser.phrases]
        assert names == ["new_york", "york_times", "new_york_times"]  # the second never won
    assert loaded.tokeniser.to_metadata() == vectors.tokeniser.to_metadata()
    assert loaded.provenance["settings"]["phrases"] == 2
    loaded.save(tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == (tmp_path / "model").read_bytes()


@pytest.mark.parametrize("algorithm", ["cbow", "svd"])
def test_any_algorithm_learns_them_first(text, algorithm):
    size = {"vector_size": 8}
    vectors = symvec.train(text, algorithm=algorithm, **OPTIONS, **size)
    assert "new_york_times" in vectors.key_to_index


def test_lists_of_tokens_have_phrases_too(text):
    sentences = [line.split() for line in text.read_text().lower().splitlines()]
    of_lists = symvec.train(sentences, **OPTIONS, **SMALL)
    of_text = symvec.train(text, **OPTIONS, **SMALL)
    assert of_lists.table.tobytes() == of_text.table.tobytes()
    assert of_lists.resolve("new york") == "new_york"


def test_a_model_opens_without_the_library_that_cut_its_text(text, tmp_path, monkeypatch):
    pytest.importorskip("rjieba")
    text = tmp_path / "zh"
    text.write_text("我来到北京清华大学。我爱北京\n" * 20)
    vectors = symvec.train(text, tokeniser="jieba", **SMALL)
    assert "清华大学" in vectors.key_to_index
    assert vectors.resolve("北京。") == "北京"
    vectors.save(tmp_path / "model")
    monkeypatch.setitem(__import__("sys").modules, "rjieba", None)
    loaded = symvec.load(tmp_path / "model")
    assert loaded["北京"].shape == (8,)
    assert loaded.tokeniser.to_metadata() == vectors.tokeniser.to_metadata()
    with pytest.warns(RuntimeWarning, match=r"pip install 'symvec\[zh\]'"):
        assert "上海" not in loaded
    with pytest.raises(MissingExtraError, match=r"pip install 'symvec\[zh\]'"):
        symvec.train(text, tokeniser="jieba", **SMALL)
