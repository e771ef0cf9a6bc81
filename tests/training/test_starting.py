"""Training that starts from another model's vectors."""

import numpy as np
import pytest

import symvec
from symvec.errors import InputError, InterruptedTraining
from symvec.training import TrainingWarning
from symvec.training.reproducing import differences, trained_again
from symvec.vectors import Vectors
from symvec.vectors.digest import digest
from symvec.vocabulary import Vocabulary, WordRows

SMALL = {"vector_size": 8, "min_count": 1, "epochs": 1, "sample": 0.0}
STILL = SMALL | {"alpha": 0.0, "min_alpha": 0.0}  # nothing learns: the start is what comes out
SUBWORDS = {"subwords": "chars", "bucket": 200}
LISTED = {"subwords": "chars", "ngram_rows": "listed", "ngram_min_count": 2}
HASHED = SUBWORDS | {"ngram_rows": "hashed", "hash_count": 2}
KINDS = [{}, SUBWORDS, LISTED, {"algorithm": "cbow"}]


def sentences(seed=0, first=0, count=200):
    random = np.random.default_rng(seed)
    return [[f"word{first + n}" for n in line] for line in random.zipf(1.5, (count, 8)) % 30]


@pytest.fixture(scope="module")
def other():
    """Vectors of words 0 to 29; the text that is trained on has 15 to 44."""
    return symvec.train(sentences(), **SMALL)


def known_words(vectors, other):
    return [word for word in vectors.index_to_key if word in other.vocabulary]


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_words_begin_with_the_vectors_that_they_have_there(other, kind):
    vectors = symvec.train(sentences(1, 15), **STILL, **kind, init_from=other)
    fresh = symvec.train(sentences(1, 15), **STILL, **kind)
    known = known_words(vectors, other)
    assert 5 < len(known) < len(vectors)
    np.testing.assert_allclose(vectors[known], other[known], rtol=0, atol=1e-6)
    new = [word for word in vectors.index_to_key if word not in known]
    if not kind.get("subwords"):
        np.testing.assert_array_equal(vectors[new], fresh[new])
    told = vectors.provenance["inherited"]
    assert (told["words"], told["other_words"]) == (len(known), len(new))


@pytest.mark.parametrize("kind", [SUBWORDS, LISTED, HASHED], ids=str)
def test_with_the_same_ngrams_their_rows_come_too(kind):
    other = symvec.train(sentences(), **SMALL, **kind)
    vectors = symvec.train(sentences(1, 15), **STILL, **kind, init_from=other)
    assert vectors.provenance["inherited"]["ngram_rows"] > 50
    unseen = "word12345"
    if kind is not LISTED:
        np.testing.assert_array_equal(vectors[unseen], other[unseen])
        known = known_words(vectors, other)
        np.testing.assert_allclose(vectors[known], other[known], rtol=0, atol=1e-6)
    else:  # each has the n-grams that are frequent in its own text
        common = [ngram for ngram in vectors.rows.ngrams if ngram in other.rows.ngrams]
        here, there = (
            each.table[len(each) + each.rows.ngrams.indices(common)] for each in (vectors, other)
        )
        np.testing.assert_array_equal(here, there)


def test_words_that_it_never_saw_begin_as_what_it_makes_of_their_ngrams():
    other = symvec.train(sentences(), **SMALL, **SUBWORDS)
    vectors = symvec.train(sentences(1, 15), **STILL, init_from=other)
    np.testing.assert_allclose(vectors.table, other[vectors.index_to_key], rtol=0, atol=1e-7)
    told = vectors.provenance["inherited"]
    assert told["words_made_of_ngrams"] == len(vectors) - told["words"] > 0


@pytest.mark.parametrize("kind", [*KINDS, {"schedule": "hogwild"}], ids=str)
def test_frozen_rows_end_bit_for_bit_as_they_were(other, kind):
    start = other
    if kind.get("subwords"):
        start = symvec.train(sentences(), **SMALL, **kind)
    vectors = symvec.train(
        sentences(1, 15), **SMALL | {"epochs": 3}, **kind, init_from=start, freeze=True
    )
    known = known_words(vectors, start)
    here, there = (each.vocabulary.indices(known) for each in (vectors, start))
    assert vectors.table[here].tobytes() == start.table[there].tobytes()
    if kind.get("bucket"):
        assert vectors.table[-200:].tobytes() == start.table[-200:].tobytes()
    new = [word for word in vectors.index_to_key if word not in known]
    still = symvec.train(sentences(1, 15), **STILL, **kind, init_from=start)
    moved = np.abs(vectors[new] - still[new]).max(axis=1)
    assert (moved > 1e-4).mean() > 0.5


def test_words_made_of_ngrams_are_a_guess_and_learn_though_others_are_frozen():
    other = symvec.train(sentences(), **SMALL, **SUBWORDS)
    vectors = symvec.train(sentences(1, 15), **SMALL | {"epochs": 3}, init_from=other, freeze=True)
    known = known_words(vectors, other)
    new = [word for word in vectors.index_to_key if word not in known]
    np.testing.assert_array_equal(vectors[known], other[known])
    assert (vectors[new] != other[new]).any(axis=1).mean() > 0.5


