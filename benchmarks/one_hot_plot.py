"""Draw the guide's plot of one-hot products and lookups from ``results/layers.json``.

python benchmarks/layers.py one-hot && python benchmarks/one_hot_plot.py
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parent
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 400, 80, 150, 20, 60
COLOURS = {"one-hot ms": "#c0392b", "lookup ms": "#2471a3"}
NAMES = {"one-hot ms": "one-hot product", "lookup ms": "lookup"}


def scale(low: float, high: float, start: float, stop: float) -> Callable[[float], float]:
    """Return a logarithmic scale from numbers to places in the picture."""
    span = math.log10(high) - math.log10(low)
    return lambda value: start + (math.log10(value) - math.log10(low)) / span * (stop - start)


def draw(measured: dict[str, dict[str, float]]) -> str:
    """Return the plot as SVG."""
    sizes = [int(size) for size in measured]
    times = [values[key] for values in measured.values() for key in COLOURS if key in values]
    low = 10.0 ** math.floor(math.log10(min(times)))
    high = 10.0 ** math.ceil(math.log10(max(times)))
    x = scale(min(sizes), max(sizes), LEFT, WIDTH - RIGHT)
    y = scale(low, high, HEIGHT - BOTTOM, TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
    ]
    for size in sizes:
        foot = HEIGHT - BOTTOM + 18
        parts.append(f'<text x="{x(size):.1f}" y="{foot}" text-anchor="middle">{size:,}</text>')
    power = round(math.log10(low))
    while 10.0**power <= high:
        height = y(10.0**power)
        parts.append(
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{height:.1f}" y2="{height:.1f}" '
            'stroke="#ddd"/>'
            f'<text x="{LEFT - 8}" y="{height + 4:.1f}" text-anchor="end">{10.0**power:g} ms</text>'
        )
        power += 1
    for key, colour in COLOURS.items():
        known = [(int(size), values[key]) for size, values in measured.items() if key in values]
        points = [(x(size), y(took)) for size, took in known]
        line = " ".join(f"{a:.1f},{b:.1f}" for a, b in points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        right, height = points[-1][0] + 8, points[-1][1] + 4
        parts.append(f'<text x="{right:.1f}" y="{height:.1f}" fill="{colour}">{NAMES[key]}</text>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(
        f'<text x="{middle}" y="{HEIGHT - 15}" text-anchor="middle">words in the vocabulary</text>'
    )
    return "\n".join([*parts, "</svg>\n"])


if __name__ == "__main__":
    results = json.loads((HERE / "results" / "layers.json").read_text())
    plot = HERE.parent / "docs" / "guide" / "one-hot-cost.svg"
    plot.write_text(draw(results["one-hot of 1,024 tokens"]))
    print(plot)
