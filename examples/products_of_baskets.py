"""Anything discrete has a vector: products, from what was bought together.

python examples/products_of_baskets.py
"""

import random

import symvec

SHELVES = (
    ["bread", "butter", "jam", "honey"],
    ["pasta", "tomatoes", "basil", "parmesan"],
    ["soap", "shampoo", "toothpaste", "towels"],
)


def baskets(count: int, seed: int) -> list[list[str]]:
    """Return baskets of three products each, nearly always from one shelf."""
    choice = random.Random(seed)
    return [choice.sample(choice.choice(SHELVES), 3) for _ in range(count)]


def main() -> None:
    # Few products, all of them frequent: none is to be thinned out.
    vectors = symvec.train(baskets(2000, seed=1), vector_size=16, window=3, sample=0.0)
    for product in ("bread", "pasta", "soap"):
        neighbours = vectors.most_similar(product, topn=3)
        print(product, "->", ", ".join(neighbour for neighbour, _ in neighbours))
    print("the odd one out:", vectors.doesnt_match(["bread", "butter", "jam", "soap"]))


if __name__ == "__main__":
    main()
