import pytest

from symvec.errors import FileError, FormatError
from symvec.evaluation import BadLine, Questions, read_questions


def write(tmp_path, text):
    path = tmp_path / "questions.txt"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    return path


def test_sections_questions_and_bad_lines(tmp_path):
    text = (
        "//Copyright\n: capitals\nAthens Greece Oslo Norway\n\n# comment\nAthens Greece Oslo\n"
        ":gram1\r\ngood  better bad\tworse\n: empty\n아테네 그리스 방콕 태국 서울\n"
    )
    assert read_questions(write(tmp_path, text)) == Questions(
        sections=(
            ("capitals", (("Athens", "Greece", "Oslo", "Norway"),)),
            ("gram1", (("good", "better", "bad", "worse"),)),
            ("empty", ()),
        ),
        bad_lines=(
            BadLine(6, "expected four words, got 3: 'Athens Greece Oslo'"),
            BadLine(10, "expected four words, got 5: '아테네 그리스 방콕 태국 서울'"),
        ),
    )


def test_questions_before_the_first_section(tmp_path):
    questions = read_questions(write(tmp_path, "a b c d\n: x\ne f g h"))
    assert [name for name, _ in questions.sections] == ["", "x"]


@pytest.mark.parametrize(
    ("text", "reason"), [("", "question$"), (": a\n", "question$"), ("tea 1 2\n", "line 1: exp")]
)
def test_a_file_without_questions(tmp_path, text, reason):
    with pytest.raises(FormatError, match=rf"questions\.txt holds no analogy .*{reason}"):
        read_questions(write(tmp_path, text))


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(FileError, match="No such file or directory"):
        read_questions(tmp_path / "missing")
