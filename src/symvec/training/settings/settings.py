"""The settings of a training run, put together from the parts that its algorithm uses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from symvec.errors import InputError
from symvec.training.settings.part import Part, described

P = TypeVar("P", bound=Part)


@dataclass(frozen=True, slots=True)
class Settings:
    """An algorithm's name, and its parts.

    Args:
        algorithm: the name.
        parts: one of each kind that the algorithm takes.
    """

    algorithm: str
    parts: tuple[Part, ...]

    def part(self, kind: type[P]) -> P:
        """Return the part of a kind.

        Raises:
            LookupError: the algorithm takes no such part.
        """
        for part in self.parts:
            if isinstance(part, kind):
                return part
        raise LookupError(f"{self.algorithm} has no {kind.__name__}")

    def has(self, kind: type[Part]) -> bool:
        """Return whether the algorithm takes a kind of part."""
        return any(isinstance(part, kind) for part in self.parts)

    def to_metadata(self) -> dict[str, object]:
        """Return all settings that are in use, by their flat names, as JSON can hold them."""
        metadata: dict[str, object] = {"algorithm": self.algorithm}
        for part in self.parts:
            metadata |= part.to_metadata()
        return metadata


def compose(
    algorithm: str,
    kinds: Sequence[type[Part]],
    given: Mapping[str, Any],
    elsewhere: Mapping[str, Iterable[str]],
) -> Settings:
    """Hand flat settings to the parts that have them, by name.

    Args:
        algorithm: the name.
        kinds: of the parts that it takes.
        given: settings by name; the others keep their defaults.
        elsewhere: the names of the other algorithms that know a setting, by setting.

    Raises:
        InputError: a setting that there is not, that the algorithm does not use, or of a value
            that cannot work.

    Example:
        >>> from symvec.training.settings.corpus import CorpusLimits
        >>> compose("svd", [CorpusLimits], {"min_count": 3}, {}).part(CorpusLimits).min_count
        3
    """
    _check_names(algorithm, kinds, given, elsewhere)
    parts = tuple(_made(kind, algorithm, given) for kind in kinds)
    for part in parts:
        for name, reason in part.unused().items():
            if name in given:
                raise InputError(f"{name} is not used with {reason}; leave it out")
    return Settings(algorithm, parts)


def _check_names(
    algorithm: str,
    kinds: Sequence[type[Part]],
    given: Mapping[str, Any],
    elsewhere: Mapping[str, Iterable[str]],
) -> None:
    known = ["algorithm", *(name for kind in kinds for name in described(kind))]
    for name in sorted(set(given) - set(known)):
        if name in elsewhere:
            users = " and ".join(elsewhere[name])
            raise InputError(
                f"{name} is not used with algorithm={algorithm!r}, only with {users}; leave it out"
            )
        raise InputError(f"there is no setting {name!r}; the settings are {', '.join(known)}")


def _made(kind: type[Part], algorithm: str, given: Mapping[str, Any]) -> Part:
    own = {name: given[name] for name in described(kind) if name in given}
    if any(each.name == "algorithm" for each in fields(kind)):
        own["algorithm"] = algorithm
    return kind(**own)
