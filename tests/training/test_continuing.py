"""Training that goes on with new text where that of a model ended."""

import numpy as np
import pytest

import symvec
from symvec.errors import InputError, InterruptedTraining
from symvec.training import TrainingWarning
from symvec.training.reproducing import differences, trained_again
from symvec.vectors.digest import digest

SMALL = {"vector_size": 16, "min_count": 2, "epochs": 5, "sample": 0.0, "keep_outputs": True}
WAYS = [
    {},
    {"algorithm": "cbow"},
    {"algorithm": "cbow", "position_weights": True, "window": 3},
    {"subwords": "chars", "bucket": 5000},
    {"subwords": "chars", "bucket": 5000, "ngram_rows": "hashed"},
    {"subwords": "chars", "ngram_rows": "listed"},
    {"objective": "hierarchical-softmax"},
    {"schedule": "hogwild"},
]
GROUPS = {name: [f"{name}{n}" for n in range(10)] for name in ("land", "sea", "sky")}


def worlds(names, seed, count=1500, more=()):
    """Return sentences each of which keeps to one world; ``more`` words join the first one."""
    random = np.random.default_rng(seed)
    words = [[*GROUPS[name], *(more if name == names[0] else ())] for name in names]
    return [
        [words[n % len(words)][at] for at in random.integers(0, len(words[n % len(words)]), 12)]
        for n in range(count)
    ]


def settings(way):
    chosen = SMALL | way
    if "objective" in way:
        del chosen["keep_outputs"]  # a tree's cannot be kept
    return chosen


@pytest.fixture(scope="module")
def models():
    text = worlds(["land", "sea", "sky"], 0)
    return [symvec.train(text, **settings(way), threads=1) for way in WAYS]


NEW = worlds(["sea", "land"], 1, 600, ["reef", "wave"])


def kinds(words):
    return {word.rstrip("0123456789") for word in words}


@pytest.mark.parametrize("place", range(len(WAYS)))
def test_new_words_find_their_world_and_old_ones_stay_in_theirs(models, place):
    grown = symvec.train(NEW, continue_from=models[place], threads=1)
    assert set(grown.index_to_key) == {*models[place].index_to_key, "reef", "wave"}
    for word in ("reef", "wave"):
        near = [name for name, _ in grown.most_similar(word, topn=8)]
        assert kinds(near) <= {"sea", "reef", "wave"}
    for name, words in GROUPS.items():
        for answer in grown.most_similar(words, topn=5):
            assert kinds(near for near, _ in answer) <= {name, "reef", "wave"}


@pytest.mark.parametrize("place", [0, 1, 2])
def test_words_that_the_new_text_does_not_have_stay_as_they_were(models, place):
    grown, before = symvec.train(NEW, continue_from=models[place]), models[place]
    absent = GROUPS["sky"]
    here, there = (each.vocabulary.indices(absent) for each in (grown, before))
    assert grown.table[here].tobytes() == before.table[there].tobytes()
    assert not np.array_equal(grown["sea1"], before["sea1"])


def test_the_counts_are_those_of_both_texts(models):
    grown = symvec.train(NEW, continue_from=models[0])
    words = grown.vocabulary
    counts = {word: int(words.counts[words.word_id(word)]) for word in ("reef", "sea1", "sky1")}
    old = models[0].vocabulary
    in_new = sum(sentence.count("sea1") for sentence in NEW)
    assert counts["sea1"] == old.counts[old.word_id("sea1")] + in_new
    assert counts["sky1"] == old.counts[old.word_id("sky1")]
    assert counts["reef"] == sum(sentence.count("reef") for sentence in NEW)
    assert words.counts.tolist() == sorted(words.counts.tolist(), reverse=True)


def test_it_is_real_continuation_where_the_outputs_were_kept(models):
    """At the rate at which it ended, the loss is what it was at the end."""
    text = worlds(["land", "sea", "sky"], 5)
    without = symvec.Vectors(models[0].rows, models[0].table, provenance=models[0].provenance)
    with pytest.warns(TrainingWarning, match="holds no outputs, which --keep-outputs"):
        anew = symvec.train(text, continue_from=without, epochs=1, alpha=0.002)
    on = symvec.train(text, continue_from=models[0], epochs=1, alpha=0.002)
    last = models[0].provenance["losses"][-1]
    assert on.provenance["losses"][0] < 1.02 * last
    assert anew.provenance["losses"][0] > 1.1 * last


@pytest.mark.parametrize("place", range(len(WAYS) - 1))
def test_old_and_new_are_the_same_bytes_at_any_number_of_threads(models, place, tmp_path):
    outcomes = set()
    for threads in (1, 2, 3):
        symvec.train(NEW, continue_from=models[place], threads=threads).save(tmp_path / "grown")
        outcomes.add((tmp_path / "grown").read_bytes())
    assert len(outcomes) == 1


def test_old_rows_may_be_frozen_while_new_words_learn(models):
    grown = symvec.train(NEW, continue_from=models[0], freeze=True)
    old = models[0].index_to_key
    here = grown.vocabulary.indices(old)
    assert grown.table[here].tobytes() == models[0].table.tobytes()
    near = [name for name, _ in grown.most_similar("reef", topn=5)]
    assert kinds(near) <= {"sea", "wave"}


