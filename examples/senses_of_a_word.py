"""How many senses has a word, and which one is meant here?

python examples/senses_of_a_word.py
"""

import random

import symvec
from symvec.vectors.senses import find_senses, fit_context_map

RIVER = ["water", "river", "boat", "fish", "shore", "flood", "mud"]
MONEY = ["money", "loan", "credit", "cash", "debt", "account", "rate"]


def sentences(count: int, seed: int) -> list[list[str]]:
    """Return sentences of two worlds; both have a bank."""
    choice = random.Random(seed)
    made = []
    for _ in range(count):
        words = choice.sample(choice.choice([RIVER, MONEY, MONEY]), 5)
        words[choice.randrange(5)] = choice.choice(["bank", words[0]])
        made.append(words)
    return made


def main() -> None:
    text = sentences(3000, seed=1)
    vectors = symvec.train(text, vector_size=16, window=4, sample=0.0, epochs=10)
    context_map = fit_context_map(vectors, text)
    found = find_senses(context_map, "bank", text)
    for number, sense in enumerate(found.senses):
        near = " ".join(word for word, _ in found.neighbours(number, 5))
        print(f"bank {number + 1}: {100 * sense.share:.0f} %, near it {near}")
    sentence = ["the", "boat", "left", "the", "bank", "of", "the", "river"]
    number, _ = found.sense_of(sentence, sentence.index("bank"))
    print(" ".join(sentence), "->", f"bank {number + 1}")


if __name__ == "__main__":
    main()
