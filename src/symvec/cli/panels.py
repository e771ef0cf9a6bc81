"""Help whose options stand under headings, as plain text."""

from __future__ import annotations

from typing import Any

from typer.core import TyperArgument, TyperCommand

_OPTIONS = "Options"


class PanelledCommand(TyperCommand):
    """A command that lists its options by the panel that each names, those of none first."""

    def format_options(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - not public
        """Write arguments, options, and then each panel."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is not None:
                is_argument = isinstance(parameter, TyperArgument)
                panel = getattr(parameter, "rich_help_panel", None) or _OPTIONS
                sections.setdefault("Arguments" if is_argument else panel, []).append(record)
        for title in sorted(sections, key=lambda title: title not in ("Arguments", _OPTIONS)):
            with formatter.section(title):
                formatter.write_dl(sections[title])
