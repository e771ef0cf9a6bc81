"""The similarities of two sentences' words, drawn as a matrix."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from symvec.cli.escaping import visible

if TYPE_CHECKING:
    from symvec.vectors.alignment import WordAlignment

_CELL: Final = 34
_MARGIN: Final = 8
_LETTER: Final = 8


def matrix_table(alignment: WordAlignment) -> tuple[list[str], list[list[str]]]:
    """Return column names and rows of a matrix for a terminal; links are in brackets."""
    linked = {(i, j) for i, j in alignment.links.tolist()}
    rows = []
    for i, word in enumerate(alignment.first):
        cells = [
            _cell(float(value), (i, j) in linked)
            for j, value in enumerate(alignment.similarities[i])
        ]
        rows.append([word, *cells])
    return ["", *alignment.second], rows


def matrix_svg(alignment: WordAlignment) -> str:
    """Return the matrix as an SVG document; the darker a cell, the higher the cosine.

    It follows the reader's light or dark scheme. Words are text and nothing else.
    """
    left = _MARGIN + _LETTER * max((len(visible(word)) for word in alignment.first), default=0)
    top = _MARGIN + _LETTER * max((len(visible(word)) for word in alignment.second), default=0)
    width = left + _CELL * len(alignment.second) + _MARGIN
    height = top + _CELL * len(alignment.first) + _MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" font-family="sans-serif" font-size="13">',
        "<style>text{fill:#222}.cell{fill:#1f6feb}.link{fill:none;stroke:#d1242f;stroke-width:2}"
        "@media(prefers-color-scheme:dark){text{fill:#ddd}.cell{fill:#58a6ff}"
        ".link{stroke:#ff7b72}}</style>",
    ]
    linked = {(i, j) for i, j in alignment.links.tolist()}
    for j, word in enumerate(alignment.second):
        x = left + _CELL * j + _CELL // 2 + 4
        parts.append(f'<text transform="translate({x} {top - 4}) rotate(-90)">{_text(word)}</text>')
    for i, word in enumerate(alignment.first):
        y = top + _CELL * i
        parts.append(f'<text x="{left - 4}" y="{y + 21}" text-anchor="end">{_text(word)}</text>')
        for j, value in enumerate(alignment.similarities[i].tolist()):
            parts.append(_square(left + _CELL * j, y, value, (i, j) in linked))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _square(x: int, y: int, value: float, is_link: bool) -> str:
    known = value == value  # NaN where a word has no vector
    title = f"{value:.3f}" if known else "no vector"
    opacity = max(0.0, value) if known else 0.0
    place = f'x="{x + 1}" y="{y + 1}" width="{_CELL - 2}" height="{_CELL - 2}"'
    square = f'<rect class="cell" {place} opacity="{opacity:.3f}"><title>{title}</title></rect>'
    return square + (f'<rect class="link" {place}/>' if is_link else "")


def _cell(value: float, is_link: bool) -> str:
    if value != value:
        return "–"
    return f"[{value:.2f}]" if is_link else f"{value:.2f} "


def _text(word: str) -> str:
    return escape(visible(word))
