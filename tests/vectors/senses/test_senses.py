import numpy as np
import pytest

from symvec.errors import EmptyCorpusError, FileError, InputError
from symvec.vectors import Vectors
from symvec.vectors.senses import find_senses, fit_context_map, group_senses, read_sentences
from symvec.vectors.senses.grouping import prediction_strength
from symvec.vocabulary import Vocabulary, WordRows

# Many words in each world: with few, the one that happens to be there would be a sense.
RIVER = ["water", "river", "boat", *(f"fish{i}" for i in range(37))]
MONEY = ["money", "loan", "credit", *(f"cash{i}" for i in range(37))]
WORDS = [*RIVER, *MONEY, "bank", "the"]


def sentences(count=400, seed=5):
    """Each with a bank of the one or the other kind."""
    random = np.random.default_rng(seed)
    for number in range(count):
        world = RIVER if number % 4 == 0 else MONEY
        words = [*random.choice(world, 8, replace=False), "the"]
        words.insert(int(random.integers(9)), "bank")
        yield words


@pytest.fixture
def vectors():
    random = np.random.default_rng(8)
    table = random.normal(scale=0.3, size=(len(WORDS), 10))
    table[:40] += np.eye(10)[0] * 2
    table[40:80] += np.eye(10)[1] * 2
    table[80] = table[:80].mean(axis=0)
    counts = [100] * 80 + [400, 20000]
    return Vectors(WordRows(Vocabulary.from_words(WORDS, counts)), table.astype(np.float32))


@pytest.fixture
def context_map(vectors):
    return fit_context_map(vectors, sentences(), min_count=5)


def test_lines_become_sentences(vectors, tmp_path):
    path = tmp_path / "text.txt"
    path.write_text("The BANK, the river!\n\n...\nmoney\nno newline bank", encoding="utf-8")
    assert list(read_sentences(vectors, path)) == [
        ["the", "bank", "the", "river"],
        ["money"],
        ["no", "newline", "bank"],
    ]
    assert len(list(read_sentences(vectors, path, containing="Bank"))) == 2
    with pytest.raises(FileError):
        list(read_sentences(vectors, tmp_path / "nothing"))


def test_the_map_is_the_regression_of_the_paper(vectors, context_map):
    means, targets, importance = [], [], []
    units = vectors.table / np.linalg.norm(vectors.table, axis=1, keepdims=True)
    weights = 1e-3 / (1e-3 + vectors.vocabulary.counts / vectors.vocabulary.counts.sum())
    for word_id, word in enumerate(WORDS):
        total, count = np.zeros(10), 0
        for sentence in sentences():
            for place, other in enumerate(sentence):
                if other == word:
                    count += 1
                    around = [WORDS.index(w) for i, w in enumerate(sentence) if i != place]
                    total += weights[around] @ units[around]
        if count < 5:
            continue
        means.append(total / np.linalg.norm(total))
        targets.append(units[word_id])
        importance.append(np.log(count) + 1)
    a, b, w = np.array(means), np.array(targets), np.array(importance)[:, None]
    products = a.T @ (w * a)
    products += 1e-2 * np.trace(products) / 10 * np.eye(10)
    np.testing.assert_allclose(
        context_map.matrix, np.linalg.solve(products, a.T @ (w * b)), atol=1e-4
    )


def test_a_window_ends_at_the_sentence_and_at_its_width(vectors):
    # Reading goes in batches: a sentence at the end of one must not reach into the next.
    narrow = fit_context_map(vectors, sentences(), window=1, min_count=5)
    sentence = ["river", "bank", "money", "water"]
    np.testing.assert_allclose(narrow.at(sentence, 0), narrow.at(["x", "bank"], 0))
    np.testing.assert_allclose(narrow.at(sentence, 1), narrow.at(["river", "x", "money"], 1))
    assert narrow.at(["x"], 0).tolist() == [0] * 10
    assert narrow.contexts([["x"]], "bank").shape == (0, 10)
    with pytest.raises(InputError, match="positions go from 0 to 3 in this sentence, got 4"):
        narrow.at(sentence, 4)


def test_what_a_map_needs(vectors):
    with pytest.raises(InputError, match="the window must be 1 word or more, got 0"):
        fit_context_map(vectors, sentences(), window=0)
    with pytest.raises(EmptyCorpusError, match="no word of the model comes 20 times"):
        fit_context_map(vectors, [["river", "bank"]])
    with pytest.raises(EmptyCorpusError):
        fit_context_map(vectors, sentences(), words=10)


def test_the_number_of_groups_is_found():
    random = np.random.default_rng(4)

    def groups(sizes):
        centres = np.repeat(np.eye(16)[: len(sizes)], sizes, axis=0)
        rows = centres + random.normal(scale=0.08, size=centres.shape)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    for sizes in ([90], [90, 40], [80, 60, 30]):
        labels = group_senses(groups(sizes))
        assert np.bincount(labels).tolist() == sizes
        begins = np.cumsum([0, *sizes[:-1]])
        assert labels[begins].tolist() == list(range(len(sizes)))
    assert group_senses(np.zeros((0, 4))).tolist() == []
    assert group_senses(groups([1])).tolist() == [0]
    assert set(group_senses(np.ones((50, 4)) / 2)) == {0}
    assert prediction_strength(groups([60, 60]), 2, random) > 0.95
    assert prediction_strength(groups([60, 60]), 4, random) < 0.8


def test_two_senses_of_a_word(vectors, context_map):
    found = find_senses(context_map, "bank", sentences())
    assert [sense.occurrences for sense in found.senses] == [300, 100]
    assert [sense.share for sense in found.senses] == [0.75, 0.25]
    assert {word for word, _ in found.neighbours(0, 5)} <= set(MONEY)
    assert {word for word, _ in found.neighbours(1, 5)} <= set(RIVER)
    assert all("bank" in line for line in found.senses[0].examples)
    sentence = ["the", "boat", "at", "the", "bank", "of", "the", "river"]
    number, cosines = found.sense_of(sentence, 4)
    assert number == 1
    assert cosines[1] > cosines[0]
    again = find_senses(context_map, "bank", sentences())
    assert again.senses[0].examples == found.senses[0].examples


def test_one_sense_where_there_is_one(context_map):
    found = find_senses(context_map, "loan", sentences())
    assert len(found.senses) == 1
    assert found.sense_of(["loan", "money"], 0)[0] == 0
    with pytest.raises(EmptyCorpusError, match="'ship' stands in no sentence"):
        find_senses(context_map, "ship", sentences())
    with pytest.raises(EmptyCorpusError, match="'bank' stands in no sentence"):
        find_senses(context_map, "bank", [["bank"]])
    few = find_senses(context_map, "bank", sentences(), occurrences=3)
    assert sum(sense.occurrences for sense in few.senses) == 3
