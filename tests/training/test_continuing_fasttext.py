"""Training that goes on with new text from a model that fastText or floret saved."""

import dataclasses
import struct
from pathlib import Path

import numpy as np
import pytest

import symvec
from symvec.errors import InputError
from symvec.formats import convert
from symvec.training import TrainingWarning
from symvec.training.continuing import settings_to_continue

FOLDER = Path(__file__).parents[1] / "golden" / "formats"
SENTENCE = "the cat sat on the mat and the dog ran to the café 한국어 말 of green tea"
NEW = [[*SENTENCE.split(), "espresso"], ["green", "espresso", "tea"]] * 20
FEW = pytest.mark.filterwarnings("ignore::symvec.training.TrainingWarning")


def last_table(name, words):
    """Return the table that the file ends with, by the bytes."""
    data = (FOLDER / name).read_bytes()
    return np.frombuffer(data[-4 * 4 * words :], "<f4").reshape(words, 4)


@pytest.mark.parametrize("name", ["fasttext.bin", "fasttext-words.bin", "gensim-fasttext.bin"])
def test_the_outputs_are_those_of_the_file(name):
    vectors = symvec.load(FOLDER / name)
    np.testing.assert_array_equal(vectors.outputs, last_table(name, len(vectors)))
    assert vectors.outputs.any()


def test_a_table_of_labels_is_not_taken_for_outputs_of_words():
    assert symvec.load(FOLDER / "fasttext-labels.bin").outputs is None


def test_a_table_of_nothing_but_zeros_is_no_outputs(tmp_path):
    path = tmp_path / "asked.bin"
    convert(FOLDER / "gensim.bin", path, to="fasttext")
    assert symvec.load(path).outputs is None


@FEW
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("fasttext.bin", ("skipgram", {"subwords": "chars", "min_n": 2, "max_n": 3, "bucket": 20,
                                       "ngram_rows": "buckets"})),
        ("fasttext-words.bin", ("cbow", {"subwords": "none"})),
        ("floret.bin", ("cbow", {"ngram_rows": "hashed", "hash_count": 2, "bucket": 20})),
        ("floret-fasttext.bin", ("cbow", {"ngram_rows": "buckets", "bucket": 20})),
    ],
)  # fmt: skip
def test_settings_rows_and_outputs_are_gone_on_from(name, expected):
    model = symvec.load(FOLDER / name)
    algorithm, settings = settings_to_continue(model, None, {})
    assert algorithm == expected[0]
    common = {"vector_size": 4, "window": 5, "negative": 5, "sample": 1e-4, "ns_exponent": 0.5}
    assert settings.items() >= (common | expected[1]).items()
    still = symvec.train(NEW, continue_from=model, epochs=1, alpha=0.0, min_alpha=0.0,
                         keep_outputs=True)  # fmt: skip
    assert "espresso" in still.vocabulary
    here = still.vocabulary.indices(model.index_to_key)
    assert still.outputs[here].tobytes() == np.ascontiguousarray(model.outputs).tobytes()
    for word in ("the", "한국어", "unseen"):
        if word in model:
            np.testing.assert_allclose(still[word], model[word], atol=1e-7)
    learned = symvec.train(NEW, continue_from=model, sample=0.0)
    assert not np.allclose(learned["tea"], model["tea"])


@FEW
def test_the_counts_and_words_of_the_model_stay():
    model = symvec.load(FOLDER / "fasttext.bin")
    grown = symvec.train(NEW, continue_from=model, epochs=1)
    counts = {word: int(grown.vocabulary.counts[grown.vocabulary.word_id(word)])
              for word in ("the", "</s>", "espresso")}  # fmt: skip
    assert counts == {"the": 80 + 80, "</s>": 20, "espresso": 40}
    assert grown.provenance["started_from"]["corpora"] == []


@FEW
@pytest.mark.parametrize("target", ["model.safetensors", "model.bin"])
def test_a_converted_model_is_gone_on_from_as_the_one_that_it_was_made_from(tmp_path, target):
    to = "fasttext" if target.endswith(".bin") else None
    convert(FOLDER / "fasttext-words.bin", tmp_path / target, to=to)
    one, other = (
        symvec.train(NEW, continue_from=symvec.load(path), epochs=1)
        for path in (FOLDER / "fasttext-words.bin", tmp_path / target)
    )
    assert one.table.tobytes() == other.table.tobytes()
    assert one.provenance == other.provenance


def test_a_model_of_labels_cannot_be_gone_on_from():
    model = symvec.load(FOLDER / "fasttext-labels.bin")
    with pytest.raises(InputError, match=r"a supervised model with the loss .*--init-from"):
        symvec.train(NEW, continue_from=model)


def test_what_the_rows_are_made_of_stays():
    model = symvec.load(FOLDER / "fasttext.bin")
    with pytest.raises(InputError, match=r"bucket cannot be 30: .* has 20; leave it out"):
        symvec.train(NEW, continue_from=model, bucket=30)
    with pytest.raises(InputError, match=r"algorithm cannot be 'cbow': .* has 'skipgram'"):
        symvec.train(NEW, continue_from=model, algorithm="cbow")


@pytest.mark.filterwarnings("ignore::symvec.training.TrainingWarning")
def test_a_tree_begins_anew(tmp_path):
    data = bytearray((FOLDER / "fasttext-words.bin").read_bytes())
    assert struct.unpack_from("<i", data, 8 + 4 * 6) == (2,)
    struct.pack_into("<i", data, 8 + 4 * 6, 1)  # the loss: hierarchical softmax
    (tmp_path / "tree.bin").write_bytes(data)
    model = symvec.load(tmp_path / "tree.bin")
    assert model.outputs is None
    with pytest.warns(TrainingWarning, match="holds no outputs"):
        grown = symvec.train(NEW, continue_from=model, epochs=1)
    assert grown.provenance["settings"]["objective"] == "hierarchical-softmax"


def test_outputs_that_are_not_finite_are_told():
    model = symvec.load(FOLDER / "fasttext-words.bin")
    outputs = np.array(model.outputs)
    outputs[3, 1] = np.nan
    with pytest.raises(InputError, match="the outputs of the model to continue from hold NaN"):
        symvec.train(NEW, continue_from=dataclasses.replace(model, outputs=outputs))
