import pytest

import symvec
from symvec.cli.trained import Trained, summary

FAST = {"svd": ("--vector-size", 8), "glove": ("--vector-size", 8, "--epochs", 2)}


@pytest.mark.parametrize("algorithm", FAST)
def test_the_file_has_the_same_bytes_at_any_number_of_threads_and_budget(
    run, tiny_corpus, tmp_path, algorithm
) -> None:
    files = [tmp_path / f"{place}.safetensors" for place in range(3)]
    for file, threads, budget in zip(files, (1, 3, 8), (1 << 22, 1 << 30, 1 << 24), strict=True):
        ended = run(
            "train", tiny_corpus, "-o", file, "--algorithm", algorithm, *FAST[algorithm],
            "--threads", threads, "--memory-budget", budget,
        )  # fmt: skip
        assert ended.exit_code == 0, ended.output
    assert len({file.read_bytes() for file in files}) == 1


def test_what_was_learned_without_epochs_has_no_losses(tiny_corpus, tmp_path) -> None:
    vectors = symvec.train(tiny_corpus, algorithm="svd", vector_size=8)
    path = tmp_path / "model.safetensors"
    vectors.save(path)
    told = summary(Trained(vectors, str(path), 1.5, 0.0))
    assert "loss" not in told
    assert "words/s" not in told


def test_a_weight_that_the_article_warns_of(run, tiny_corpus, tmp_path) -> None:
    model = tmp_path / "model.safetensors"
    ended = run("train", tiny_corpus, "-o", model, "--algorithm", "svd", "--eigenvalue-weight", 1)
    assert ended.exit_code == 2
    assert "eigenvalue_weight must be below 1, got 1.0" in ended.stderr
    assert not model.exists()
