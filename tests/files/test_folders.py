import pytest

from symvec.errors import OutputError
from symvec.files.folders import write_folder


def test_a_folder_is_there_as_a_whole(tmp_path):
    with write_folder(tmp_path / "a") as folder:
        (folder / "one").write_text("1")
        assert not (tmp_path / "a").exists()
    assert [file.name for file in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a" / "one").read_text() == "1"


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError, OutputError])
def test_nothing_is_left_of_what_fails(tmp_path, error):
    def write():
        with write_folder(tmp_path / "a") as folder:
            (folder / "one").write_text("1")
            raise error("it failed")

    with pytest.raises(error):
        write()
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_said(tmp_path):
    with (
        pytest.raises(OutputError, match=r"cannot write .*a: No space left on device"),
        write_folder(tmp_path / "a"),
    ):
        raise OSError(28, "No space left on device")


def test_what_is_there_stays(tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to("nowhere")
    for name in ("there", "link"):
        with pytest.raises(OutputError, match=r"it exists"), write_folder(tmp_path / name):
            pass
    missing = tmp_path / "none" / "a"
    with pytest.raises(OutputError, match=r"No such file or directory"), write_folder(missing):
        pass
