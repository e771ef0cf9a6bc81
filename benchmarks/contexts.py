"""Is a word meant alike in two sentences? Static vectors, the à-la-carte map, and an ELMo.

The word's pairs of sentences are those of WiC (``--wic`` FOLDER with train/ and dev/) or of KoBEST
(``--kobest`` FOLDER with train.tsv and dev.tsv). Each way gives the word a vector in each of two
sentences; a pair is called the same where their cosine is above a threshold, which is chosen on
the training pairs. Intervals are 95 % bootstrap intervals over the pairs of dev; differences are
paired, over the same resamples.

- ``sentence``: static, the SIF-weighted mean of all words of the sentence, the word in question
  included: vectors of words that no map has been fitted for.
- ``whitening``: the map that the model's own counts give, without a text.
- ``map``: the à-la-carte map, fitted on ``--corpus``.
- ``elmo N``: layer N of the ELMo at the word's place; ``elmo mixed``: the mean of all layers.
- ``elmo mapped``: the ELMo's mixed layers in the static space, by ridge regression.
- ``map + elmo``: the mean of the cosines of ``map`` and ``elmo mixed``, each brought to mean 0 and
  variance 1 over the training pairs.

    python benchmarks/contexts.py MODEL --corpus TEXT [--elmo FILE] (--wic | --kobest) FOLDER

Sentences are encoded hundreds at a time, and NumPy's products use one thread: on a busy machine
threads of small products wait for each other, which made this take 23 minutes once.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when NumPy is imported

import argparse
import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

import symvec
from machine import description
from senses import kobest_pairs, wic_pairs
from symvec.contextual import ContextualEncoder
from symvec.evaluation.contexts import ContextPair, best_threshold, context_similarities
from symvec.vectors import Vectors
from symvec.vectors.contexts import (
    EncoderMap,
    fit_context_map,
    fit_encoder_map,
    whitening_context_map,
)
from symvec.vectors.contexts.context_map import neighbour_weights
from symvec.vectors.contexts.encoder_map import mixed_layers
from symvec.vectors.senses import read_sentences
from symvec.vectors.texts.sentences import weighted_means

Similarities = Callable[[Sequence[ContextPair]], np.ndarray]
RESAMPLES = 10_000
FITTED_WORDS = 1_000_000  # of the corpus, as ``fit_context_map`` reads by itself


def cosines(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the cosine of each pair of rows, 0 where one is zero."""
    lengths = np.linalg.norm(first, axis=1) * np.linalg.norm(second, axis=1)
    products = np.einsum("ij,ij->i", first, second)
    return np.divide(products, lengths, out=np.zeros(len(products)), where=lengths > 0)


def sentence_similarities(vectors: Vectors) -> Similarities:
    weights = neighbour_weights(vectors)

    def similarities(pairs: Sequence[ContextPair]) -> np.ndarray:
        first = weighted_means(vectors, weights, [pair.first for pair in pairs])
        second = weighted_means(vectors, weights, [pair.second for pair in pairs])
        return cosines(first, second)

    return similarities


class ElmoPlaces:
    """What an ELMo says of the words of pairs, encoded once for all layers."""

    def __init__(self, elmo: ContextualEncoder) -> None:
        self._elmo = elmo
        self._known: dict[int, tuple[np.ndarray, np.ndarray]] = {}

    def similarities(self, layer: int | None) -> Similarities:
        def found(pairs: Sequence[ContextPair]) -> np.ndarray:
            sides = self._places(pairs)
            chosen = [s.mean(axis=1) if layer is None else s[:, layer] for s in sides]
            return cosines(*chosen)

        return found

    def mapped(self, encoder_map: EncoderMap) -> Similarities:
        """Return what ``context_similarities`` says of the map, of sentences encoded already."""

        def placed(layers: np.ndarray) -> np.ndarray:
            mixed = mixed_layers(layers.transpose(1, 0, 2), encoder_map.layer_shares)
            return (mixed - encoder_map.mean) / encoder_map.spread @ encoder_map.matrix

        def found(pairs: Sequence[ContextPair]) -> np.ndarray:
            return cosines(*(placed(side) for side in self._places(pairs)))

        return found

    def _places(self, pairs: Sequence[ContextPair]) -> tuple[np.ndarray, np.ndarray]:
        """Return (pairs, layers, D) for the first and for the second sentences."""
        if id(pairs) not in self._known:
            self._known[id(pairs)] = (
                self._encoded([(p.first, p.first_position) for p in pairs]),
                self._encoded([(p.second, p.second_position) for p in pairs]),
            )
        return self._known[id(pairs)]

    def _encoded(self, places: Sequence[tuple[tuple[str, ...], int]]) -> np.ndarray:
        encoded = self._elmo.encode_each([sentence for sentence, _ in places])
        return np.array(
            [layers[:, place] for layers, (_, place) in zip(encoded, places, strict=True)]
        )


