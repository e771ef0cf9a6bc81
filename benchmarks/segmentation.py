"""How fast text is segmented and encoded, by library; and what whole-line windows cost.

Words a second of processor time (kiwi's threads together) of ``symvec.train``'s first stage: text
to ids, by each tokeniser that suits the text; other work on the machine hardly changes it.
Japanese is a page of sentences again and again, for want of a corpus. Baskets of 20 items are
trained on for an epoch with windows of several sizes, and lines that hold all of a day with the
largest.

    python benchmarks/segmentation.py --korean ko.txt.xz --chinese zh.txt.xz [--megabytes 2]
"""

from __future__ import annotations

import argparse
import json
import lzma
import tempfile
import time
from pathlib import Path

import numpy as np

import symvec
from machine import description
from symvec.text.tokeniser_choice import tokeniser_named
from symvec.vocabulary.counting import encode_text

JAPANESE = """今日は朝から雨が降っていたので、図書館で本を読んで過ごしました。
東京駅から新幹線に乗って京都へ行き、古い寺や庭園を見て回った。
新しいコンピューターで大きなデータを処理すると、以前より三倍くらい速い。
駅前の喫茶店では、コーヒーとケーキを注文する客がいつも列を作っている。
"""


def text_of(path: Path, octets: int) -> bytes:
    with lzma.open(path) as file:
        return file.read(octets).rpartition(b"\n")[0]


def encoding_speed(text: bytes, name: str) -> tuple[float, int, int]:
    """Return words/s, how many words there were, and how many distinct ones."""
    tokeniser = tokeniser_named(name)
    tokeniser.tokens("".join(JAPANESE))  # loads what is loaded at first use
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "text")
        path.write_bytes(text)
        started = time.process_time()
        encoding = encode_text([path], tokeniser, min_count=1, directory=Path(folder))
        seconds = time.process_time() - started
    return encoding.report.raw_words / seconds, encoding.report.raw_words, len(encoding.vocabulary)


def baskets(line_items: int, items: int) -> list[list[str]]:
    random = np.random.default_rng(1)
    drawn = (random.zipf(1.2, items) % 20_000).astype(str)
    return [drawn[start : start + line_items].tolist() for start in range(0, items, line_items)]


def training_speed(line_items: int, window: int) -> float:
    """Return items a second of one thread's time, from the first that were trained on."""
    seen: list[tuple[int, float]] = []

    def note(progress: object) -> None:
        if getattr(progress, "stage", "") == "training":
            seen.append((progress.done, time.process_time()))  # type: ignore[attr-defined]

    symvec.train(
        baskets(line_items, 1_000_000),
        items=True, epochs=1, window=window, progress=note, threads=1,
    )  # fmt: skip
    (first, began), (last, ended) = seen[0], seen[-1]
    return (last - first) / (ended - began)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--korean", type=Path, required=True)
    parser.add_argument("--chinese", type=Path, required=True)
    parser.add_argument("--megabytes", type=float, default=2.0)
    arguments = parser.parse_args()
    octets = int(arguments.megabytes * 1e6)
    texts = {
        "Korean": (text_of(arguments.korean, octets), ("words", "kiwi")),
        "Chinese": (text_of(arguments.chinese, octets), ("words", "jieba")),
        "Japanese": (
            (JAPANESE * (octets // len(JAPANESE.encode()))).encode(),
            ("words", "fugashi"),
        ),
    }
    encoding_speed(JAPANESE.encode(), "words")  # compiles
    print("| text | tokeniser | words | distinct | words/s |\n| --- | --- | ---: | ---: | ---: |")
    for language, (text, names) in texts.items():
        for name in names:
            speed, words, distinct = encoding_speed(text, name)
            print(f"| {language} | {name} | {words:,} | {distinct:,} | {speed:,.0f} |", flush=True)
    print("\n| items a line | window | items/s |\n| ---: | ---: | ---: |")
    for line_items, window in (
        (20, 5),
        (20, 19),
        (20, 100),
        (1000, 20),
        (1000, 100),
        (100_000, 100),
    ):
        speed = training_speed(line_items, window)
        print(f"| {line_items:,} | {window} | {speed:,.0f} |", flush=True)
    print(json.dumps(description()))


if __name__ == "__main__":
    main()
