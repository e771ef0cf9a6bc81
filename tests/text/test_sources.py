import io

import pytest

from symvec.errors import FileError, InputError
from symvec.text.sources import expand_sources, total_bytes


@pytest.fixture
def folder(tmp_path):
    for name in ("b/2.txt", "b/1.txt", "a.txt", "c.md", ".hidden", ".git/x.txt"):
        file = tmp_path / "texts" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
    return tmp_path / "texts"


def names(folder, sources):
    return [str(source.relative_to(folder)) for source in expand_sources(sources)]


def test_a_folder_is_all_its_files_sorted_without_hidden_ones(folder):
    assert names(folder, [folder]) == ["a.txt", "b/1.txt", "b/2.txt", "c.md"]


def test_sources_stay_in_the_order_given_and_a_file_given_twice_is_read_twice(folder):
    assert names(folder, [folder / "c.md", folder / "a.txt", folder / "c.md"]) == [
        "c.md",
        "a.txt",
        "c.md",
    ]


def test_patterns(folder):
    assert names(folder, [str(folder / "*.txt")]) == ["a.txt"]
    assert names(folder, [str(folder / "**" / "*.txt")]) == ["a.txt", "b/1.txt", "b/2.txt"]
    assert names(folder, [str(folder / "[bx]")]) == ["b/1.txt", "b/2.txt"]


def test_a_file_whose_name_looks_like_a_pattern(tmp_path):
    (tmp_path / "a[1].txt").write_text("x")
    assert expand_sources([tmp_path / "a[1].txt"]) == (tmp_path / "a[1].txt",)


def test_one_path_alone_is_one_source(folder):
    assert expand_sources(str(folder / "a.txt")) == (folder / "a.txt",)


def test_sizes_are_known_but_for_standard_input(folder):
    files = expand_sources([folder / "a.txt", folder / "c.md"])
    assert total_bytes(files) == 9
    assert total_bytes([*files, "-"]) is None
    assert total_bytes([]) == 0


def test_errors_of_sources(folder, tmp_path):
    (tmp_path / "empty").mkdir()
    for sources, message in [
        ([folder / "no.txt"], f"no such file or folder: '{folder / 'no.txt'}'"),
        ([tmp_path / "empty"], f"the folder '{tmp_path / 'empty'}' has no text"),
        ([str(folder / "*.xyz")], f"no file matches the pattern '{folder / '*.xyz'}'"),
    ]:
        with pytest.raises(FileError) as caught:
            expand_sources(sources)
        assert str(caught.value).startswith(message)
        assert caught.value.exit_code == 3


def test_inputs_that_are_no_sources():
    with pytest.raises(InputError, match="no text to read: give at least one file"):
        expand_sources([])
    with pytest.raises(InputError, match=r"standard input \('-'\) can be read only once"):
        expand_sources(["-", "-"])
    with pytest.raises(InputError, match="a source of text is a path or '-', got 7 of type int"):
        expand_sources([7])
    with pytest.raises(InputError, match="a source of text is a path"):
        expand_sources([io.BytesIO()])
