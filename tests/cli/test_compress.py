"""Smaller files on the command line."""

import numpy as np
import pytest

import symvec
from symvec.text.ngrams import Characters
from symvec.vectors import Vectors
from symvec.vocabulary import SubwordRows, Vocabulary


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


def test_fewer_rows_of_ngrams(answer, run, tmp_path) -> None:
    rows = SubwordRows(Vocabulary.from_words(["tea", "teas", "milk"]), Characters(2, 3), 40)
    table = np.random.default_rng(2).normal(size=(rows.row_count, 8)).astype(np.float32)
    Vectors(rows, table).save(tmp_path / "model.safetensors")
    small = tmp_path / "small.safetensors"
    options = ("--codec", "none", "--buckets", 10)
    said = answer("compress", tmp_path / "model.safetensors", small, *options)
    assert said["table_bytes_after"] == 4 * 8 * 13
    assert said["cosine_error"] < 1e-5
    assert said["unseen_words_cosine"] < 1
    assert symvec.load(small).rows.bucket == 10
    refused = run("compress", tmp_path / "model.safetensors", "--buckets", 7)
    assert refused.exit_code == 2
    assert "must divide the 40" in refused.stderr
