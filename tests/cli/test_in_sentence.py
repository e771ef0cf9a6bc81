"""Words in their sentences on the command line."""

import shutil

import pytest

from elmo_case import tiny_encoder

SEA, LAND = "ships sail the sea to spain", "the king and the sea rule the land"


@pytest.fixture(autouse=True)
def cache(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def model(tiny_model, tmp_path):
    return shutil.copy(tiny_model, tmp_path / "city.safetensors")


def test_a_word_in_two_sentences(answer, run, model, tiny_corpus) -> None:
    said = answer("similar", model, "Sea", "--in", SEA, "--in", LAND, "-k", 3)
    first, second = said["answers"]
    assert (first["word"], first["position"], first["sentence"]) == ("sea", 3, SEA)
    assert {n["word"] for n in first["neighbours"]} <= {"ships", "sail", "to", "spain", "and"} | {
        "france"
    }
    assert [n["word"] for n in first["neighbours"]] != [n["word"] for n in second["neighbours"]]
    fitted = answer("contexts", model, "--corpus", tiny_corpus)
    assert fitted["file"] == str(model.with_name("city.contexts.safetensors"))
    again = answer("similar", model, "sea", "--in", SEA, "-k", 3)
    assert again["answers"][0]["neighbours"] != first["neighbours"]  # by the map beside the model
    lines = run("similar", model, "sea", "--in", SEA, "-k", 2, "-f", "tsv").stdout.splitlines()
    assert lines[0] == "word\tsentence\trank\tneighbour\tsimilarity"
    assert len(lines) == 3
    assert "ships sail the [sea] to spain" in run("similar", model, "sea", "--in", SEA).stdout


def test_what_a_sentence_adds_to_a_word(answer, run, model) -> None:
    said = answer("attributes", model, "sea", "--in", LAND, "--atoms", 6)
    (word,) = said["words"]
    changes = [one["change"] for one in word["attributes"]]
    assert changes == sorted(changes, reverse=True)
    assert changes[0] > 0
    assert "in the sentence" in run("attributes", model, "sea", "--in", LAND, "--atoms", 6).stdout


def test_an_elmo_reads_the_sentences(answer, run, model, tiny_corpus, tmp_path) -> None:
    elmo = tmp_path / "elmo.safetensors"
    tiny_encoder().save(elmo)
    fitted = answer("contexts", model, "--corpus", tiny_corpus, "--encoder", elmo, "--words", 900)
    assert 900 <= fitted["words_read"] < 3000
    said = answer("similar", model, "sea", "--in", SEA, "-k", 3)
    assert len(said["answers"][0]["neighbours"]) == 3
    beside = str(model.with_name("city.contexts.safetensors"))
    found = answer("senses", model, "sea", "--corpus", tiny_corpus, "--contexts", beside)
    assert sum(sense["occurrences"] for sense in found["senses"]) == 200
    elmo.rename(tmp_path / "moved")
    gone = run("similar", model, "sea", "--in", SEA)
    assert gone.exit_code == 3
    assert "which is not beside it; give it (--encoder)" in gone.stderr
    assert run("similar", model, "sea", "--in", SEA, "--encoder", tmp_path / "moved").exit_code == 0


def test_what_cannot_be_answered_is_said(run, model, tiny_model, tiny_corpus, tmp_path) -> None:
    for words, code, text in [
        (("similar", model, "sea", "--in", "no word of it"), 2, "does not hold the word 'sea'"),
        (("similar", model, "x", "--in", "x y"), 2, "knows neither 'x' nor a word beside it"),
        (("similar", model, "sea", "--in", SEA, "-k", -1), 2, "must be 0 or more, got -1"),
        (("similar", model, "sea", "--encoder", "e"), 2, "say how a sentence is read: give it by"),
        (("similar", model, "sea", "--in", SEA, "--encoder", "e"), 2, "fit one with: symvec con"),
        (("similar", model, "sea", "--in", SEA, "--contexts", "none"), 3, "cannot read none"),
        (("attributes", model, "sea-tea", "--axes", "--in", SEA), 2, "--in shows attributes, not"),
        (("contexts", model, "--corpus", tmp_path / "none"), 3, "none"),
        (("contexts", model, "--corpus", tiny_corpus, "--encoder", tiny_model), 2, "wants an ELMo"),
        (("contexts", model, "--corpus", tiny_corpus, "-o", tmp_path / "a" / "b"), 1, "not exist"),
    ]:
        result = run(*words)
        assert (result.exit_code, text in result.stderr) == (code, True), result.stderr
    tiny_encoder().save(tmp_path / "e")
    both = ("--encoder", tmp_path / "e", "--window", 3)
    result = run("contexts", model, "--corpus", tiny_corpus, *both)
    assert "--window belongs to maps without an ELMo" in result.stderr
