"""The one place that explains a missing extra."""

from __future__ import annotations

import importlib
from types import ModuleType

from symvec.errors import MissingExtraError


def require(module: str, *, extra: str) -> ModuleType:
    """Import an optional package, or say how to get it.

    Args:
        module: the name that is imported, such as ``"torch"``.
        extra: symvec's extra that brings it.

    Raises:
        MissingExtraError: the package is not installed.

    Example:
        >>> require("math", extra="none").sqrt(4.0)
        2.0
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] != module.split(".")[0]:
            raise  # the package is there, something inside it is broken
        raise MissingExtraError(
            f"this needs the package {module!r}, which is not installed; "
            f"install it with: pip install 'symvec[{extra}]'"
        ) from error
