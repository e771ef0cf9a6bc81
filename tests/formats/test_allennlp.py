import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

h5py = pytest.importorskip("h5py", reason="the extra elmo (h5py) is not installed")

from symvec.contextual import Architecture, ContextualEncoder, Weights, learn_characters  # noqa: E402
from symvec.contextual.weights import shapes  # noqa: E402
from symvec.errors import FileError, FormatError  # noqa: E402
from symvec.formats.allennlp import open_published_elmo, write_published_elmo  # noqa: E402

SIZES = Architecture(
    characters=261, character_size=2, most_characters=7, filters=((1, 3), (2, 5)), highways=2,
    layers=2, cell_size=3, projection_size=4, skip_connections=False, cell_clip=2.0,
)  # fmt: skip
PUBLISHED = Path(__file__).parents[3] / "shared/data/elmo/allennlp"


def encoder(sizes=SIZES):
    random = np.random.default_rng(2)
    tensors = {n: random.normal(0, 0.5, s).astype(np.float32) for n, s in shapes(sizes)}
    return ContextualEncoder(sizes, Weights.from_tensors(tensors, sizes))


@pytest.fixture
def folder(tmp_path):
    write_published_elmo(encoder(), tmp_path / "elmo")
    return tmp_path / "elmo"


@pytest.mark.parametrize("skip_connections", [True, False])
def test_what_is_written_opens_as_it_was(tmp_path, skip_connections):
    written = encoder(replace(SIZES, skip_connections=skip_connections))
    write_published_elmo(written, tmp_path / "elmo")
    opened = open_published_elmo(tmp_path / "elmo")
    assert opened.architecture == written.architecture
    sentences = [["a", "bank"], ["강"]]
    for ours, theirs in zip(written.encode(sentences), opened.encode(sentences), strict=True):
        assert np.array_equal(ours, theirs)


def test_the_files_may_have_any_names(folder):
    (folder / "options.json").rename(folder / "elmo_2x4096_options")
    (folder / "weights.hdf5").rename(folder / "w.bin")
    (folder / "README").write_text("notes")
    (folder / "vocab.json").write_text('["a"]')
    assert open_published_elmo(folder).architecture == SIZES


def test_a_folder_must_hold_one_of_each(folder, tmp_path):
    with pytest.raises(FileError, match=r"cannot read the folder .*: No such file"):
        open_published_elmo(tmp_path / "none")
    (folder / "second.json").write_text((folder / "options.json").read_text())
    with pytest.raises(FormatError, match=r"expected one file of options .* found 2 and 1"):
        open_published_elmo(folder)


def test_only_words_read_as_bytes_can_be_written(tmp_path):
    jamo = learn_characters("jamo", [])
    sizes = replace(SIZES, characters=jamo.count)
    tensors = {name: np.zeros(shape, np.float32) for name, shape in shapes(sizes)}
    other = ContextualEncoder(sizes, Weights.from_tensors(tensors, sizes), jamo)
    with pytest.raises(FormatError, match=r"hold words read as bytes, this model reads jamo"):
        write_published_elmo(other, tmp_path / "elmo")
    assert not (tmp_path / "elmo").exists()


def changed_options(folder, part, **changes):
    options = json.loads((folder / "options.json").read_text())
    options[part] |= changes
    (folder / "options.json").write_text(json.dumps(options))


def test_n_characters_is_explained(folder):
    changed_options(folder, "char_cnn", n_characters=261)
    assert open_published_elmo(folder).architecture == SIZES
    changed_options(folder, "char_cnn", n_characters=300)
    with pytest.raises(FormatError, match=r"must be 261 \(256 bytes and five marks\) or one more"):
        open_published_elmo(folder)


def test_shapes_that_disagree_with_the_options_are_named(folder):
    changed_options(folder, "lstm", projection_dim=5)
    with pytest.raises(FormatError, match=r"'CNN_proj/W_proj' has the shape \(8, 4\), .* \(8, 5\)"):
        open_published_elmo(folder)


def test_a_table_with_a_row_for_the_mask_is_explained(folder):
    with h5py.File(folder / "weights.hdf5", "r+") as file:
        del file["char_embed"]
        file["char_embed"] = np.zeros((262, 2), np.float32)
    with pytest.raises(FormatError, match=r"\(262, 2\).*no row for AllenNLP's mask"):
        open_published_elmo(folder)


def test_a_missing_option_or_data_set_is_named(folder):
    with h5py.File(folder / "weights.hdf5", "r+") as file:
        del file["RNN_1/RNN/MultiRNNCell/Cell1/LSTMCell/W_P_0"]
    with pytest.raises(FormatError, match=r"lacks the data set 'RNN_1/.*/Cell1/LSTMCell/W_P_0'"):
        open_published_elmo(folder)
    options = json.loads((folder / "options.json").read_text())
    del options["lstm"]["dim"]
    (folder / "options.json").write_text(json.dumps(options))
    with pytest.raises(FormatError, match=r"lacks the option 'dim'"):
        open_published_elmo(folder)


def test_weights_cut_short_are_refused(folder):
    path = folder / "weights.hdf5"
    whole = path.read_bytes()
    for length in range(8, len(whole) - 1, len(whole) // 60):
        path.write_bytes(whole[:length])
        with pytest.raises(FormatError):
            open_published_elmo(folder)


@pytest.mark.skipif(not PUBLISHED.is_dir(), reason="AllenNLP's fixture is not on this machine")
def test_allennlps_fixture_is_reproduced():
    opened = open_published_elmo(PUBLISHED)
    lists = json.loads((PUBLISHED / "sentences.json").read_text())
    batches = [[sentences[b].split() for sentences in lists] for b in range(10)]
    together = [sentence for batch in batches for sentence in batch]
    found = opened.encode(together, state="carry", batch_size=3)
    for k in range(3):
        with h5py.File(PUBLISHED / f"lm_embeddings_{k}.hdf5") as file:
            for b in range(10):
                expected = np.concatenate(list(file[str(b)]), axis=-1)
                np.testing.assert_allclose(found[3 * b + k][-1], expected, atol=5e-6)


@pytest.mark.skipif(not PUBLISHED.is_dir(), reason="AllenNLP's fixture is not on this machine")
def test_allennlps_table_of_words_is_reproduced():
    opened = open_published_elmo(PUBLISHED)
    words = (PUBLISHED / "vocab_test.txt").read_text().split()
    with h5py.File(PUBLISHED / "elmo_token_embeddings.hdf5") as file:
        expected = np.asarray(file["embedding"])
    ordinary = [n for n, word in enumerate(words) if word not in ("<S>", "</S>")]
    assert len(words) == len(expected) == 458
    found = opened.token_vectors([words[n] for n in ordinary])
    np.testing.assert_allclose(found, expected[ordinary], atol=5e-6)
