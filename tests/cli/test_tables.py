import pytest

from symvec.cli.tables import Table, write_table


def test_numbers_are_aligned_at_the_right(capsys: pytest.CaptureFixture[str]) -> None:
    write_table(Table(["tea", "n", "share"], [["coffee", 1234, 0.5], ["서울", 7, None]]))
    assert capsys.readouterr().out.splitlines() == [
        "tea          n   share",
        "──────────────────────",
        "coffee   1,234   0.500",
        "서울         7       –",
    ]


def test_hostile_words_and_markup_are_shown_as_they_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write_table(Table(["[bold]x", "similarity"], [["\x1b[31m[red]y[/red] :smile:", 1.0]]))
    out = capsys.readouterr().out
    assert "[bold]x" in out
    assert "\\x1b[31m[red]y[/red] :smile:" in out
    assert "\x1b" not in out


def test_long_words_are_whole_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write_table(Table(["word"], [["x" * 5000]]))
    assert "x" * 5000 in capsys.readouterr().out


def test_a_table_without_rows_has_its_names(capsys: pytest.CaptureFixture[str]) -> None:
    write_table(Table(["word", "similarity"], []))
    assert capsys.readouterr().out.splitlines()[0] == "word   similarity"
