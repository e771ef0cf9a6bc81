"""Categories, odd words, associations, and models side by side."""

import json
from itertools import permutations

import numpy as np
import pytest

from symvec.errors import FileError, FormatError, InputError
from symvec.evaluation import (
    analogy_items,
    compare_models,
    compare_on,
    evaluate_analogies,
    evaluate_associations,
    evaluate_categories,
    evaluate_odd_words,
    evaluate_pairs,
    pair_items,
    read_word_lists,
)
from symvec.evaluation.bootstrap import score_interval
from symvec.vectors import Vectors
from symvec.vocabulary import Vocabulary, WordRows

WORDS = ["cat", "dog", "horse", "tea", "milk", "Beer", "good", "bad"]
TABLE = np.array(
    [[5, 0, 1], [9, 1, 1], [4, 1, 0], [0, 3, 1], [1, 4, 0], [0, 5, 1], [1, 0, 4], [0, 1, 4]],
    dtype=np.float32,
)


@pytest.fixture
def vectors():
    return Vectors(WordRows(Vocabulary.from_words(WORDS)), TABLE)


def test_categories_from_a_file(vectors, tmp_path):
    path = tmp_path / "words.txt"
    path.write_text("cat animal\ndog animal\ntea a drink\nbeer\ta drink\nunknown animal\nmilk\n")
    score = evaluate_categories(vectors, path)
    assert (score.name, score.value, score.found, len(score.items)) == ("words.txt", 1.0, 4, 5)
    assert score.details["bad_lines"][0].number == 6
    mixed = [("cat", "a"), ("dog", "b"), ("tea", "a"), ("milk", "b")]
    assert evaluate_categories(vectors, mixed).value == 0.5
    assert evaluate_categories(vectors, [("nothing", "a")]).value is None
    path.write_text("cat\n")
    with pytest.raises(FormatError, match="holds no word with its category"):
        evaluate_categories(vectors, path)


def test_the_interval_of_purity_holds_the_purity(vectors):
    # Each category has one word: drawn with replacement, fewer distinct words would seem purer.
    members = [("cat", "a"), ("dog", "b"), ("horse", "c"), ("cat", "d"), ("dog", "e")]
    interval = score_interval([evaluate_categories(vectors, members)])
    assert interval.value == pytest.approx(0.6)
    assert interval.low < 0.6 < interval.high


def test_odd_words_from_a_file(vectors, tmp_path):
    path = tmp_path / "odd.txt"
    path.write_text("cat dog horse TEA\ntea milk cat\ncat tea milk\ncat dog unknown\ncat dog\n")
    score = evaluate_odd_words(vectors, path)
    assert score.items[:3, 0].tolist() == [1, 1, 0]
    assert (score.found, score.details["bad_lines"][0].number) == (3, 5)
    path.write_text("cat dog\n")
    with pytest.raises(FormatError, match="holds no list of three words or more"):
        evaluate_odd_words(vectors, path)


def test_associations_are_the_formula(vectors):
    lists = {"x": ["cat", "dog", "nothing"], "y": ["tea", "beer"], "a": ["good"], "b": ["bad"]}
    score = evaluate_associations(vectors, lists, ["x", "y", "a", "b"])
    units = (TABLE / np.linalg.norm(TABLE, axis=1, keepdims=True)).astype(float)
    s = units[[0, 1, 3, 5]] @ (units[6] - units[7])
    expected = (s[:2].mean() - s[2:].mean()) / s.std(ddof=1)
    assert score.value == pytest.approx(expected, abs=1e-6)
    ways = [s[list(p[:2])].mean() - s[list(p[2:])].mean() for p in permutations(range(4))]
    found = s[:2].mean() - s[2:].mean()
    assert score.details["p_value"] == pytest.approx(
        np.mean([way >= found - 1e-12 for way in ways])
    )
    assert (score.found, score.details["found_attributes"]) == (4, 2)


def test_many_targets_are_divided_at_random():
    random = np.random.default_rng(7)
    words = [f"w{i}" for i in range(62)]
    table = random.normal(size=(62, 5)).astype(np.float32)
    vectors = Vectors(WordRows(Vocabulary.from_words(words)), table)
    lists = {"x": words[:30], "y": words[30:60], "a": words[60:61], "b": words[61:]}
    score = evaluate_associations(vectors, lists, ["x", "y", "a", "b"])
    assert 0.01 < score.details["p_value"] < 0.99
    again = evaluate_associations(vectors, lists, ["x", "y", "a", "b"])
    assert again.details == score.details
    swapped = evaluate_associations(vectors, lists, ["y", "x", "a", "b"])
    assert swapped.value == pytest.approx(-score.value)
    assert swapped.details["p_value"] == pytest.approx(1 - score.details["p_value"], abs=0.02)


