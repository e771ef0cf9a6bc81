"""What the documents show works: each block runs, each link leads somewhere."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.ko.md")
DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))
)


def blocks(name: str, language: str) -> list[str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


@pytest.fixture
def folder(tiny_corpus, tiny_model, tmp_path, monkeypatch) -> Path:
    """A folder with the files that the documents name."""
    (tmp_path / "corpus.txt").write_bytes(tiny_corpus.read_bytes())
    (tmp_path / "city.safetensors").write_bytes(tiny_model.read_bytes())
    (tmp_path / "ws353.txt").write_text("coffee tea 9\nking queen 8\ncoffee king 1\n")
    (tmp_path / "questions-words.txt").write_text(": family\nman king woman queen\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", READMES)
def test_python_blocks_run(name: str, folder: Path) -> None:
    found = blocks(name, "python")
    assert len(found) == 2
    names: dict[str, object] = {}
    for block in found:
        exec(compile(block, name, "exec"), names)


@pytest.mark.parametrize("name", READMES)
def test_commands_run(name: str, folder: Path, program: list[str]) -> None:
    lines = [line for block in blocks(name, "sh") for line in block.splitlines()]
    commands = [line for line in lines if line.startswith("symvec ")]
    assert len(commands) == 10
    for command in commands:
        script = command.replace("symvec", shlex.join(program), 1)
        ended = subprocess.run(
            ["/bin/sh", "-c", script], capture_output=True, timeout=60, check=False
        )
        assert ended.returncode == 0, ended.stderr.decode()


def test_the_makefile_has_what_the_documents_call() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for name in DOCUMENTS:
        for block in blocks(name, "sh"):
            for target in re.findall(r"^make (\w+)", block, re.MULTILINE):
                assert re.search(rf"^{target}:", makefile, re.MULTILINE), (name, target)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_to_files(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        if not link.startswith("http"):
            assert (ROOT / name).parent.joinpath(link).exists(), link


def test_both_readmes_show_the_same_commands_and_code() -> None:
    english, korean = ("\n".join(blocks(name, "python")) for name in READMES)

    def calls(code: str) -> list[str]:
        return re.findall(r"symvec\.\w+|vectors\.\w+\(", code)

    assert calls(english) == calls(korean)
    assert blocks(READMES[0], "sh")[1:] == blocks(READMES[1], "sh")[1:]
