import json

import pytest

import symvec
from symvec.cli.facts import flattened


def test_it_tells_what_there_is(answer, tiny_model) -> None:
    said = answer("info", tiny_model)
    assert said["words"] == 21
    assert said["vector_size"] == 16
    assert said["verified"] is True
    assert said["size_bytes"] == tiny_model.stat().st_size
    assert said["provenance"]["settings"]["window"] == 3
    assert set(said["sha256"]) >= {"table", "vocabulary", "counts", "norms", "header"}


def test_all_of_it_is_there_for_people_and_a_fact_a_line(run, answer, tiny_model) -> None:
    facts = dict(flattened(answer("info", tiny_model)))
    shown = run("info", tiny_model).stdout
    for name in facts:
        assert name.rpartition(".")[2].replace("_", " ") in shown
    lines = run("info", tiny_model, "-f", "jsonl").stdout.splitlines()
    assert {json.loads(line)["name"] for line in lines} == set(facts)


@pytest.mark.filterwarnings("default")
def test_vectors_that_hold_nan_are_a_warning(run, tmp_path, tiny_model) -> None:
    vectors = symvec.load(tiny_model)
    table = vectors.table.copy()
    table[3] = float("nan")
    broken = tmp_path / "broken.safetensors"
    symvec.Vectors(vectors.rows, table).save(broken)
    result = run("info", broken)
    assert result.exit_code == 0
    assert result.stderr.startswith(f"warning: {broken}: the vectors of 1 words hold NaN")
    assert ".py" not in result.stderr
