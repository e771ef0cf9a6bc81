"""The vector of a word in its sentence, by an ELMo, in the space of a model's words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import tee
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from symvec.arrays import AnyArray, Double1, Double2, Float3, Ids64
from symvec.errors import EmptyCorpusError, InputError
from symvec.vectors.contexts.fitting import ridge
from symvec.vectors.contexts.places import Place, check_position, places_of
from symvec.vectors.cosine import unit

if TYPE_CHECKING:
    from symvec.vectors.vectors import Vectors

# Of an ELMo with NumPy a minute or so; the numbers that are fitted are few.
WORDS: Final = 200_000
_MIN_COUNT: Final = 5
# Rarer words have vectors of chance, and a sum is kept for each word.
_AMONG: Final = 20_000


class SentenceReader(Protocol):
    """What gives each word of a sentence vectors; ``symvec.ContextualEncoder`` does."""

    def encode_each(self, sentences: Iterable[Sequence[str]]) -> Iterator[Float3]:
        """Go through (layers, words, F) float32 for each sentence."""


@dataclass(frozen=True, eq=False)
class EncoderMap:
    """Turns what an encoder says of a word in its sentence into the words' own space.

    Layers are mixed, each number is brought to mean 0 and variance 1 over a text, and a matrix
    that was fitted by ridge regression gives the place among the model's words.

    Args:
        vectors: the model.
        encoder: reads sentences.
        layer_shares: (layers,) float64, how much of the mix each layer is.
        mean: (F,) float64, of the mixed numbers over a text.
        spread: (F,) float64, above 0, their standard deviations.
        matrix: (F, D) float64.
    """

    vectors: Vectors
    encoder: SentenceReader
    layer_shares: Double1
    mean: Double1
    spread: Double1
    matrix: Double2

    def at(self, sentence: Sequence[str], position: int) -> Double1:
        """Return the vector of the word at a position, (D,) float64 of length 1.

        Raises:
            InputError: the sentence has no such position.
        """
        vector: Double1 = self.at_each([(sentence, position)])[0]
        return vector

    def at_each(self, places: Iterable[Place]) -> Double2:
        """Return what ``at`` says of each of many places, (places, D) float64.

        The encoder reads many sentences at once, which takes it little longer than one.

        Raises:
            InputError: a sentence has no such position.
        """
        asked, known = tee(_checked(places))
        encoded = self.encoder.encode_each(sentence for sentence, _ in asked)
        found = [
            self._placed(layers[:, [position]])
            for layers, (_, position) in zip(encoded, known, strict=True)
        ]
        return np.concatenate(found) if found else np.zeros((0, self.vectors.vector_size))

    def contexts(self, sentences: Iterable[Sequence[str]], word: str) -> Double2:
        """Return the vector of the first occurrence of a word in each sentence that holds it.

        Returns:
            (occurrences, D) float64 of length 1.
        """
        return self.at_each(places_of(word, sentences))

    def _placed(self, layers: Float3) -> Double2:
        mixed = mixed_layers(layers, self.layer_shares)
        placed: Double2 = unit((mixed - self.mean) / self.spread @ self.matrix).astype(np.float64)
        return placed


def fit_encoder_map(
    vectors: Vectors,
    encoder: SentenceReader,
    sentences: Iterable[Sequence[str]],
    *,
    words: int | None = WORDS,
    min_count: int = _MIN_COUNT,
    layer_shares: Sequence[float] | None = None,
) -> EncoderMap:
    """Fit the map on a text: from the mean of what the encoder says of a word to its vector.

    The regression is that of ``fit_context_map``, with the encoder in the place of neighbours.

    Args:
        vectors: the model.
        encoder: what ``symvec.load`` opened, an ELMo.
        sentences: a text, as lists of words.
        words: read so many words at most, None for all.
        min_count: words that are rarer in the text are not fitted to, 1 or more.
        layer_shares: how much of the mix each layer is; all alike when left out.

    Raises:
        InputError: there is not one share for each layer.
        EmptyCorpusError: no word of the model comes often enough.
    """
    asked, known = tee(_limited(sentences, words))
    totals: _Totals | None = None
    for layers, sentence in zip(encoder.encode_each(asked), known, strict=True):
        if totals is None:
            totals = _Totals(vectors, _checked_shares(layer_shares, len(layers)), layers.shape[2])
        totals.add(sentence, layers)
    fitted = np.zeros(0, dtype=np.int64) if totals is None else totals.frequent(min_count)
    if totals is None or not fitted.size:
        raise EmptyCorpusError(
            f"no frequent word of the model comes {min_count} times in the text; give a longer "
            "text, or lower min_count"
        )
    mean, spread = totals.mean, totals.spread
    counts = totals.counts[fitted]
    features = (totals.by_word[fitted] / counts[:, None] - mean) / spread
    matrix = ridge(vectors, features, counts, fitted)
    return EncoderMap(vectors, encoder, totals.shares, mean, spread, matrix)


class _Totals:
    """Sums over a text, for each frequent word and for all together.

    Args:
        vectors: the model.
        shares: of the layers.
        size: F, numbers of a layer.
    """

    def __init__(self, vectors: Vectors, shares: Double1, size: int) -> None:
        among = min(_AMONG, len(vectors))
        self.vectors = vectors
        self.shares = shares
        self.by_word: Double2 = np.zeros((among, size))
        self.counts: Ids64 = np.zeros(among, dtype=np.int64)
        self._sum: Double1 = np.zeros(size)
        self._squares: Double1 = np.zeros(size)
        self._words = 0

    def add(self, sentence: Sequence[str], layers: Float3) -> None:
        """Take a sentence."""
        mixed = mixed_layers(layers, self.shares)
        ids = self.vectors.vocabulary.find(sentence)
        kept = (ids >= 0) & (ids < len(self.counts))
        np.add.at(self.by_word, ids[kept], mixed[kept])
        np.add.at(self.counts, ids[kept], 1)
        self._sum += mixed.sum(axis=0)
        self._squares += (mixed * mixed).sum(axis=0)
        self._words += len(sentence)

    def frequent(self, min_count: int) -> Ids64:
        """Return the ids of words that came so often and have vectors that can be fitted to."""
        usable = np.isfinite(self.vectors.norms[: len(self.counts)])
        return np.flatnonzero((self.counts >= min_count) & usable)

    @property
    def mean(self) -> Double1:
        """The mean over all words, (F,) float64."""
        return self._sum / self._words

    @property
    def spread(self) -> Double1:
        """The standard deviations over all words, (F,) float64, 1 where a number never changes."""
        spread = np.sqrt(np.maximum(self._squares / self._words - self.mean**2, 0))
        return np.where(spread > 0, spread, 1.0)


def mixed_layers(layers: AnyArray, shares: Double1) -> Double2:
    """Return the sum of layers, each times its share, (words, F) float64."""
    mixed: Double2 = np.tensordot(shares, layers.astype(np.float64), axes=1)
    return mixed


def _checked_shares(given: Sequence[float] | None, layer_count: int) -> Double1:
    shares = np.full(layer_count, 1 / layer_count) if given is None else np.asarray(given, float)
    if shares.shape != (layer_count,) or not np.isfinite(shares).all():
        raise InputError(f"expected a share for each of {layer_count} layers, got {given!r}")
    return shares


def _checked(places: Iterable[Place]) -> Iterator[Place]:
    for sentence, position in places:
        check_position(sentence, position)
        yield sentence, position


def _limited(sentences: Iterable[Sequence[str]], words: int | None) -> Iterator[Sequence[str]]:
    """Go through sentences until so many words were read."""
    read = 0
    for sentence in sentences:
        if words is not None and read >= words:
            return
        if len(sentence):
            read += len(sentence)
            yield sentence
