"""A word is a sum of attributes: those that the vectors themselves hold, and axes that are given.

python examples/attributes_of_words.py corpus.txt
"""

import sys

import symvec
from symvec.vectors.attributes import learn_atoms, parse_axis


def main(path: str) -> None:
    vectors = symvec.train(path, vector_size=16, window=3, sample=0.0, epochs=20)
    atoms = learn_atoms(vectors, atoms=5, most=2)
    for word in ("king", "coffee", "sea"):
        attributes, rest = atoms.attributes(word)
        parts = [f"{part.weight:.2f} x ({' '.join(part.names[:3])})" for part in attributes]
        print(word, "=", " + ".join(parts), f"; {100 * rest:.0f} % unexplained")
    words = ["milk", "rule", "ships"]
    places = parse_axis(vectors, "sea,spain-tea,coffee").places(words)
    print(
        "from sea to tea:", *(f"{w} {p.position:.2f}" for w, p in zip(words, places, strict=True))
    )


if __name__ == "__main__":
    main(sys.argv[1])
