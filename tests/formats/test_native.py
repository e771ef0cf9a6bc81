import json
import subprocess
import sys

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from symvec.errors import FormatError, InputError, OutputError
from symvec.files import open_tensors, write_tensors
from symvec.files.tensors import DESCRIPTION_KEY, FORMAT_KEY
from symvec.formats import load, summarise_native
from symvec.text.tokenisers import Tokeniser
from symvec.vectors import Vectors
from symvec.vocabulary import Vocabulary, WordRows

WORDS = ["tea", "Tübingen", "b\udcffd", "a b", "\x1b[2J", "한국어"]


def make(words=WORDS, vector_size=3, **more):
    table = np.random.default_rng(3).standard_normal((len(words), vector_size))
    counts = np.arange(len(words), 0, -1) * 2**33
    rows = WordRows(Vocabulary.from_words(words, counts))
    return Vectors(rows, table.astype(np.float32), **more)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "model.safetensors"
    make(tokeniser=Tokeniser("whitespace", lowercase=False), provenance={"seed": 1}).save(path)
    return path


@pytest.mark.parametrize("words", [[], ["tea"], WORDS])
@pytest.mark.parametrize("vector_size", [1, 7, 64])
def test_what_was_saved_is_opened(tmp_path, words, vector_size):
    vectors = make(words, vector_size, provenance={"corpus": {"sha256": "ab"}, "epochs": 5})
    vectors.save(tmp_path / "model")
    opened = load(tmp_path / "model", verify=True)
    assert opened.table.tobytes() == vectors.table.tobytes()
    assert opened.norms.tobytes() == vectors.norms.tobytes()
    assert opened.index_to_key == words
    assert opened.vocabulary.counts.tolist() == vectors.vocabulary.counts.tolist()
    assert opened.vocabulary.order.tolist() == vectors.vocabulary.order.tolist()
    assert opened.provenance == vectors.provenance
    assert opened.tokeniser is None
    assert opened.rows.kind == "words"
    for word in words:
        assert opened.most_similar(word) == vectors.most_similar(word)


def test_the_tokeniser_comes_back(path):
    assert load(path).tokeniser == Tokeniser("whitespace", lowercase=False)


