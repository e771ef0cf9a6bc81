import hashlib

import numpy as np
import pytest

import symvec
from symvec.errors import (
    InputError,
    InterruptedTraining,
    OutputError,
    SymvecError,
    UnknownSymbolError,
)
from symvec.training.advice import TrainingWarning
from symvec.training.glove_rounds import group_count, rounds

SMALL = {"algorithm": "glove", "vector_size": 16, "window": 4, "epochs": 40, "min_count": 1}


def two_worlds(sentences=400):
    """Return sentences each of which keeps to one of two groups of ten words."""
    random = np.random.default_rng(0)
    groups = [[f"{group}{n}" for n in range(10)] for group in ("land", "sea")]
    return groups, [
        [groups[n % 2][word] for word in random.integers(0, 10, 12)] for n in range(sentences)
    ]


def digest(vectors):
    return hashlib.sha256(vectors.table.tobytes()).hexdigest()


def test_words_that_share_contexts_come_to_lie_together():
    groups, sentences = two_worlds()
    vectors = symvec.train(sentences, **SMALL)
    for group in groups:
        for word, nearest in zip(group, vectors.most_similar(group, topn=9), strict=True):
            assert {neighbour for neighbour, _ in nearest} == set(group) - {word}
    losses = vectors.provenance["losses"]
    assert losses[-1] < losses[0] / 100


@pytest.mark.parametrize("threads", [2, 3, 8])
def test_the_number_of_threads_changes_no_byte(threads):
    _, sentences = two_worlds(100)
    settings = SMALL | {"epochs": 3}
    alone = symvec.train(sentences, threads=1, **settings)
    together = symvec.train(sentences, threads=threads, **settings)
    assert digest(alone) == digest(together)
    assert alone.provenance == together.provenance
    assert digest(alone) != digest(symvec.train(sentences, threads=1, seed=2, **settings))


def test_the_memory_budget_changes_no_byte():
    _, sentences = two_worlds(3000)
    settings = SMALL | {"epochs": 1, "window": 12}
    tables = {
        digest(symvec.train(sentences, memory_budget=budget, threads=3, **settings))
        for budget in (1 << 22, 1 << 26)
    }
    assert len(tables) == 1


def test_an_interrupted_run_ends_in_the_same_bytes(tmp_path):
    _, sentences = two_worlds(100)
    settings, path = SMALL | {"epochs": 4}, tmp_path / "model"
    whole = symvec.train(sentences, threads=1, **settings)

    def stop(progress):
        if progress.stage == "training" and progress.epoch == 2:
            raise KeyboardInterrupt

    for threads in (3, 1):
        with pytest.raises(InterruptedTraining, match="resume=True"):
            symvec.train(
                sentences, threads=threads, checkpoint=path, progress=stop, resume=threads == 1,
                **settings,
            )  # fmt: skip
    resumed = symvec.train(sentences, threads=2, checkpoint=path, resume=True, **settings)
    assert digest(resumed) == digest(whole)
    assert resumed.provenance == whole.provenance


def test_numbers_that_grow_without_bound_halve_the_rate():
    _, sentences = two_worlds(60)
    with pytest.warns(TrainingWarning, match="on at half the rate, alpha=5$"):
        vectors = symvec.train(sentences, alpha=10.0, **SMALL | {"epochs": 2})
    assert vectors.provenance["halvings"]
    assert np.isfinite(vectors.table).all()
    with (
        pytest.warns(TrainingWarning),
        pytest.raises(SymvecError, match="and after 6 halvings of it"),
    ):
        symvec.train(sentences, alpha=1e12, **SMALL)


def test_vectors_of_words_alone_are_another_choice():
    _, sentences = two_worlds(60)
    tables = {
        which: symvec.train(sentences, glove_vectors=which, **SMALL).table
        for which in ("sum", "words")
    }
    assert not np.allclose(tables["sum"], tables["words"])


