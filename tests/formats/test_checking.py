import json

import numpy as np
import pytest
from typer.testing import CliRunner

from symvec.cli.program import program
from symvec.errors import FileError, InputError
from symvec.formats import load
from symvec.formats.checking import check, cleaned
from symvec.formats.qualities import measure_hubness, script_of
from symvec.vectors import Vectors
from symvec.vocabulary import Vocabulary, WordRows

DAMAGED = (
    b"7 2\n"
    b"tea 1 2\n"
    b"short 1\n"
    b"milk 3 x\n"
    b"tea 5 6\n"
    b"caf\xff 3 4\n"
    b"nothing 0 0\n"
    b"broken nan 1\n"
    b"\n"
    b"cafe\xcc\x81 1 1\n"
)


@pytest.fixture
def path(tmp_path):
    (tmp_path / "vectors.txt").write_bytes(DAMAGED)
    return tmp_path / "vectors.txt"


def test_all_that_is_wrong_is_told(path):
    checked = check(path)
    assert not checked.is_sound
    assert checked.format == "word2vec text"
    assert checked.fault_counts == {"line": 3, "cut off": 1, "duplicate": 1, "number": 1}
    places = {fault.place: fault.text for fault in checked.faults}
    assert "expected a word and 2 numbers, found 1" in places["line 3"]
    assert "b'x' is not a number" in places["line 4"]
    assert places["line 9"] == "it is empty"
    assert places["line 1"] == "it claims 7 words, but 6 follow"
    assert checked.norms.zero_words == 1
    assert checked.norms.not_finite_words == 1
    assert checked.spelling.invalid_utf8 == 1
    assert checked.spelling.not_composed == 1
    assert checked.vectors.index_to_key == ["tea", "caf\udcff", "nothing", "broken", "cafe\u0301"]


def test_a_clean_copy_has_what_is_right(path):
    vectors = cleaned(check(path))
    assert vectors.index_to_key == ["tea", "caf\udcff", "nothing", "cafe\u0301"]
    assert vectors.table.tolist() == [[1, 2], [3, 4], [0, 0], [1, 1]]


def test_a_sound_file(tmp_path):
    rows = WordRows(Vocabulary.from_words(["tea", "Чай", "차", "Αlpha", "x y"]))
    table = np.random.default_rng(1).standard_normal((5, 4)).astype(np.float32)
    Vectors(rows, table).save(tmp_path / "model")
    checked = check(tmp_path / "model")
    assert checked.is_sound
    assert checked.format == "symvec vectors"
    scripts = {"latin": 2, "cyrillic": 1, "hangul": 1, "greek": 1}
    assert checked.spelling.scripts == scripts
    assert (checked.spelling.mixed_scripts, checked.spelling.with_spaces) == (1, 1)
    assert cleaned(checked) is checked.vectors


def test_a_cut_binary_file_keeps_its_whole_records(tmp_path):
    numbers = np.float32([1, 2]).tobytes()
    (tmp_path / "model").write_bytes(b"3 2\ntea " + numbers + b"milk " + numbers + b"co")
    checked = check(tmp_path / "model")
    assert checked.fault_counts["cut off"] >= 1
    assert checked.vectors.index_to_key == ["tea", "milk"]


def test_a_file_of_which_nothing_can_be_read(tmp_path):
    (tmp_path / "model").write_bytes(b"\x80\x02cos\nsystem\n.")
    checked = check(tmp_path / "model")
    assert not checked.is_sound
    assert "it names os.system" in checked.faults[0].text
    with pytest.raises(InputError, match=r"nothing in .* could be read"):
        cleaned(checked)
    with pytest.raises(FileError):
        check(tmp_path / "missing")


def test_hubs_are_found():
    random = np.random.default_rng(2)
    around = random.standard_normal((300, 60)).astype(np.float32) + 1
    table = np.concatenate([around, around.mean(axis=0, keepdims=True)])
    words = [f"w{i}" for i in range(300)] + ["hub"]
    hubness = measure_hubness(Vectors(WordRows(Vocabulary.from_words(words)), table))
    assert next(iter(hubness.hubs)) == "hub"
    assert hubness.hubs["hub"] > 150
    assert hubness.skewness > 3


@pytest.mark.parametrize("words", [0, 1])
def test_few_words_have_no_hubs(words):
    table = np.ones((words, 2), np.float32)
    vectors = Vectors(WordRows(Vocabulary.from_words(["a"][:words])), table)
    assert measure_hubness(vectors).queries == 0


def test_scripts():
    assert [script_of(c) for c in "aж한猫か1"] == [
        "latin", "cyrillic", "hangul", "cjk", "hiragana", None,
    ]  # fmt: skip


def test_the_command_writes_a_copy_and_says_that_the_file_is_not_sound(path, tmp_path):
    clean = tmp_path / "clean.safetensors"
    done = CliRunner().invoke(program, ["check", str(path), "--fix", str(clean), "-f", "json"])
    assert done.exit_code == 3
    document = json.loads(done.stdout)
    assert document["is_sound"] is False
    assert {fault["kind"] for fault in document["faults"]} >= {"line", "duplicate", "cut off"}
    assert len(load(clean)) == 4
    assert CliRunner().invoke(program, ["check", str(clean)]).exit_code == 0
    done = CliRunner().invoke(program, ["check", str(path)])
    assert "line 3: expected a word and 2 numbers" in done.stdout