def test_what_it_started_from_is_told_and_decides(other, tmp_path):
    vectors = symvec.train(sentences(1, 15), **SMALL, init_from=other, freeze=True)
    assert vectors.provenance["started_from"] == {
        "how": "init", "sha256": digest(other), "freeze": True,
    }  # fmt: skip
    outcomes = {
        symvec.train(sentences(1, 15), **SMALL, init_from=other, threads=n).table.tobytes()
        for n in (1, 2, 3)
    }
    assert len(outcomes) == 1
    other.save(tmp_path / "other")
    again = symvec.train(sentences(1, 15), **SMALL, init_from=symvec.load(tmp_path / "other"))
    assert {again.table.tobytes()} == outcomes


def test_any_format_will_do(other, tmp_path):
    symvec.convert(_saved(other, tmp_path), tmp_path / "other.txt")
    opened = symvec.load(tmp_path / "other.txt")
    vectors = symvec.train(sentences(1, 15), **STILL, init_from=opened)
    known = known_words(vectors, other)
    np.testing.assert_allclose(vectors[known], other[known], rtol=0, atol=1e-6)


def _saved(vectors, folder):
    vectors.save(folder / "saved.safetensors")
    return folder / "saved.safetensors"


class _Interrupt:
    def __call__(self, progress):
        if progress.stage == "training":
            raise KeyboardInterrupt


def test_an_interrupted_run_resumes_with_the_same_model_only(other, tmp_path):
    options = SMALL | {"epochs": 3, "init_from": other}
    whole = symvec.train(sentences(1, 15, 3000), **options)
    options["checkpoint"] = tmp_path / "model"
    with pytest.raises(InterruptedTraining):
        symvec.train(sentences(1, 15, 3000), **options, progress=_Interrupt())
    changed = symvec.Vectors(other.rows, other.table + np.float32(1))
    for wrong in ({"init_from": changed}, {"freeze": True}, {"init_from": None}):
        with pytest.raises(InputError, match=r"of another run: started_from\.(sha256|how|freeze)"):
            symvec.train(sentences(1, 15, 3000), **options | wrong, resume=True)
    resumed = symvec.train(sentences(1, 15, 3000), **options, resume=True, threads=3)
    assert resumed.table.tobytes() == whole.table.tobytes()
    assert resumed.provenance == whole.provenance


def test_it_can_be_made_again_from_the_same_model_only(other, tmp_path):
    text = tmp_path / "text.txt"
    text.write_text("".join(" ".join(line) + "\n" for line in sentences(1, 15)))
    vectors = symvec.train(text, **SMALL, init_from=other)
    again = trained_again(vectors, [text], started_from=other)
    assert list(differences(vectors, again)) == []
    with pytest.raises(InputError, match=r"started from a model, whose SHA-256 is [0-9a-f]{64}; "):
        trained_again(vectors, [text])
    with pytest.raises(InputError, match=r"started from another model: its SHA-256 is "):
        trained_again(vectors, [text], started_from=vectors)
    with pytest.raises(InputError, match="were not started from a model; leave it out"):
        trained_again(symvec.train(text, **SMALL), [text], started_from=other)


def _vectors(words, table):
    return Vectors(WordRows(Vocabulary.from_words(words)), np.asarray(table, np.float32))


def test_models_that_cannot_be_a_start(other):
    train = sentences(1, 15)
    with pytest.raises(InputError, match=r"vector_size=9, but the model to start from has 8 dim"):
        symvec.train(train, **SMALL | {"vector_size": 9}, init_from=other)
    with pytest.raises(InputError, match="none of the 30 words is in the model to start from"):
        symvec.train(train, **SMALL, init_from=_vectors(["Word1"], np.ones((1, 8))))
    broken = _vectors(["word20", "word21"], np.ones((2, 8)) * [[1], [np.nan]])
    with pytest.raises(InputError, match="vectors that hold NaN or infinity; 'symvec check FILE"):
        symvec.train(train, **SMALL, init_from=broken)
    with pytest.raises(InputError, match="words of hashed rows have no row of their own"):
        symvec.train(train, **SMALL, **HASHED, init_from=other)
    with pytest.raises(InputError, match=r"open a file with symvec\.load"):
        symvec.train(train, **SMALL, init_from="other.bin")
    with pytest.raises(InputError, match="give init_from or continue_from, not both"):
        symvec.train(train, **SMALL, init_from=other, continue_from=other)
    with pytest.raises(InputError, match="freeze needs a model to start from"):
        symvec.train(train, **SMALL, freeze=True)
    with pytest.raises(InputError, match="freeze leaves nothing to learn"):
        symvec.train(sentences(), **SMALL, init_from=other, freeze=True)
    for algorithm in ("glove", "svd"):
        with pytest.raises(
            InputError, match=f"is for skipgram and cbow.*; {algorithm} does not begin"
        ):
            symvec.train(train, algorithm=algorithm, init_from=other)


def test_frozen_words_whose_ngrams_learn_are_told(other):
    with pytest.warns(TrainingWarning, match="freeze keeps the rows of words as they are, but not"):
        symvec.train(sentences(1, 15), **SMALL, **SUBWORDS, init_from=other, freeze=True)