def limited(sentences: Iterable[list[str]], words: int) -> Iterator[list[str]]:
    """Go through sentences until so many words were read."""
    read = 0
    for sentence in sentences:
        if read >= words:
            return
        read += len(sentence)
        yield sentence


def ways(vectors: Vectors, corpus: str, elmo: ContextualEncoder | None) -> dict[str, Similarities]:
    text = list(limited(read_sentences(vectors, corpus), FITTED_WORDS))
    fitted = fit_context_map(vectors, text)
    white = whitening_context_map(vectors)
    found: dict[str, Similarities] = {
        "sentence": sentence_similarities(vectors),
        "whitening": lambda pairs: np.nan_to_num(context_similarities(white, pairs)),
        "map": lambda pairs: np.nan_to_num(context_similarities(fitted, pairs)),
    }
    if elmo is not None:
        places = ElmoPlaces(elmo)
        for layer in range(elmo.architecture.layers + 1):
            found[f"elmo {layer}"] = places.similarities(layer)
        found["elmo mixed"] = places.similarities(None)
        found["elmo mapped"] = places.mapped(fit_encoder_map(vectors, elmo, text))
    return found


def measure(
    found: dict[str, Similarities], train: list[ContextPair], dev: list[ContextPair]
) -> dict[str, object]:
    same_train = np.array([pair.same for pair in train])
    same_dev = np.array([pair.same for pair in dev])
    known = {name: (way(train), way(dev)) for name, way in found.items()}
    if "elmo mixed" in known:
        parts = [known["map"], known["elmo mixed"]]
        known["map + elmo"] = tuple(  # type: ignore[assignment]
            sum((part[side] - part[0].mean()) / part[0].std() for part in parts) for side in (0, 1)
        )
    right = {}
    for name, (on_train, on_dev) in known.items():
        threshold = best_threshold(on_train, same_train.tolist())
        right[name] = ((on_dev > threshold) == same_dev).astype(np.float64)
    right["always the same"] = same_dev.astype(np.float64)
    random = np.random.default_rng(1)
    drawn = random.integers(0, len(dev), (RESAMPLES, len(dev)))
    result = {}
    for name, items in right.items():
        low, high = np.quantile(items[drawn].mean(axis=1), [0.025, 0.975])
        above = (items - right["map"])[drawn].mean(axis=1)
        result[name] = {
            "accuracy": float(items.mean()),
            "interval": [float(low), float(high)],
            "above_the_map": float((items - right["map"]).mean()),
            "above_interval": np.quantile(above, [0.025, 0.975]).tolist(),
        }
    return {"pairs": len(dev), "ways": result}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("--corpus", required=True)
    parser.add_argument("--elmo")
    parser.add_argument("--wic", type=Path)
    parser.add_argument("--kobest", type=Path)
    options = parser.parse_args()
    started = time.perf_counter()
    vectors = symvec.load(options.model)
    elmo = symvec.load(options.elmo) if options.elmo else None
    tests = {}
    if options.wic:
        tests["wic"] = [wic_pairs(options.wic, part) for part in ("train", "dev")]
    if options.kobest:
        parts = ("train", "dev")
        tests["kobest"] = [kobest_pairs(vectors, options.kobest, part) for part in parts]
    found = ways(vectors, options.corpus, elmo)
    result: dict[str, object] = {"machine": description(), "words": len(vectors)}
    if elmo is not None:
        names = ("words_trained", "perplexity", "seconds")
        result["elmo"] = {n: elmo.provenance[n] for n in names if n in elmo.provenance}
    for name, (train, dev) in tests.items():
        result[name] = measure(found, train, dev)
    result["seconds"] = time.perf_counter() - started
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
