import numpy as np
import pytest

import symvec
from symvec.errors import InputError
from symvec.text.items import ItemTokeniser
from symvec.training.items import chosen_tokeniser, with_item_defaults
from symvec.training.plan import plan
from symvec.training.settings import Word2VecSettings
from symvec.vocabulary.corpus import EncodedCorpus

GROUPS = [[f"shelf {group}: no {item}" for item in range(10)] for group in range(5)]


def baskets(count, seed=1):
    """Return baskets whose items are all of one group, in any order."""
    random = np.random.default_rng(seed)
    return [
        random.permutation(GROUPS[n % len(GROUPS)])[: random.integers(3, 8)].tolist()
        for n in range(count)
    ]


def share_of_own_group(vectors):
    own = [
        neighbour in group
        for group in GROUPS
        for item in group
        for neighbour, _ in vectors.most_similar(item, 5)
    ]
    return np.mean(own)


# CBOW with more epochs learns which of ten items a basket does not hold: its neighbours are then
# of other groups. So does gensim's.
@pytest.mark.parametrize(
    "settings",
    [
        {"algorithm": "skipgram"},
        {"algorithm": "cbow", "epochs": 5},
        {"algorithm": "glove"},
        {"algorithm": "svd"},
    ],
    ids=lambda settings: settings["algorithm"],
)
def test_items_that_are_bought_together_are_neighbours(tmp_path, settings):
    data = tmp_path / "baskets"
    data.write_text("\n".join("\t".join(basket) for basket in baskets(1200)))
    vectors = symvec.train(data, items=True, separator="\t", vector_size=16, **settings)
    assert sorted(vectors.index_to_key) == sorted(item for group in GROUPS for item in group)
    assert share_of_own_group(vectors) > 0.95


def test_lists_of_items_are_the_same_as_their_lines(tmp_path):
    lines = baskets(300)
    data = tmp_path / "baskets"
    data.write_text("\n".join(",".join(basket) for basket in lines))
    options = {"items": True, "vector_size": 8, "epochs": 2}
    of_lists = symvec.train(lines, **options)
    of_lines = symvec.train(data, separator=",", **options)
    assert of_lists.table.tobytes() == of_lines.table.tobytes()
    assert of_lists.tokeniser is None
    assert of_lines.tokeniser == ItemTokeniser(",")


def test_settings_that_are_given_win():
    assert with_item_defaults("skipgram", {"window": 3, "seed": 2}) == {
        "window": 3,
        "shrink_windows": False,
        "sample": 0.0,
        "ns_exponent": -0.5,
        "epochs": 20,
        "seed": 2,
    }
    assert "ns_exponent" not in with_item_defaults("cbow", {"objective": "hierarchical-softmax"})
    assert with_item_defaults("glove", {}) == {"window": 100, "window_weighting": "flat"}
    with pytest.raises(InputError, match="algorithm must be"):
        symvec.train([["a"]], items=True, algorithm="w2v")


@pytest.mark.parametrize(("longest", "window"), [(1, 1), (2, 1), (7, 6), (500, 100)])
def test_windows_reach_over_the_line_and_no_farther(longest, window):
    lines = [[0] * longest, [0]]
    ids = np.array([i for line in lines for i in [*line, -1]], np.int32)
    corpus = EncodedCorpus(ids, longest + 1, 2)
    assert corpus.longest_sentence == longest
    whole = plan(Word2VecSettings(window=100, shrink_windows=False), np.array([9]), corpus).shape
    assert (whole.window, whole.least_reach) == (window, window)
    shrunk = plan(Word2VecSettings(window=100), np.array([9]), corpus).shape
    assert (shrunk.window, shrunk.least_reach) == (100, 1)


def test_a_corpus_without_sentences_has_no_longest_one():
    assert EncodedCorpus(np.zeros(0, np.int32), 0, 0).longest_sentence == 0


@pytest.mark.parametrize(
    ("tokeniser", "items", "separator", "message"),
    [
        ("whitespace", True, None, "items are cut at their separator, not by the tokeniser 'white"),
        ("words", False, ",", "the separator ',' is used only with items"),
        ("words", True, "", "the separator of items must be one character"),
        ("mecab", False, None, "the tokeniser must be 'words' or 'whitespace' or 'kiwi' or"),
    ],
)
def test_arguments_that_contradict_each_other(tokeniser, items, separator, message):
    with pytest.raises(InputError) as caught:
        chosen_tokeniser(tokeniser, True, items, separator)
    assert str(caught.value).startswith(message)


def test_a_tokeniser_may_be_given_as_it_is():
    tokeniser = ItemTokeniser(";")
    assert chosen_tokeniser(tokeniser, True, True, None) is tokeniser
    assert chosen_tokeniser(tokeniser, True, False, None) is tokeniser
    assert chosen_tokeniser("whitespace", False, False, None).lowercase is False
