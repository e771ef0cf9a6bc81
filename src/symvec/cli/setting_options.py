"""The settings of all algorithms as options, made from what each setting says of itself."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin, get_type_hints

import typer

from symvec.training.algorithms import ALGORITHMS
from symvec.training.settings.part import Description, Part, described

Command = TypeVar("Command", bound=Callable[..., None])
_SWITCH = "--{name}/--no-{name}"


def with_setting_options(command: Command) -> Command:
    """Give a command an option for each setting, which reach it in its ``**settings``.

    An option that is not given is left out of them.
    """
    hints = get_type_hints(command, include_extras=True)
    own = [
        parameter.replace(annotation=hints[parameter.name])
        for parameter in inspect.signature(command).parameters.values()
        if parameter.kind is not inspect.Parameter.VAR_KEYWORD
    ]
    options = [_parameter(*setting) for setting in _settings()]
    parameters = [
        parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in [*own, *options]
    ]

    def call(**given: Any) -> None:  # noqa: ANN401 - what the options hold
        own_names = {parameter.name for parameter in own}
        command(
            **{
                name: value
                for name, value in given.items()
                if name in own_names or value not in (None, [])
            }
        )

    call.__doc__, call.__name__ = command.__doc__, command.__name__
    call.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return call  # type: ignore[return-value]


def _settings() -> Iterator[tuple[str, Any, type[Part], Description, str]]:
    """Go through the settings: name, type, part, description, and the defaults in words."""
    seen: set[str] = set()
    yield "algorithm", Literal[tuple(ALGORITHMS)], *_algorithm()
    for algorithm in ALGORITHMS.values():
        for part in algorithm.parts:
            hints = get_type_hints(part)
            for name, description in described(part).items():
                if name not in seen:
                    seen.add(name)
                    yield name, hints[name], part, description, _defaults(name)


def _algorithm() -> tuple[type[Part], Description, str]:
    summaries = "; ".join(f"{name} {each.summary}" for name, each in ALGORITHMS.items())
    first = next(iter(ALGORITHMS.values())).parts[0]
    return first, Description(f"What learns: {summaries}.", None, None, True), "skipgram"


def _defaults(name: str) -> str:
    """Return a setting's default, and the algorithms whose own differs from the first's."""
    shown: dict[str, list[str]] = {}
    for algorithm, each in ALGORITHMS.items():
        for part in each.parts:
            if name in described(part):
                default = described(part)[name].shown_default or _word(getattr(part(), name), name)
                shown.setdefault(default, []).append(algorithm)
    first, *others = shown
    return ", ".join([first, *(f"{' and '.join(shown[other])}: {other}" for other in others)])


def _word(value: object, name: str) -> str:
    if isinstance(value, bool):
        return name.replace("_", "-") if value else f"no-{name.replace('_', '-')}"
    return "none" if value is None else str(value)


def _parameter(
    name: str,
    kind: Any,  # noqa: ANN401 - a type, or a Literal
    part: type[Part],
    description: Description,
    default: str,
) -> inspect.Parameter:
    if get_origin(kind) is tuple:  # of any length: the option may be given again
        kind = list[get_args(kind)[0]]  # type: ignore[misc]
    dashed = name.replace("_", "-")
    option = typer.Option(
        _SWITCH.format(name=dashed) if kind is bool else f"--{dashed}",
        help=f"{description.help}  [default: {default}]",
        metavar=description.metavar,
        rich_help_panel=part.heading,
    )
    annotation = Annotated[kind | None, option]
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation
    )
