"""From one-hot to the Embedding layer, in steps, with the numbers in front of you."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from symvec.arrays import AnyArray, Ids64
from symvec.errors import IdError, InputError
from symvec.layers.numpy import Embedding, RowSGD
from symvec.sparse import OneHot, multiply, one_hot
from symvec.vocabulary import Vocabulary

WORDS = ("i", "need", "some", "more", "coffee", "cake", "cat", "dog")
SENTENCE = "i i i i need some more coffee coffee coffee"
LARGE_VOCABULARY = 100_000
WIDTH = 2


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the walk.

    Args:
        title: what it shows, in a line.
        lines: the text and the numbers.
    """

    title: str
    lines: tuple[str, ...]


def walk(sentence: str | None = None, *, seed: int = 0) -> Iterator[Step]:
    """Return the steps from one-hot to a trained Embedding layer, on a sentence.

    Args:
        sentence: words with spaces between them; the example sentence if it is not given.
        seed: of the weights.

    Raises:
        InputError: a sentence without a word.

    Example:
        >>> steps = list(walk("coffee more coffee"))
        >>> steps[0].title
        '1. Words become ids'
    """
    text = SENTENCE if sentence is None else sentence
    words = text.split()
    if not words:
        raise InputError("the sentence has no words")
    known = WORDS if sentence is None else tuple(dict.fromkeys(words))
    vocabulary = Vocabulary.from_words(list(known))
    ids = vocabulary.indices(words)
    generator = np.random.default_rng(seed)
    weight = generator.standard_normal((len(known), WIDTH)).round(2)
    yield _ids_step(known, words, ids)
    yield _one_hot_step(ids, len(known))
    yield _linear_step(ids, weight)
    yield _gradient_step(ids, weight, generator)
    yield _layer_step(generator)
    yield _not_differentiable_step(weight)
    yield _learning_step(ids, weight)
    yield _cost_step(ids, generator)


