import tomllib
from pathlib import Path

import symvec


def test_it_tells_versions(answer) -> None:
    said = answer("doctor")
    assert said["symvec"] == symvec.__version__
    assert said["processors"] >= 1
    assert all(said["packages"].values())
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    assert set(said["extras"]) == set(project["optional-dependencies"])
