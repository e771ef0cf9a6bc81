"""A part of the settings: a frozen dataclass that says of each field what it is for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, TypeVar, cast

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Description:
    """What a setting is, for people; the command line makes an option of it.

    Args:
        help: one line.
        metavar: what stands for its value; None where the values are listed.
        shown_default: the default in words, where its value tells nothing.
        recorded: whether it goes into the file. What the numbers do not depend on must not:
            the same text and settings give the same bytes.
    """

    help: str
    metavar: str | None
    shown_default: str | None
    recorded: bool


def setting(
    default: Value,
    help: str,  # noqa: A002 - as in typer
    metavar: str | None = None,
    *,
    shown_default: str | None = None,
    recorded: bool = True,
) -> Value:
    """Return a dataclass field that is a setting; see `Description`."""
    description = Description(help, metavar, shown_default, recorded)
    return field(default=default, metadata={"setting": description})


@dataclass(frozen=True, kw_only=True)
class Part:
    """What every part can do. A part checks its values as it is made.

    Args:
        heading: what the part is about, as a heading for its options.
    """

    heading: ClassVar[str] = "Learning"

    def unused(self) -> Mapping[str, str]:
        """Return the settings that the others make meaningless, each with those others."""
        return {}

    def to_metadata(self) -> dict[str, object]:
        """Return what goes into the file: the settings in use, as JSON can hold them."""
        unused = self.unused()
        return {
            name: getattr(self, name)
            for name, description in described(type(self)).items()
            if description.recorded and name not in unused
        }


def described(part: type[Part]) -> dict[str, Description]:
    """Return the settings of a part by name."""
    return {
        each.name: each.metadata["setting"]
        for each in fields(cast(Any, part))
        if "setting" in each.metadata
    }