def test_the_same_vectors_give_the_same_bytes(tmp_path, path):
    load(path).save(tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == path.read_bytes()


def test_saving_over_the_file_that_is_open(path):
    before = path.read_bytes()
    vectors = load(path)
    vectors.save(path)
    assert path.read_bytes() == before
    assert vectors.most_similar("tea") == load(path).most_similar("tea")


def test_it_is_opened_by_memory_map(path):
    table = load(path).table
    assert not table.flags.owndata
    assert not table.flags.writeable
    assert table.ctypes.data % 64 == 0


def test_other_programs_can_read_the_table(path):
    arrays = load_file(path)
    assert sorted(arrays) == [
        "counts", "norms", "order", "table", "vocabulary", "vocabulary_offsets",
    ]  # fmt: skip
    assert arrays["table"].tolist() == make().table.tolist()


def test_a_file_that_another_program_has_written_again_is_told(path, tmp_path):
    save_file(load_file(path), tmp_path / "again", metadata=dict(open_tensors(path).metadata))
    with pytest.raises(FormatError, match="is damaged: its header"):
        load(tmp_path / "again")
    save_file(load_file(path), tmp_path / "again")
    with pytest.raises(FormatError, match="is a safetensors file, but not one of symvec's vect"):
        load(tmp_path / "again")


def test_summary(path):
    summary = summarise_native(path)
    assert summary.path == str(path)
    assert summary.format == "symvec vectors 1"
    assert summary.size_bytes == path.stat().st_size
    assert summary.verified
    assert sorted(summary.sha256) == [
        "counts", "header", "norms", "order", "table", "vocabulary", "vocabulary_offsets",
    ]  # fmt: skip
    assert all(len(digest) == 64 for digest in summary.sha256.values())
    assert (summary.vectors.words, summary.vectors.corpus_words) == (6, 21 * 2**33)


def test_large_files_are_verified_when_asked(path, monkeypatch):
    place = open_tensors(path).places["table"]
    data = bytearray(path.read_bytes())
    data[place.begin] ^= 1
    path.write_bytes(data)
    with pytest.raises(FormatError, match="is damaged: the tensor 'table'"):
        load(path)
    monkeypatch.setattr("symvec.formats.native.VERIFIED_BYTES", 10)
    assert len(load(path)) == 6
    assert not summarise_native(path).verified
    with pytest.raises(FormatError, match="is damaged: the tensor 'table'"):
        load(path, verify=True)
    # The small parts are verified in any case.
    place = open_tensors(path).places["norms"]
    data[place.begin] ^= 1
    path.write_bytes(data)
    with pytest.raises(FormatError, match="is damaged: the tensor 'norms'"):
        load(path)


def test_broken_vectors_are_reported(tmp_path):
    table = np.ones((3, 2), dtype=np.float32)
    table[1, 0] = np.nan
    Vectors(WordRows(Vocabulary.from_words(["a", "b", "c"])), table).save(tmp_path / "model")
    with pytest.warns(UserWarning, match="the vectors of 1 words hold NaN or infinity, the first"):
        vectors = load(tmp_path / "model")
    assert vectors.most_similar("a") == [("c", 1.0)]


def test_provenance_that_json_cannot_hold(tmp_path):
    for value in (object(), float("nan"), {1, 2}):
        with pytest.raises(InputError, match="the provenance cannot be stored as JSON"):
            make(provenance={"x": value}).save(tmp_path / "model")
    assert not list(tmp_path.iterdir())


def test_a_full_disk_leaves_the_old_file(path, tmp_path):
    before = path.read_bytes()
    script = """
import resource, signal, sys
import numpy as np
from symvec.vectors import Vectors
from symvec.vocabulary import Vocabulary, WordRows
words = [f"w{i}" for i in range(5000)]
vectors = Vectors(WordRows(Vocabulary.from_words(words)), np.ones((5000, 50), np.float32))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 18, 1 << 18))
vectors.save(sys.argv[1])
"""
    done = subprocess.run([sys.executable, "-c", script, path], capture_output=True, text=True)
    assert "OutputError: cannot write" in done.stderr
    assert "the file that was there is unchanged" in done.stderr
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_a_place_that_cannot_be_written(tmp_path):
    with pytest.raises(OutputError, match="does not exist; make it first"):
        make().save(tmp_path / "missing" / "model")


def rewrite(path, tensors=None, metadata=None, drop=()):
    """Write a file with true checksums and false content."""
    file = open_tensors(path)
    arrays = {name: np.array(array) for name, array in file.tensors.items()} | (tensors or {})
    text = {k: v for k, v in file.metadata.items() if not k.startswith("symvec.sha256")}
    write_tensors(
        path,
        {name: array for name, array in arrays.items() if name not in drop},
        text | (metadata or {}),
    )


def described(**more):
    rows = {"kind": "words", "settings": {}}
    return {DESCRIPTION_KEY: json.dumps({"rows": rows, "tokeniser": None, "provenance": {}} | more)}


FALSE = {
    "no table": ({"drop": ["table"]}, "expected a tensor 'table' with 2 axes of f4, found none"),
    "double table": ({"tensors": {"table": np.ones((6, 3))}}, "found 2 axes of float64"),
    "flat table": ({"tensors": {"table": np.ones(6, np.float32)}}, "found 1 axes of float32"),
    "short table": ({"tensors": {"table": np.ones((5, 3), np.float32)}}, "the table has 5 rows, b"),
    "short norms": ({"tensors": {"norms": np.ones(5, np.float32)}}, "expected 6 norms, one a word"),
    "short counts": ({"tensors": {"counts": np.ones(5, int)}}, "there are 5 counts"),
    "order out of range": ({"tensors": {"order": np.arange(1, 7)}}, "order must hold each word id"),
    "order repeats": ({"tensors": {"order": np.zeros(6, int)}}, "order must hold each word id"),
    "offsets fall": (
        {"tensors": {"vocabulary_offsets": np.array([0, 30, 2, 3, 4, 5, 33])}},
        "offsets must",
    ),
    "no offsets": ({"tensors": {"vocabulary_offsets": np.zeros(0, int)}}, "offsets"),
    "one tensor more": ({"tensors": {"code": np.ones(1)}}, "a tensor 'code' that has no meaning"),
    "later version": ({"metadata": {FORMAT_KEY: "symvec vectors 2"}}, "has version 2 of the form"),
    "another format": ({"metadata": {FORMAT_KEY: "symvec layers 1"}}, "not one of symvec's vect"),
    "no format": ({"metadata": {FORMAT_KEY: ""}}, "not one of symvec's vectors"),
    "no JSON": ({"metadata": {DESCRIPTION_KEY: "{"}}, "its parts do not fit together"),
    "deep JSON": ({"metadata": {DESCRIPTION_KEY: "[" * 99_999}}, "its parts do not fit together"),
    "a list": ({"metadata": {DESCRIPTION_KEY: "[]"}}, "its parts do not fit together"),
    "no rows": ({"metadata": described(rows=None)}, "its parts do not fit together"),
    "unknown rows": (
        {"metadata": described(rows={"kind": "os", "settings": {}})},
        "not fit .*'os'",
    ),
    "odd kind": ({"metadata": described(rows={"kind": [], "settings": {}})}, "do not fit together"),
    "odd tokeniser": ({"metadata": described(tokeniser=5)}, "its parts do not fit together"),
    "unknown tokeniser": ({"metadata": described(tokeniser={"name": "x"})}, "do not fit together"),
    "odd provenance": ({"metadata": described(provenance=5)}, "its parts do not fit together"),
}


@pytest.mark.parametrize("name", FALSE)
def test_false_content_with_true_checksums(path, name):
    changes, text = FALSE[name]
    rewrite(path, **changes)
    with pytest.raises(FormatError, match=text) as caught:
        load(path)
    assert caught.value.exit_code == 3
    assert str(path) in str(caught.value)


def test_no_description_at_all(path):
    file = open_tensors(path)
    write_tensors(path, dict(file.tensors), {FORMAT_KEY: "symvec vectors 1"})
    with pytest.raises(FormatError, match="its parts do not fit together"):
        load(path)


def test_an_order_that_is_not_sorted_finds_less_but_nothing_false(path):
    rewrite(path, tensors={"order": np.arange(6, dtype=np.int32)})
    vectors = load(path)
    for word_id, word in enumerate(WORDS):
        assert word not in vectors or vectors.key_to_index[word] == word_id


def test_outputs_are_kept_where_there_are_any(tmp_path):
    outputs = np.random.default_rng(4).normal(size=(len(WORDS), 3)).astype(np.float32)
    vectors = make(outputs=outputs)
    vectors.save(tmp_path / "model")
    opened = load(tmp_path / "model")
    assert opened.outputs.tobytes() == outputs.tobytes()
    opened.save(tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == (tmp_path / "model").read_bytes()
    assert sorted(set(load_file(tmp_path / "model"))) == [
        "counts", "norms", "order", "table", "vocabulary", "vocabulary_offsets", "word_outputs",
    ]  # fmt: skip
    place = open_tensors(tmp_path / "model").places["word_outputs"]
    data = bytearray((tmp_path / "model").read_bytes())
    data[place.begin] ^= 1
    (tmp_path / "model").write_bytes(data)
    with pytest.raises(FormatError, match="is damaged: the tensor 'word_outputs'"):
        load(tmp_path / "model")


@pytest.mark.parametrize(
    "outputs", [np.ones((2, 3), np.float32), np.ones((len(WORDS), 3)), np.ones((1, 1, 1))]
)
def test_outputs_that_do_not_fit_are_refused(tmp_path, outputs):
    with pytest.raises(InputError, match=r"the words' outputs must be \(6, 3\) float32, got shape"):
        make(outputs=outputs)
    file = open_tensors(_saved(tmp_path))
    write_tensors(
        tmp_path / "other",
        {**file.tensors, "word_outputs": outputs},
        {key: file.metadata[key] for key in (FORMAT_KEY, DESCRIPTION_KEY)},
    )
    with pytest.raises(FormatError, match=r"word_outputs|do not fit together"):
        load(tmp_path / "other")


def _saved(folder):
    make().save(folder / "model")
    return folder / "model"