@pytest.mark.parametrize(
    "sentences", [[["lone"]] * 3, [["lone"] * 40], [["a"], ["b"]], [["a", "b"]]]
)
def test_corpora_with_next_to_nothing(sentences):
    vectors = symvec.train(sentences, **SMALL)
    assert np.isfinite(vectors.table).all()
    pairs = {frozenset(sentence) for sentence in sentences if len(sentence) > 1}
    assert vectors.provenance["pairs"] == len(pairs)
    assert all(np.isfinite(vectors.provenance["losses"]))


def test_a_folder_without_room(tmp_path):
    with pytest.raises((OutputError, FileNotFoundError)):
        symvec.train([["a", "b"]] * 9, directory=tmp_path / "nowhere", **SMALL)


@pytest.mark.parametrize("groups", [2, 4, 16, 30])
def test_each_two_groups_meet_once_an_epoch_and_none_twice_a_round(groups):
    plan = rounds(groups, seed=1, epoch=0)
    met = [couple for couples in plan for couple in couples]
    expected = {(a, b) for a in range(groups) for b in range(a, groups)}
    assert len(met) == len(expected) == len(set(met) & expected)
    for couples in plan:
        busy = [group for couple in couples for group in set(couple)]
        assert len(busy) == len(set(busy))
    assert rounds(groups, 1, 1) != plan or groups == 2


def test_the_number_of_groups_is_even_and_bounded():
    assert group_count(1, 1000) == 16
    assert group_count(10**9, 1000) == 256
    assert group_count(50_000, 1792) == 86


def worlds_to_hold_out():
    _, sentences = two_worlds(1000)
    return sentences


def test_the_loss_of_pairs_that_are_held_out_is_told_each_epoch():
    settings = SMALL | {"epochs": 6, "held_out": 0.1}
    told = []
    vectors = symvec.train(worlds_to_hold_out(), **settings, on_epoch=told.append)
    whole = symvec.train(worlds_to_hold_out(), **SMALL | {"epochs": 1})
    held_out = vectors.provenance["held_out_losses"]
    assert [report.held_out_loss for report in told] == held_out
    assert len(held_out) == 6
    assert held_out[-1] < held_out[0] / 2  # what was never trained on is foretold all the same
    share = vectors.provenance["pairs"] / whole.provenance["pairs"]
    assert 0.8 < share < 0.97


def test_held_out_pairs_change_with_nothing_but_the_seed():
    settings = SMALL | {"epochs": 2, "held_out": 0.2}
    sentences = worlds_to_hold_out()
    found = {
        (threads, seed): symvec.train(sentences, threads=threads, seed=seed, **settings).provenance
        for threads, seed in [(1, 1), (3, 1), (1, 2)]
    }
    assert found[1, 1] == found[3, 1]
    assert found[1, 1]["held_out_losses"] != found[1, 2]["held_out_losses"]


def test_training_ends_when_the_held_out_loss_is_not_lowered_any_more():
    random = np.random.default_rng(0)
    noise = [[f"w{n}" for n in line] for line in random.integers(0, 40, (60, 6))]
    settings = SMALL | {"epochs": 60, "held_out": 0.3, "early_stop": 2}
    losses = symvec.train(noise, **settings).provenance["held_out_losses"]
    assert len(losses) < 60
    best = min(range(len(losses)), key=losses.__getitem__)
    assert best == len(losses) - 3


def test_words_to_probe_are_asked_for_after_each_epoch():
    told = []
    settings = SMALL | {"epochs": 3, "probe": ["land1", "sea2"]}
    vectors = symvec.train(worlds_to_hold_out(), **settings, on_epoch=told.append)
    assert [set(report.neighbours) for report in told] == [{"land1", "sea2"}] * 3
    assert told[-1].neighbours["land1"] == vectors.most_similar("land1", topn=5)
    with pytest.raises(UnknownSymbolError, match="'lnd1' is not in the vocabulary; did you mean"):
        symvec.train(worlds_to_hold_out(), **SMALL | {"probe": ["lnd1"]})


def test_a_share_that_leaves_nothing_is_refused():
    with pytest.raises(InputError, match=r"held_out=0.5 of 1 pairs of words leaves [01] to train"):
        symvec.train([["a", "b"]] * 3, **SMALL | {"held_out": 0.5, "window": 1})
