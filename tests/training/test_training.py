import re
from collections import defaultdict

import numpy as np
import pytest

import symvec
from symvec.errors import EmptyCorpusError, FileError, InputError, InterruptedTraining, SymvecError

ALGORITHMS = [
    {"algorithm": "skipgram"},
    {"algorithm": "cbow", "cbow_update": "word2vec"},
    {"algorithm": "cbow", "cbow_update": "exact"},
]
SMALL = {"vector_size": 8, "window": 2, "epochs": 2, "min_count": 1, "sample": 0.0}
TEA = [["green", "tea"], ["black", "tea"], ["tea"]] * 20


def two_worlds(sentences=600):
    """Return sentences each of which keeps to one of two groups of ten words."""
    random = np.random.default_rng(0)
    groups = [[f"{group}{n}" for n in range(10)] for group in ("land", "sea")]
    return groups, [
        [groups[n % 2][word] for word in random.integers(0, 10, 12)] for n in range(sentences)
    ]


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_words_that_share_contexts_come_to_lie_together(algorithm):
    groups, sentences = two_worlds(2000)
    settings = SMALL | {"vector_size": 16, "window": 5, "epochs": 5} | algorithm
    vectors = symvec.train(sentences, **settings)
    for group in groups:
        for word, nearest in zip(group, vectors.most_similar(group, topn=9), strict=True):
            assert {neighbour for neighbour, _ in nearest} == set(group) - {word}
    first, *_, last = vectors.provenance["losses"]
    assert last < first


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("words", [5, 30, 200])
@pytest.mark.parametrize("sample", [0, 1e-3])
def test_small_and_uneven_vocabularies_learn_what_large_ones_do(algorithm, words, sample):
    random = np.random.default_rng(words)
    frequent_first = random.zipf(1.3, (3000, 12)) % words
    sentences = [[f"word{n}" for n in line] for line in frequent_first]
    losses = symvec.train(
        sentences, vector_size=16, min_count=1, sample=sample, **algorithm
    ).provenance["losses"]
    assert losses == sorted(losses, reverse=True) or max(losses) < 1.02 * losses[0]
    assert losses[0] <= 6 * np.log(2)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_the_seed_decides_and_the_number_of_threads_does_not(algorithm):
    _, sentences = two_worlds(100)
    settings = SMALL | algorithm
    tables = {
        (seed, threads): symvec.train(sentences, seed=seed, threads=threads, **settings).table
        for seed, threads in [(1, 1), (1, 2), (1, 3), (2, 2)]
    }
    np.testing.assert_array_equal(tables[1, 1], tables[1, 2])
    np.testing.assert_array_equal(tables[1, 1], tables[1, 3])
    assert not np.array_equal(tables[1, 1], tables[2, 2])


def test_a_line_of_fifty_thousand_words_is_trained_on_to_its_end(tmp_path):
    text = tmp_path / "one_line.txt"
    text.write_text(" ".join(f"word{n % 97}" for n in range(50_000)), encoding="utf-8")
    vectors = symvec.train(text, **SMALL | {"window": 1, "epochs": 1})
    # With a window of 1 each word but the two at the ends has two contexts.
    assert vectors.provenance["examples"] == [2 * 50_000 - 2]
    assert vectors.provenance["corpus"]["kept_words"] == 50_000
    assert vectors.provenance["corpus"]["sentences"] == 1


def test_text_and_token_lists_come_to_the_same(tmp_path):
    text = tmp_path / "tea.txt"
    text.write_text("\n".join(" ".join(words) for words in TEA), encoding="utf-8")
    read, given = symvec.train(text, **SMALL), symvec.train(iter(TEA), **SMALL)
    assert read.index_to_key == given.index_to_key == ["tea", "green", "black"]
    np.testing.assert_array_equal(read.table, given.table)
    assert read.tokeniser is not None
    assert given.tokeniser is None


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize(
    "sentences",
    [
        [["lone"]] * 3,  # one word, no context
        [["lone"] * 40],  # one word, whose noise words are all itself
        [["a"], ["b"], ["c"]],  # sentences of one word
        [["a", "b"]],
    ],
)
def test_corpora_with_next_to_nothing(algorithm, sentences):
    vectors = symvec.train(sentences, **SMALL | algorithm)
    assert len(vectors) == len({word for sentence in sentences for word in sentence})
    assert np.isfinite(vectors.table).all()
    assert all(np.isfinite(vectors.provenance["losses"]))
    if all(len(sentence) == 1 for sentence in sentences):
        assert vectors.provenance["examples"] == [0, 0]
        assert vectors.provenance["losses"] == [0.0, 0.0]