def test_settings_are_the_models_where_no_others_are_given(models):
    cbow = models[1]
    grown = symvec.train(NEW, continue_from=cbow, epochs=2, alpha=0.01)
    told, before = grown.provenance["settings"], cbow.provenance["settings"]
    assert told == before | {"epochs": 2, "alpha": 0.01}
    assert len(grown.provenance["losses"]) == 2
    assert grown.provenance["started_from"] == {
        "how": "continue",
        "sha256": digest(cbow),
        "freeze": False,
        "corpora": [cbow.provenance["corpus"]],
    }
    twice = symvec.train(NEW, continue_from=grown)
    assert twice.provenance["started_from"]["corpora"] == [
        cbow.provenance["corpus"],
        grown.provenance["corpus"],
    ]


@pytest.mark.parametrize(
    ("place", "given", "alpha"),
    [(0, {}, 0.01), (1, {}, 0.02), (0, {"alpha": 0.03}, 0.03), (0, {"min_alpha": 0.02}, 0.02)],
)
def test_the_rate_is_a_gentle_one_where_no_other_is_given(models, place, given, alpha):
    grown = symvec.train(NEW, continue_from=models[place], epochs=1, **given)
    assert grown.provenance["settings"]["alpha"] == pytest.approx(alpha)
    again = symvec.train(NEW, continue_from=grown, epochs=1, **given)
    assert again.provenance["settings"]["alpha"] == pytest.approx(alpha)


def test_a_saved_model_is_gone_on_from_as_one_in_memory(models, tmp_path):
    models[3].save(tmp_path / "model")
    opened = symvec.load(tmp_path / "model", verify=True)
    np.testing.assert_array_equal(opened.outputs, models[3].outputs)
    one, other = (symvec.train(NEW, continue_from=each) for each in (models[3], opened))
    assert one.table.tobytes() == other.table.tobytes()
    assert one.provenance == other.provenance


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"algorithm": "cbow"}, "algorithm cannot be 'cbow': .* has 'skipgram'; leave it out"),
        ({"vector_size": 8}, "vector_size cannot be 8: .* has 16; leave it out"),
        ({"subwords": "chars"}, "subwords cannot be 'chars': .* has 'none'; leave it out"),
        ({"phrases": 2}, "phrases cannot be 2: .* has 0; leave it out"),
        ({"cbow_update": "exact"}, "cbow_update is not used with algorithm='skipgram'"),
    ],
)
def test_what_cannot_be_another_one(models, given, message):
    with pytest.raises(InputError, match=message):
        symvec.train(NEW, continue_from=models[0], **given)


def test_models_that_cannot_be_gone_on_from(models):
    foreign = symvec.Vectors(models[0].rows, models[0].table)
    with pytest.raises(InputError, match=r"does not say with what settings.*--init-from"):
        symvec.train(NEW, continue_from=foreign)
    counted = symvec.train(NEW, algorithm="svd", vector_size=8)
    with pytest.raises(InputError, match="algorithm='svd' cannot be continued from"):
        symvec.train(NEW, continue_from=counted)


def test_text_is_cut_as_before_and_phrases_are_joined_as_before(tmp_path):
    first, second = tmp_path / "first.txt", tmp_path / "second.txt"
    first.write_text("Hot Green_Tea is good\nnew york is big\nnew york is old\n" * 40)
    second.write_text("New York is Cold\n" * 20)
    model = symvec.train(
        first, vector_size=8, phrases=1, phrases_threshold=2.0, tokeniser="whitespace",
        lowercase=True,
    )  # fmt: skip
    assert "new_york" in model.vocabulary
    grown = symvec.train(second, continue_from=model, min_count=2)
    assert "cold" in grown.vocabulary
    assert "new" not in {w for w in grown.index_to_key if w not in model.index_to_key}
    place = grown.vocabulary.word_id("new_york")
    assert grown.vocabulary.counts[place] == 80 + 20
    assert grown.resolve("New York") == "new_york"
    with pytest.raises(InputError, match="the text is cut as that of the model to continue from"):
        symvec.train(second, continue_from=model, tokeniser="whitespace", lowercase=False)


class _Interrupt:
    def __call__(self, progress):
        if progress.stage == "training":
            raise KeyboardInterrupt


def test_an_interrupted_run_resumes_to_the_same_bytes(models, tmp_path):
    text = worlds(["sea", "land"], 1, 4000, ["reef", "wave"])
    whole = symvec.train(text, continue_from=models[0])
    options = {"continue_from": models[0], "checkpoint": tmp_path / "model"}
    with pytest.raises(InterruptedTraining):
        symvec.train(text, **options, progress=_Interrupt())
    with pytest.raises(InputError, match=r"of another run: started_from\.sha256"):
        symvec.train(text, **options | {"continue_from": whole}, resume=True)
    resumed = symvec.train(text, **options, resume=True, threads=3)
    assert resumed.table.tobytes() == whole.table.tobytes()
    assert resumed.outputs.tobytes() == whole.outputs.tobytes()


def test_it_can_be_made_again(models, tmp_path):
    text = tmp_path / "text.txt"
    text.write_text("".join(" ".join(line) + "\n" for line in NEW))
    grown = symvec.train(text, continue_from=models[0], epochs=2)
    again = trained_again(grown, [text], started_from=models[0])
    assert list(differences(grown, again)) == []
