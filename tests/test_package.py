"""The wheel as a user gets it: what is in it, how large it is, and that it works by itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from symvec.errors import SymvecError

ROOT = Path(__file__).parents[1]
WHEEL_BYTES = 850_000
# The core install, dependencies and all; README.md promises it.
INSTALL_MEGABYTES = 300
SECONDS = 300


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the source distribution, which is thereby tested, too."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    built = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = folder.glob("*.whl")
    return path


def test_it_holds_the_package_and_nothing_else(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    sources = {
        path.relative_to(ROOT / "src").as_posix()
        for path in (ROOT / "src" / "symvec").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in names if ".dist-info/" not in name} == sources
    assert {"symvec/py.typed", "symvec/__init__.pyi", "symvec/cli/state-of-the-union.txt"} <= names
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_it_is_small(wheel: Path) -> None:
    assert wheel.stat().st_size < WHEEL_BYTES


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a fresh environment in which only the wheel is installed."""
    folder = tmp_path_factory.mktemp("fresh")
    venv.create(folder, with_pip=True)
    found = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    command = [str(found), "-m", "pip", "install", "--quiet", str(wheel)]
    if (constraints := ROOT / "constraints.txt").exists():
        command += ["--constraint", str(constraints)]
    installed = subprocess.run(command, capture_output=True, text=True, check=False)
    if "Could not fetch URL" in installed.stderr or "NewConnectionError" in installed.stderr:
        pytest.skip("no package registry can be reached")
    assert installed.returncode == 0, installed.stderr
    return found


def symvec(python: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(python.with_name("symvec")), *words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def test_it_works_by_itself(python: Path, tiny_corpus: Path, tmp_path: Path) -> None:
    told = json.loads(symvec(python, tmp_path, "doctor", "--format", "json").stdout)
    assert not any(told["extras"].values()), "the environment is to have no extra"
    options = ("--vector-size", "16", "--epochs", "30", "--sample", "0")
    trained = symvec(python, tmp_path, "train", str(tiny_corpus), "-o", "m.safetensors", *options)
    assert (trained.returncode, trained.stderr) == (0, "")
    asked = symvec(python, tmp_path, "similar", "m.safetensors", "coffee", "-f", "json")
    assert len(json.loads(asked.stdout)["answers"][0]["neighbours"]) == 10


def test_missing_extras_say_how_to_get_them(python: Path, tmp_path: Path) -> None:
    demo = symvec(python, tmp_path, "demo")
    assert demo.returncode == SymvecError.exit_code
    assert "pip install 'symvec[demo]'" in demo.stderr
    code = "import symvec.layers.torch"
    imported = subprocess.run(
        [str(python), "-c", code], capture_output=True, text=True, check=False
    )
    assert "pip install 'symvec[torch]'" in imported.stderr


def test_the_core_install_keeps_to_its_budget(python: Path) -> None:
    packages = next(python.parents[1].glob("lib/python*/site-packages"))
    size = sum(
        path.stat().st_size
        for path in packages.rglob("*")
        if path.is_file()
        and not path.is_symlink()
        and "__pycache__" not in path.parts
        and "pip" not in path.relative_to(packages).parts[0]
    )
    assert size < INSTALL_MEGABYTES * 1e6
