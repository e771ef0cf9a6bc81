"""Attributes and axes on the command line."""

import json

import pytest


@pytest.fixture(autouse=True)
def cache(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def test_a_word_is_a_sum_of_attributes(answer, run, tiny_model, tmp_path) -> None:
    said = answer("attributes", tiny_model, "king", "tea", "--atoms", 5, "--most", 2)
    assert [part["word"] for part in said["words"]] == ["king", "tea"]
    for part in said["words"]:
        assert 0 <= part["unexplained"] < 1
        assert 1 <= len(part["attributes"]) <= 2
    assert len(list((tmp_path / "cache" / "symvec" / "atoms").iterdir())) == 1
    table = run("attributes", tiny_model, "king", "--atoms", 5).stdout
    assert "left unexplained" in table
    assert run("attributes", tiny_model, "xyz").exit_code == 4
    assert run("attributes", tiny_model, "king", "--atoms", 0).exit_code == 2


def test_words_on_axes(answer, run, tiny_model) -> None:
    said = answer("attributes", tiny_model, "milk", "--axes", "king,queen-tea,coffee", "sea-tea")
    first, second = said["places"]
    assert (first["axis"], first["word"]) == ("king,queen-tea,coffee", "milk")
    assert first["low"] <= first["position"] <= first["high"]
    assert first["position"] > 0
    assert second["low"] is None
    result = run("attributes", tiny_model, "milk", "--axes", "king-xyz")
    assert result.exit_code == 4
    assert run("attributes", tiny_model, "milk", "--axes").exit_code == 2
    lines = run("attributes", tiny_model, "milk", "--axes", "sea-tea", "-f", "jsonl").stdout
    assert json.loads(lines)["axis"] == "sea-tea"
