"""Two settings with two seeds each: which one is better, and is that more than chance?

python examples/models_side_by_side.py corpus.txt
"""

import sys
from functools import partial

import symvec
from symvec.evaluation import compare_on, evaluate_odd_words

LISTS = [
    ["coffee", "tea", "milk", "king"],
    ["king", "queen", "man", "sea"],
    ["ships", "sail", "sea", "coffee"],
    ["spain", "france", "sea", "woman"],
]


def main(path: str) -> None:
    groups = {
        f"{epochs} epochs": [
            symvec.train(path, vector_size=16, window=3, sample=0.0, epochs=epochs, seed=seed)
            for seed in (1, 2)
        ]
        for epochs in (1, 20)
    }
    (compared,) = compare_on(groups, [partial(evaluate_odd_words, questions=LISTS)])
    for group in compared.groups:
        interval = group.interval
        print(f"{group.group}: {interval.value:.2f} ({interval.low:.2f} to {interval.high:.2f})")
    print("a real difference:", compared.groups[1].is_real)


if __name__ == "__main__":
    main(sys.argv[1])
