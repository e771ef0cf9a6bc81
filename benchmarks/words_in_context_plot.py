"""Draw the guide's plot of occurrences of a word, by the code that the guide itself shows.

python benchmarks/words_in_context_plot.py
"""

from __future__ import annotations

import doctest
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import numpy as np

GUIDE = Path(__file__).parents[1] / "docs" / "guide"
SIZE, GAP, MARGIN = 380, 20, 46
# Told apart by people who see few colours, too (Okabe and Ito 2008).
COLOURS = ("#0072b2", "#d55e00", "#009e73")
PANELS = {
    "배": {
        "배, ship": ["바다", "선원", "항구"],
        "배, pear": ["사과", "포도", "시원한"],
        "배, belly": ["병원", "밥", "아프고"],
    },
    "bank": {
        "bank, river": ["river", "muddy", "willow"],
        "bank, money": ["loan", "mortgage", "debt"],
    },
}


def chapter() -> dict[str, Any]:
    """Run the chapter until the map is fitted, and return what it has defined."""
    names: dict[str, Any] = {}
    text = (GUIDE / "words-in-context.md").read_text("utf-8")
    for example in doctest.DocTestParser().get_examples(text):
        exec(compile(example.source, "words-in-context.md", "exec"), names)
        if "contexts" in names:
            break
    return names


def panel(names: dict[str, Any], word: str, meanings: dict[str, list[str]], left: int) -> list[str]:
    vectors, place_of = names["vectors"], names["word_in_sentence"]
    patterns = list(names["MEANINGS"])
    groups = []
    for meaning in meanings:
        sentences = names["text"][patterns.index(meaning) :: len(patterns)][:40]
        groups.append(np.array([place_of(names["contexts"], s, word).vector for s in sentences]))
    alone = place_of(names["contexts"], [word], word).alone
    beside = [name for group in meanings.values() for name in group]
    known = np.array([vectors[name] / np.linalg.norm(vectors[name]) for name in beside])
    everything = np.concatenate([*groups, known, alone[None]])
    centred = everything - everything.mean(axis=0)
    _, _, directions = np.linalg.svd(centred, full_matrices=False)
    flat = centred @ directions[:2].T
    low, high = flat.min(axis=0), flat.max(axis=0)
    flat = MARGIN + (flat - low) / (high - low) * (SIZE - 2 * MARGIN)
    flat[:, 0] += left
    return _drawn(word, list(meanings), [len(group) for group in groups], beside, flat, left)


def _drawn(
    word: str, meanings: list[str], sizes: list[int], beside: list[str], flat: Any, left: int
) -> list[str]:
    parts = [
        f'<rect x="{left}" y="0" width="{SIZE}" height="{SIZE}" fill="#fafafa" stroke="#ddd"/>'
    ]
    ends = np.cumsum(sizes)
    for number, end in enumerate(ends):
        parts += [
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{COLOURS[number]}" fill-opacity="0.5"/>'
            for x, y in flat[end - sizes[number] : end]
        ]
    names = len(beside) // len(meanings)
    labels = _apart(flat[ends[-1] : -1])
    for number, name in enumerate(beside):
        x, y = labels[number]
        parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle" '
            f'fill="{COLOURS[number // names]}">{escape(name)}</text>'
        )
    x, y = flat[-1]
    parts.append(
        f'<path d="M{x:.1f} {y - 8:.1f}l8 8l-8 8l-8 -8z" fill="#000"/>'
        f'<text x="{x + 12:.1f}" y="{y + 5:.1f}" font-weight="bold">{escape(word)}</text>'
    )
    for number, meaning in enumerate(meanings):
        height = SIZE + 22 + 18 * number
        parts.append(
            f'<circle cx="{left + 12}" cy="{height - 4}" r="5" fill="{COLOURS[number]}"/>'
            f'<text x="{left + 24}" y="{height}">{escape(meaning)}</text>'
        )
    return parts


def _apart(places: Any) -> Any:
    """Return the places of labels, moved down where one would lie on another."""
    moved = places.copy()
    for number in np.argsort(places[:, 1]):
        for _ in range(len(places)):
            near = np.abs(moved - moved[number]) < (60, 16)
            near[number] = False
            if not near.all(axis=1).any():
                break
            moved[number, 1] += 8
    return moved


def draw() -> str:
    """Return the plot as SVG."""
    names = chapter()
    width, height = 2 * SIZE + GAP, SIZE + 70
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="14">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
    ]
    for number, (word, meanings) in enumerate(PANELS.items()):
        parts += panel(names, word, meanings, number * (SIZE + GAP))
    return "\n".join([*parts, "</svg>\n"])


if __name__ == "__main__":
    plot = GUIDE / "words-in-context.svg"
    plot.write_text(draw(), encoding="utf-8")
    print(plot)
