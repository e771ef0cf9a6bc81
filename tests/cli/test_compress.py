"""Smaller files on the command line."""

import pytest

import symvec


@pytest.mark.parametrize("codec", ["none", "float16", "int8", "pq"])
def test_the_loss_is_shown_and_the_file_written(answer, run, tiny_model, tmp_path, codec) -> None:
    small = tmp_path / "small.safetensors"
    said = answer("compress", tiny_model, small, "--codec", codec)
    assert 0 < said["neighbours_kept"] <= 1
    assert symvec.load(small).index_to_key == symvec.load(tiny_model).index_to_key
    assert run("similar", small, "tea").exit_code == 0
    assert answer("info", small)["words"] == 21


def test_without_a_file_nothing_is_written(answer, run, tiny_model, tmp_path) -> None:
    pairs = tmp_path / "pairs.txt"
    pairs.write_text("coffee tea 9\nking queen 8\ncoffee king 1\n")
    said = answer("compress", tiny_model, "--dimensions", 8, "--pairs", pairs)
    assert said["table_bytes_after"] < said["table_bytes_before"] / 4
    assert said["pairs"][0]["name"] == "pairs.txt"
    assert "word pairs" in run("compress", tiny_model, "--pairs", pairs).stdout
    assert run("compress", tiny_model, "--dimensions", 10**6).exit_code == 2


def test_a_place_that_cannot_be_written_is_told_first(run, tiny_model, tmp_path) -> None:
    result = run("compress", tiny_model, tmp_path / "no folder" / "a.safetensors")
    assert result.exit_code == 1
    assert result.stdout == ""
