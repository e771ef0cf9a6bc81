"""What supports a neighbour, on the command line."""


def test_neighbours_are_supported(answer, run, tiny_model, tiny_corpus) -> None:
    said = answer("why", tiny_model, "Tea", "-k", 3, "--corpus", tiny_corpus, "--also", tiny_model)
    assert [part["ranks"] for part in said["neighbours"]] == [[1], [2], [3]]
    assert all(part["shared_contexts"] and len(part["lines"]) == 2 for part in said["neighbours"])
    table = run("why", tiny_model, "tea", "-k", 2, "--also", tiny_model)
    assert "rank 1" in table.stdout
    assert run("why", tiny_model, "xyz").exit_code == 4
    assert run("why", tiny_model, "tea", "--corpus", "nothing.txt").exit_code == 3
