import numpy as np
import pytest

import symvec
from symvec.errors import InputError, UnknownSymbolError
from symvec.training.holding_out import hold_out
from symvec.vocabulary.corpus import EncodedCorpus

SETTINGS = {"vector_size": 8, "min_count": 1, "epochs": 4, "sample": 0.0}


def corpus(sentences):
    ids = np.array([n for n in range(sentences) for n in (n, n, -1)], np.int32)
    ids[2::3] = -1
    return EncodedCorpus(ids, 2 * sentences, sentences)


def sentences(count=800):
    random = np.random.default_rng(1)
    return [[f"w{n}" for n in line] for line in random.integers(0, 40, (count, 8))]


def test_each_sentence_is_in_one_of_the_two_parts(tmp_path):
    whole = corpus(5000)
    kept, held = hold_out(whole, 0.1, 1, tmp_path)
    assert kept.sentence_count + held.sentence_count == 5000
    assert 400 < held.sentence_count < 600
    assert kept.word_count + held.word_count == whole.word_count
    assert sorted([*kept.ids, *held.ids]) == sorted(whole.ids)
    assert not set(kept.ids[kept.ids >= 0]) & set(held.ids[held.ids >= 0])


def test_the_seed_decides_which(tmp_path):
    held = [hold_out(corpus(300), 0.2, seed, tmp_path)[1].ids.tolist() for seed in (1, 1, 2)]
    assert held[0] == held[1] != held[2]


def test_a_part_without_a_sentence_is_an_error(tmp_path):
    with pytest.raises(InputError) as caught:
        hold_out(corpus(3), 1e-6, 1, tmp_path)
    assert str(caught.value) == (
        "held_out=1e-06 of 3 sentences leaves 3 to train on and 0 held out; neither may be 0: give "
        "each sentence a line of its own, or hold nothing out (held_out=0)"
    )


def test_the_loss_of_what_is_held_out_is_told_and_kept():
    told = []
    vectors = symvec.train(sentences(), **SETTINGS, held_out=0.2, on_epoch=told.append)
    losses = vectors.provenance["held_out_losses"]
    assert [report.held_out_loss for report in told] == losses
    assert [report.loss for report in told] == vectors.provenance["losses"]
    assert [(report.epoch, report.epochs) for report in told] == [(n, 4) for n in (1, 2, 3, 4)]
    assert all(0 < loss < 10 for loss in losses)
    all_examples = symvec.train(sentences(), **SETTINGS).provenance["examples"][0]
    assert 0.7 < vectors.provenance["examples"][0] / all_examples < 0.9


def test_the_loss_is_that_of_the_objective_without_an_update():
    """Where nothing is learned, what is held out costs what the rest costs."""
    options = SETTINGS | {"alpha": 0.0, "min_alpha": 0.0}
    provenance = symvec.train(sentences(), **options, held_out=0.3).provenance
    assert provenance["held_out_losses"] == pytest.approx([6 * np.log(2)] * 4, rel=0.03)
    assert provenance["losses"] == pytest.approx([6 * np.log(2)] * 4, rel=0.03)


def test_telling_the_loss_changes_nothing_else():
    options = SETTINGS | {"held_out": 0.2}
    tables = [symvec.train(sentences(), **options, threads=n).table for n in (1, 2)]
    np.testing.assert_array_equal(*tables)


def test_training_stops_when_the_held_out_loss_falls_no_more():
    # Words at random: there is nothing to learn of them but their frequency.
    options = SETTINGS | {"epochs": 30, "alpha": 0.1}
    vectors = symvec.train(sentences(), **options, held_out=0.2, early_stop=2)
    losses = vectors.provenance["held_out_losses"]
    assert len(losses) < 30
    assert min(losses) == losses[-3]


def test_the_neighbours_of_probe_words_are_told():
    told = []
    vectors = symvec.train(sentences(), **SETTINGS, probe=["w3", "w7"], on_epoch=told.append)
    last = told[-1].neighbours
    assert list(last) == ["w3", "w7"]
    for word, neighbours in last.items():
        assert [each for each, _ in neighbours] == [
            each for each, _ in vectors.most_similar(word, topn=5)
        ]
    assert "probe" not in vectors.provenance["settings"]
    assert told[0].neighbours != last


def test_a_probe_word_that_is_not_there_is_told_before_training():
    told = []
    with pytest.raises(UnknownSymbolError, match="'nothing' is not in the vocabulary"):
        symvec.train(sentences(), **SETTINGS, probe=["nothing"], on_epoch=told.append)
    assert told == []
