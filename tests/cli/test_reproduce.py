def test_the_same_text_gives_the_same_bytes(answer, tiny_model, tiny_corpus) -> None:
    said = answer("reproduce", tiny_model, "--corpus", tiny_corpus, "--threads", 1)
    assert said["same_bytes"] is True
    assert said["differences"] == {}


def test_another_text_does_not_and_what_differs_is_said(
    run, tiny_model, tiny_corpus, tmp_path
) -> None:
    other = tmp_path / "other.txt"
    other.write_text(tiny_corpus.read_text() + "tea\n")
    result = run("reproduce", tiny_model, "--corpus", other)
    assert result.exit_code == 1
    assert "corpus.sha256: " in result.stdout
    assert result.stderr == f"error: {tiny_model} is not what its text and settings make here\n"
