"""What the package shows of itself, and what importing it costs."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import symvec

STUB = Path(symvec.__file__).with_suffix(".pyi")
HEAVY = ("numba", "llvmlite", "torch", "jax", "keras", "rich", "typer", "scipy", "pandas")


def test_public_names_are_sorted_and_there() -> None:
    assert symvec.__all__ == sorted(symvec.__all__)
    for name in symvec.__all__:
        assert getattr(symvec, name) is not None
    assert set(symvec.__all__) <= set(dir(symvec))


def test_the_stub_says_the_same() -> None:
    tree = ast.parse(STUB.read_text(encoding="utf-8"))
    (listed,) = (
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    )
    assert listed == symvec.__all__
    imports = {
        alias.asname: (node.module, alias.name)
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert imports == {name: (home, name) for name, home in symvec._HOMES.items()}
    assert set(imports) == set(symvec.__all__) - {"__version__"}


def test_another_name_is_an_error() -> None:
    with pytest.raises(AttributeError, match="module 'symvec' has no attribute 'nothing'"):
        _ = symvec.nothing


def test_errors_are_one_tree() -> None:
    errors = [getattr(symvec, name) for name in symvec.__all__ if name.endswith("Error")]
    assert len(errors) == 9
    assert all(issubclass(error, symvec.SymvecError) for error in errors)


def loaded_by(code: str) -> set[str]:
    listing = f"import sys; {code}; print(*{{name.split('.')[0] for name in sys.modules}})"
    return set(
        subprocess.run(
            [sys.executable, "-c", listing], capture_output=True, text=True, check=True
        ).stdout.split()
    )


def test_importing_the_package_loads_nothing_heavy() -> None:
    assert loaded_by("import symvec").isdisjoint(HEAVY)


@pytest.mark.parametrize(
    "code",
    ["symvec.load", "symvec.Vectors", "symvec.evaluate_pairs", "symvec.Tokeniser"],
)
def test_what_asks_vectors_loads_numpy_and_nothing_heavier(code: str) -> None:
    loaded = loaded_by(f"import symvec; {code}")
    assert "numpy" in loaded
    assert loaded.isdisjoint(HEAVY)


def test_training_loads_numba_only_when_it_begins() -> None:
    assert loaded_by("import symvec; symvec.train").isdisjoint({"torch", "jax", "keras", "typer"})
