import json
import tracemalloc

import numpy as np
import pytest

from elmo_case import tiny_encoder
from symvec.contextual import export, mix
from symvec.errors import FileError, FormatError, InputError, OutputError
from symvec.formats.encoded import open_encoded

ELMO = tiny_encoder()
TEXT = [["We", "sat", "on", "the", "bank"], [], ["한국어", "", "a b", "\udcff"], ["the"]]
FILES = ["description.json", "offsets.npy", "rows.npy", "token_offsets.npy", "tokens.npy"]


def test_rows_are_what_the_encoder_says_and_words_what_was_given(tmp_path):
    found = export(ELMO, iter(TEXT), tmp_path / "e", dtype="float32")
    assert (found.sentences, found.words, found.row_shape) == (4, 10, (12,))
    opened = open_encoded(tmp_path / "e")
    assert len(opened) == 4
    for n, (sentence, vectors) in enumerate(zip(TEXT, ELMO.encode(TEXT), strict=True)):
        assert opened.words(n) == sentence
        assert np.array_equal(opened[n], mix(vectors))
    assert np.array_equal(opened[-1], opened.rows[9:])
    assert opened.word(9) == "the"
    assert isinstance(np.load(tmp_path / "e" / "rows.npy", mmap_mode="r"), np.memmap)


@pytest.mark.parametrize(("layers", "numbers"), [("all", [0, 1, 2]), ([2, 0], [2, 0])])
def test_layers_can_be_chosen(tmp_path, layers, numbers):
    export(ELMO, TEXT, tmp_path / "e", layers=layers)
    rows = open_encoded(tmp_path / "e").rows
    assert (rows.dtype, rows.shape) == (np.float16, (10, len(numbers), 12))
    expected = ELMO.encode(TEXT)[0][numbers].swapaxes(0, 1).astype(np.float16)
    assert np.array_equal(rows[:5], expected)


def test_weights_and_a_carried_state_are_those_asked_for(tmp_path):
    export(
        ELMO, TEXT, tmp_path / "e", weights=[0, 1, 2], dtype="float32", state="carry", batch_size=1
    )
    carried = ELMO.encode(TEXT, state="carry", batch_size=1)
    opened = open_encoded(tmp_path / "e")
    for n, vectors in enumerate(carried):
        assert np.array_equal(opened[n], mix(vectors, [0, 1, 2]))
    description = json.loads((tmp_path / "e" / "description.json").read_text())
    assert (description["state"], description["weights"]) == ("carry", [0, 1, 2])


def test_no_sentences_are_a_folder_without_rows(tmp_path):
    export(ELMO, [], tmp_path / "e")
    opened = open_encoded(tmp_path / "e")
    assert (len(opened), opened.rows.shape) == (0, (0, 12))
    with pytest.raises(IndexError):
        opened[0]
    with pytest.raises(IndexError):
        opened.word(0)


def test_each_sentence_that_was_written_is_told(tmp_path):
    told = []
    export(ELMO, TEXT, tmp_path / "e", on_sentence=told.append)
    assert told == [5, 0, 4, 1]


def test_memory_does_not_grow_with_the_text(tmp_path):
    def peak(sentences):
        tracemalloc.start()
        export(ELMO, (["a", "b", "c"] for _ in range(sentences)), tmp_path / str(sentences))
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    few = peak(512)
    assert peak(5120) < 1.5 * few


def test_nothing_is_left_where_it_fails(tmp_path):
    def broken():
        yield ["a"]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(ELMO, broken(), tmp_path / "e")
    with pytest.raises(InputError, match=r"sentence 1 must be a list of words, got 'a b'"):
        export(ELMO, [["a"], "a b"], tmp_path / "e")
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_never_written_over(tmp_path):
    for name in ("file", "folder"):
        (tmp_path / name).write_text("mine") if name == "file" else (tmp_path / name).mkdir()
        with pytest.raises(OutputError, match=r"it exists; remove it first, or give another name"):
            export(ELMO, TEXT, tmp_path / name)
    with pytest.raises(OutputError, match=r"cannot write .*No such file or directory"):
        export(ELMO, TEXT, tmp_path / "none" / "e")


def test_what_cannot_be_written_is_said(tmp_path):
    for wrong in ([], [3], [-1], [True], "0,1", [0.5], 2):
        with pytest.raises(
            InputError, match=r"layers must be 'mixed', 'all' or numbers from 0 to 2"
        ):
            export(ELMO, TEXT, tmp_path / "e", layers=wrong)
    with pytest.raises(InputError, match=r"weights belong to layers='mixed'"):
        export(ELMO, TEXT, tmp_path / "e", layers="all", weights=[1, 1, 1])
    with pytest.raises(InputError, match=r"expected one weight for each of 3 layers"):
        export(ELMO, TEXT, tmp_path / "e", weights=[1])
    with pytest.raises(InputError, match=r"dtype must be 'float16' or 'float32', got 'float64'"):
        export(ELMO, TEXT, tmp_path / "e", dtype="float64")
    large = tiny_encoder()
    large.weights.projection_bias[:] = 1e6
    with pytest.raises(
        InputError, match=r"of sentence 0 are beyond what float16 can hold; write f"
    ):
        export(large, TEXT, tmp_path / "e", layers=[0])


@pytest.mark.parametrize("name", FILES)
def test_files_cut_short_or_gone_are_refused(tmp_path, name):
    export(ELMO, TEXT, tmp_path / "e")
    assert sorted(file.name for file in (tmp_path / "e").iterdir()) == FILES
    path = tmp_path / "e" / name
    whole = path.read_bytes()
    for length in range(0, len(whole) - 1, 7):
        path.write_bytes(whole[:length])
        with pytest.raises(FormatError):
            open_encoded(tmp_path / "e")
    path.unlink()
    with pytest.raises(FileError, match=f"cannot read .*{name}"):
        open_encoded(tmp_path / "e")


def test_parts_that_do_not_fit_are_named(tmp_path):
    def changed(name, array):
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        export(ELMO, TEXT, folder)
        np.save(folder / f"{name}.npy", array)
        return folder

    for name, array, message in [
        ("offsets", np.array([0, 5, 3, 9, 10]), r"offsets.npy must rise from 0 to 10"),
        ("offsets", np.array([0, 5, 5, 9]), r"offsets.npy must rise from 0 to 10"),
        ("offsets", np.zeros(0, np.int64), r"offsets.npy must rise from 0 to 10"),
        ("offsets", np.zeros(5), r"offsets.npy must be 1 axis of int64"),
        ("tokens", np.zeros(3, np.uint8), r"token_offsets.npy must rise from 0 to 3"),
        ("rows", np.zeros((10, 2), np.int64), r"rows.npy must be floats of 2 or 3 axes, got int64"),
    ]:
        with pytest.raises(FormatError, match=message):
            open_encoded(changed(name, array))
    fewer = changed("rows", np.zeros((9, 12), np.float32))
    np.save(fewer / "offsets.npy", np.array([0, 9]))
    with pytest.raises(FormatError, match=r"10 words, but 9 rows"):
        open_encoded(fewer)
    (fewer / "description.json").write_text("[]")
    with pytest.raises(FormatError, match=r"is not what `symvec encode` writes"):
        open_encoded(fewer)