def _rows(array: AnyArray, head: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the rows of an array as aligned lines, with a word before each."""
    texts = [[f"{value:g}" for value in row] for row in np.atleast_2d(array)]
    longest = max((len(text) for row in texts for text in row), default=1)
    margin = max((len(word) for word in head), default=0)
    names = [word.ljust(margin) for word in head] or [""] * len(texts)
    lines = [
        f"  {name} {' '.join(text.rjust(longest) for text in row)}"
        for name, row in zip(names, texts, strict=True)
    ]
    return tuple(lines)


def _ids_step(known: Sequence[str], words: Sequence[str], ids: Ids64) -> Step:
    listed = ", ".join(f"{word} = {word_id}" for word_id, word in enumerate(known))
    return Step(
        "1. Words become ids",
        (
            "A vocabulary gives each word a number:",
            f"  {listed}",
            "The sentence",
            f"  {' '.join(words)}",
            "is then",
            f"  {ids.tolist()}",
        ),
    )


def _one_hot_step(ids: Ids64, count: int) -> Step:
    matrix = one_hot(ids, count, np.int8)
    zeros = 1 - matrix.sum() / matrix.size
    return Step(
        "2. One-hot: a sparse representation",
        (
            f"Each word a row with a single 1: a matrix of shape {matrix.shape}.",
            *_rows(matrix),
            f"{zeros:.1%} of it is 0, and it grows with the vocabulary. No two words are alike in "
            "it,",
            "and a word with several meanings has one place only.",
        ),
    )


def _linear_step(ids: Ids64, weight: AnyArray) -> Step:
    matrix = one_hot(ids, len(weight), np.float64)
    product = matrix @ weight
    same = np.array_equal(product, weight[ids])
    seen = np.array_equal(multiply(matrix, weight), product)
    return Step(
        "3. A linear layer without bias reads rows",
        (
            f"A weight W of shape {weight.shape}:",
            *_rows(weight),
            f"one_hot @ W has the shape {product.shape}:",
            *_rows(product),
            f"It equals W[ids], the rows of W at the ids: {same}.",
            f"symvec sees that and looks the rows up: {seen}.",
        ),
    )


def _gradient_step(ids: Ids64, weight: AnyArray, generator: np.random.Generator) -> Step:
    towards = generator.standard_normal((len(ids), WIDTH)).round(1)
    dense = one_hot(ids, len(weight), np.float64).T @ towards
    compact = Embedding(weight).backward(ids, towards)
    same = np.allclose(compact.to_dense(), dense)
    return Step(
        "4. So does its gradient",
        (
            "With a gradient at the output, the gradient of W is one_hot.T @ gradient:",
            *_rows(dense.round(2)),
            f"The layer sums the gradient's rows by id and gets the same: {same}.",
            f"It keeps {len(compact.row_ids)} of {compact.row_count} rows: the others are 0.",
        ),
    )


def _layer_step(generator: np.random.Generator) -> Step:
    layer = Embedding.initialised(64, 100, generator=generator)
    ids = [[3, 57, 35]]
    return Step(
        "5. The Embedding layer",
        (
            "Embedding(64, 100) is that weight, and reading its rows:",
            f"  ids {ids} of shape {np.shape(ids)} -> {layer(ids).shape}",
            f"  weight {layer.table.shape}",
        ),
    )


def _not_differentiable_step(weight: AnyArray) -> Step:
    layer = Embedding(weight)
    try:
        layer(np.full((1, 2), 0.5))
        told = ""
    except IdError as error:
        told = str(error)
    return Step(
        "6. It cannot follow another layer",
        (
            "Rows are numbered, and there is no row 0.5: nothing flows back into an id.",
            "Given another layer's output, it says:",
            f"  {told}",
        ),
    )


def _learning_step(ids: Ids64, weight: AnyArray) -> Step:
    layer = Embedding(weight.copy())
    optimiser = RowSGD(layer, lr=0.1)
    wanted = np.where(np.arange(WIDTH) % 2, -1.0, 1.0)
    losses = []
    for _ in range(30):
        errors = layer(ids) - wanted
        losses.append(float(np.mean(errors**2)))
        optimiser.step(layer.backward(ids, 2 * errors / errors.size))
    still = sorted(set(range(len(weight))) - set(ids.tolist()))
    unmoved = bool(np.array_equal(layer.table[still], weight[still]))
    return Step(
        "7. It learns all the same",
        (
            "The gradient at its output moves the rows that were read. Asked to give",
            f"  {wanted.tolist()}",
            "for every word of the sentence, its squared error falls from",
            f"  {losses[0]:.3f} to {losses[-1]:.3f} in {len(losses)} steps of SGD.",
            f"Rows of words that are not in the sentence have not moved: {unmoved}.",
        ),
    )


def _milliseconds(work: Callable[[], object]) -> float:
    times = []
    for _ in range(5):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return sorted(times)[2] * 1e3


def _cost_step(ids: Ids64, generator: np.random.Generator) -> Step:
    weight = generator.standard_normal((LARGE_VOCABULARY, 64), dtype=np.float32)
    spread = ids * (LARGE_VOCABULARY // max(int(ids.max(initial=0)) + 1, 1))
    rows = OneHot.of(spread, LARGE_VOCABULARY)
    dense = rows.to_dense()
    product = _milliseconds(lambda: dense @ weight)
    lookup = _milliseconds(lambda: rows @ weight)
    same = np.allclose(dense @ weight, rows @ weight)
    return Step(
        f"8. What one-hot costs at {LARGE_VOCABULARY:,} words",
        (
            f"{len(ids)} words, a weight of {weight.shape}:",
            f"  one-hot product  {dense.nbytes:>13,} bytes  {product:10.3f} ms",
            f"  lookup           {rows.ids.nbytes:>13,} bytes  {lookup:10.3f} ms",
            f"Same answer: {same}.",
        ),
    )