def test_associations_that_cannot_be_measured(vectors):
    lists = {"x": ["cat"], "y": ["tea"], "a": ["nothing"], "b": ["bad"]}
    score = evaluate_associations(vectors, lists, ["x", "y", "a", "b"])
    assert (score.value, score.found, score.details["p_value"]) == (None, 0, None)
    with pytest.raises(InputError, match="is four lists, two targets and two attributes, got 3"):
        evaluate_associations(vectors, lists, ["x", "y", "a"])
    with pytest.raises(InputError, match="there is no list 'z'; there are x, y, a, b"):
        evaluate_associations(vectors, lists, ["x", "y", "a", "z"])


@pytest.mark.parametrize(
    ("text", "reason"),
    [("{", "is not JSON"), ("[1]", "must be a JSON object"), ('{"x": [1]}', "'x' must be a list")],
)
def test_word_lists_that_are_none(tmp_path, text, reason):
    path = tmp_path / "lists.json"
    path.write_text(text)
    with pytest.raises(FormatError, match=reason):
        read_word_lists(path)
    with pytest.raises(FileError, match="cannot read"):
        read_word_lists(tmp_path / "nothing")
    path.write_text(json.dumps({"x": ["tea"]}))
    assert read_word_lists(path) == {"x": ["tea"]}


def test_items_agree_with_the_scores(vectors, tmp_path):
    pairs = [("cat", "dog", 9), ("cat", "tea", 2), ("good", "tea", 1), ("x", "tea", 1)]
    assert pair_items(vectors, pairs).value == evaluate_pairs(vectors, pairs).spearman
    path = tmp_path / "questions.txt"
    path.write_text(": a\ncat dog tea milk\ncat horse tea beer\n: b\ncat dog x y\n")
    for method in ("3cosadd", "3cosmul"):
        score = evaluate_analogies(vectors, path).all
        items = analogy_items(vectors, path, method=method)
        assert items.value == score.accuracy(method)
        assert (items.found, len(items.items)) == (score.asked, score.total)
    with pytest.raises(InputError, match="methods must be some of"):
        analogy_items(vectors, path, method="best")


def test_groups_of_models_side_by_side(vectors):
    random = np.random.default_rng(9)
    others = [
        Vectors(vectors.rows, random.normal(size=TABLE.shape).astype(np.float32)) for _ in range(2)
    ]
    lists = [["cat", "dog", "tea"], ["tea", "milk", "horse"], ["good", "bad", "cat"]] * 4
    (part,) = compare_on(
        {"good": [vectors], "random": iter(others)}, [lambda v: evaluate_odd_words(v, lists)]
    )
    good, bad = part.groups
    assert (part.total, good.interval.value, good.spread, good.is_real) == (12, 1.0, None, None)
    assert bad.spread == pytest.approx(np.std(bad.values, ddof=1))
    assert bad.against_first.value == pytest.approx(bad.interval.value - 1)
    with pytest.raises(InputError, match="there is no model to score"):
        compare_on({"none": []}, [lambda v: evaluate_odd_words(v, lists)])


def test_a_turned_model_has_not_moved_but_for_one_word(vectors):
    turn = np.linalg.qr(np.random.default_rng(1).normal(size=(3, 3)))[0]
    table = (TABLE @ turn).astype(np.float32)
    same = compare_models(vectors, Vectors(vectors.rows, table))
    assert same.mean_similarity == pytest.approx(1, abs=1e-6)
    assert same.mean_overlap == 1
    table[3] = -table[3]
    moved = compare_models(vectors, Vectors(vectors.rows, table), topn=1, neighbours=2)
    assert [part.word for part in moved.moved] == ["tea"]
    assert set(moved.moved[0].first_neighbours) == {"Beer", "milk"}
    assert moved.moved[0].overlap < 1
    asked = compare_models(vectors, Vectors(vectors.rows, table), words=["dog", "x"])
    assert [part.word for part in asked.moved] == ["dog"]


def test_models_of_other_words_and_sizes(vectors):
    other = Vectors(
        WordRows(Vocabulary.from_words(["tea", "new", "cat", "zero"])),
        np.array([[1, 0], [1, 1], [0, 1], [0, 0]], dtype=np.float32),
    )
    found = compare_models(vectors, other)
    assert (found.common_words, found.compared_words) == (2, 2)
    assert compare_models(vectors, other, restrict_vocabulary=1).compared_words == 1
    lone = Vectors(WordRows(Vocabulary.from_words(["x"])), np.ones((1, 2), dtype=np.float32))
    with pytest.raises(InputError, match="no word in common"):
        compare_models(vectors, lone)
    with pytest.raises(InputError, match="neighbours 1 or more"):
        compare_models(vectors, other, neighbours=0)