def test_frequent_words_are_thinned_out_unless_sample_is_zero():
    sentences = [["the"] * 9 + [f"word{n % 50}"] for n in range(300)]
    examples = {
        sample: symvec.train(sentences, **SMALL | {"sample": sample}).provenance["examples"][0]
        for sample in (0, 1e-3)
    }
    assert examples[1e-3] < examples[0] / 4


def test_provenance_says_how_the_vectors_were_made():
    provenance = symvec.train(TEA, **SMALL, seed=7).provenance
    assert provenance["settings"]["seed"] == 7
    assert provenance["settings"]["alpha"] == 0.025
    assert provenance["settings"]["algorithm"] == "skipgram"
    assert provenance["corpus"]["kept_words"] == 100
    assert provenance["corpus"]["sentences"] == 60
    assert re.fullmatch("[0-9a-f]{64}", provenance["corpus"]["sha256"])
    assert len(provenance["losses"]) == len(provenance["examples"]) == 2
    assert provenance["examples"] == [80, 80]
    assert set(provenance["versions"]) == {"symvec", "numpy", "numba", "python"}


def test_progress_is_told_from_reading_to_the_last_word(tmp_path):
    text = tmp_path / "tea.txt"
    text.write_text("\n".join(" ".join(words) for words in TEA), encoding="utf-8")
    told = defaultdict(list)
    symvec.train(text, **SMALL | {"epochs": 3}, progress=lambda p: told[p.stage].append(p))
    assert list(told) == ["reading", "compiling", "training"]
    assert told["reading"][-1].done == told["reading"][-1].total == text.stat().st_size
    done = [progress.done for progress in told["training"]]
    assert done == sorted(done)
    assert done[-1] == told["training"][-1].total == 300
    assert [progress.epoch for progress in told["training"]][-1] == 3
    for progress in told["training"]:
        assert progress.epochs == 3
        assert progress.loss > 0
        assert progress.words_per_second > 0
        assert progress.seconds_left >= 0


class _Stop:
    def __init__(self, stage, error):
        self._stage, self._error = stage, error

    def __call__(self, progress):
        if progress.stage == self._stage:
            raise self._error


@pytest.mark.parametrize("threads", [1, 2])
def test_ctrl_c_ends_the_threads_and_leaves_no_files(threads, tmp_path):
    _, sentences = two_worlds(3000)
    stop = _Stop("training", KeyboardInterrupt())
    with pytest.raises(InterruptedTraining, match="training was interrupted; nothing was saved"):
        symvec.train(
            sentences, **SMALL | {"epochs": 50}, threads=threads, directory=tmp_path, progress=stop
        )
    assert list(tmp_path.iterdir()) == []


def test_an_error_of_the_callback_comes_through(tmp_path):
    stop = _Stop("training", ZeroDivisionError("in the callback"))
    with pytest.raises(ZeroDivisionError, match="in the callback"):
        symvec.train(TEA, **SMALL, progress=stop, directory=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_working_files_go_when_training_ends(tmp_path):
    seen = []

    def look(progress):
        seen.extend(path.name for path in tmp_path.iterdir())

    symvec.train(TEA, **SMALL, directory=tmp_path, progress=look)
    assert seen
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_rate_at_which_the_vectors_explode_is_an_error(algorithm):
    _, sentences = two_worlds(200)
    with pytest.raises(SymvecError, match=r"the loss is .* train with a smaller alpha"):
        symvec.train(sentences, **SMALL | algorithm, alpha=1e30)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ((line for line in ["green tea", "black tea"]), r"sentence 0 is one piece of text"),
        ([["tea", 3]], "token 1 of sentence 0 is 3 of type int"),
        (["corpus.txt", ["tea"]], "expected a list of paths or a list of token lists, got both"),
        (7, "the sentences are 7 of type int"),
    ],
)
def test_sources_that_are_none(source, message):
    with pytest.raises(InputError, match=message):
        symvec.train(source, **SMALL)


def test_a_list_of_lines_is_not_a_list_of_files():
    with pytest.raises(SymvecError, match="green tea, please") as caught:
        symvec.train(["green tea, please", "black tea"], **SMALL)
    assert "split" in str(caught.value)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(FileError, match="nowhere"):
        symvec.train(tmp_path / "nowhere.txt")


def test_nothing_to_learn_from():
    with pytest.raises(EmptyCorpusError):
        symvec.train([])
    with pytest.raises(EmptyCorpusError, match=r"tea"):  # the highest count and its word
        symvec.train(TEA, min_count=1000)


@pytest.mark.parametrize("threads", [0, -1, 1.5, True, "2"])
def test_threads_that_are_no_number_of_threads(threads):
    with pytest.raises(InputError, match="threads must be a whole number of 1 or more, got"):
        symvec.train(TEA, threads=threads)


def test_a_setting_that_is_none():
    with pytest.raises(InputError, match="there is no setting 'width'; the settings are algorithm"):
        symvec.train(TEA, width=100)
