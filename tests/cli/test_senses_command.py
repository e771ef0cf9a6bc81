"""Senses on the command line."""


def test_a_word_of_one_sense(answer, run, tiny_model, tiny_corpus, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    said = answer("senses", tiny_model, "Sea", "--corpus", tiny_corpus, "--in", "they sail the sea")
    assert said["word"] == "sea"
    assert sum(sense["occurrences"] for sense in said["senses"]) == 200
    assert said["sentence"]["sense"] == 1
    assert all("sea" in line for sense in said["senses"] for line in sense["examples"])
    table = run("senses", tiny_model, "sea", "--corpus", tiny_corpus, "--attributes").stdout
    assert "of the occurrences" in table
    assert "attribute" in table


def test_what_cannot_be_told(run, tiny_model, tiny_corpus, tmp_path) -> None:
    result = run("senses", tiny_model, "sea", "--corpus", tiny_corpus, "--in", "no word of it")
    assert result.exit_code == 2
    assert "the sentence does not hold the word 'sea'" in result.stderr
    assert run("senses", tiny_model, "xyz", "--corpus", tiny_corpus).exit_code == 3
    assert run("senses", tiny_model, "sea", "--corpus", tmp_path / "nothing").exit_code == 3
