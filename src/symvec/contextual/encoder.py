"""An ELMo that is ready to be asked: sentences in, a vector for each word in its place out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import islice
from typing import Final, Literal, TypeAlias, get_args

import numpy as np

from symvec.arrays import Float2, Float3, Ids2, Ids64
from symvec.contextual.architecture import Architecture
from symvec.contextual.characters import ByteCharacters, Characters
from symvec.contextual.input_gates import WordInputs
from symvec.contextual.matrices import (
    CellMatrices,
    ExactMatrix,
    PrecisionName,
    bfloat16_matrix,
)
from symvec.contextual.recurrence import State, empty_states, run_direction
from symvec.contextual.row_counts import RowCounts, words_at_once
from symvec.contextual.saving import save_encoder
from symvec.contextual.side_by_side import one_by_one, one_thread_a_product, side_by_side
from symvec.contextual.streams import Streams, in_own_rows, one_after_another
from symvec.contextual.tokens import FEW_WORDS, MANY_WORDS, token_vectors
from symvec.contextual.weights import Weights
from symvec.contextual.word_memory import WordMemory
from symvec.errors import InputError
from symvec.files import PathLike

Sentence: TypeAlias = Sequence[str]
StateRule = Literal["reset", "carry"]

_SENTENCES_AT_ONCE: Final = 512  # so that rows end together
_WORDS_AT_ONCE: Final = 1 << 14  # so that long sentences are not held by hundreds
# Numbers of a layer's kernel. Measured on two cores: `tiny` (262,144) is a quarter faster with its
# directions side by side, `small` (a million) a tenth slower, `medium` too.
_SMALL: Final = 1 << 19


@dataclass(frozen=True, eq=False, repr=False)
class ContextualEncoder:
    """Gives each word of a sentence vectors that depend on the sentence (ELMo).

    Args:
        architecture: sizes.
        weights: numbers.
        characters: how words are read.
        provenance: where the numbers come from, as JSON can hold it.
        precision: in which numbers the recurrent layers are multiplied; ``"bfloat16"`` has three
            digits, and is up to twice as fast where the processor has instructions for it
            (AVX512_BF16), no faster elsewhere. Sums and weights stay float32.

    Raises:
        InputError: the table of characters has not the rows that ``characters`` needs, or a
            precision that there is not.
    """

    architecture: Architecture
    weights: Weights
    characters: Characters = field(default_factory=ByteCharacters)
    provenance: Mapping[str, object] = field(default_factory=dict, kw_only=True)
    precision: PrecisionName = field(default="float32", kw_only=True)

    def __post_init__(self) -> None:
        """Check that the parts fit."""
        if self.precision not in get_args(PrecisionName):
            raise InputError(f"precision must be 'float32' or 'bfloat16', got {self.precision!r}")
        if self.architecture.characters != self.characters.count:
            raise InputError(
                f"the table has {self.architecture.characters} characters, but words are read as "
                f"{self.characters.kind}, which need {self.characters.count}"
            )

    def __repr__(self) -> str:
        """Return the size."""
        sizes = self.architecture
        return f"<ContextualEncoder: {sizes.layers + 1} layers of {sizes.vector_size} dimensions>"

    @property
    def vector_size(self) -> int:
        """Dimensions of a word's vector in a layer."""
        return self.architecture.vector_size

    def with_precision(self, precision: PrecisionName) -> ContextualEncoder:
        """Return the same ELMo, which multiplies in other numbers.

        Args:
            precision: see the class.

        Raises:
            InputError: a precision that there is not.

        Example:
            >>> import symvec
            >>> elmo = symvec.load("elmo.safetensors")  # doctest: +SKIP
            >>> elmo.with_precision("bfloat16").encode([["the", "bank"]])[0].shape  # doctest: +SKIP
            (3, 2, 1024)
        """
        return replace(self, precision=precision)

    @cached_property
    def _cells(self) -> tuple[tuple[CellMatrices, ...], ...]:
        threads = 1 if self._is_small else None
        rounded = partial(bfloat16_matrix, threads=threads)
        made = ExactMatrix if self.precision == "float32" else rounded
        return tuple(
            tuple(CellMatrices.of(cell, made) for cell in cells) for cells in self.weights.cells
        )

    @cached_property
    def _row_counts(self) -> RowCounts:
        return RowCounts(self._cells[0][0])

    @cached_property
    def _words_at_once(self) -> int:
        highways = self.weights.highways
        matrices = [matrix for each in highways for matrix in (each.carry, each.transform)]
        return words_at_once([*matrices, self.weights.projection])

    @cached_property
    def _marks(self) -> Float2:
        """The vectors of a sentence's begin and end."""
        return self._of_characters(
            self.characters.sentence_marks(self.architecture.most_characters)
        )

    @cached_property
    def _is_small(self) -> bool:
        """Whether a product of a step is too small to be shared by threads, and there are two."""
        from symvec.kernels.row_threads import available_threads

        return self.weights.cells[0][0].kernel.size <= _SMALL and available_threads() > 1

    def _threads(self) -> AbstractContextManager[None]:
        return one_thread_a_product() if self._is_small else nullcontext()

    def encode(
        self,
        sentences: Sequence[Sentence],
        *,
        state: StateRule = "reset",
        batch_size: int | None = None,
    ) -> list[Float3]:
        """Return the vectors of each word of each sentence.

        With ``state="reset"`` a sentence's result depends on that sentence alone: not on the
        others, their order or earlier calls.

        Args:
            sentences: lists of words.
            state: ``"reset"`` begins each sentence from nothing; ``"carry"`` does what the
                published programs did: sentences go in batches of ``batch_size``, and row r of a
                batch goes on from what row r of the batch before left.
            batch_size: sentences of a batch, for ``"carry"`` only.

        Returns:
            For each sentence (layers + 1, words, D) float32: the words by themselves (twice, side
            by side), then the layers; the first half of D has read from the left, the second
            from the right.

        Raises:
            InputError: a sentence is no list of words.
        """
        if isinstance(sentences, str):
            raise InputError(f"expected a list of sentences, got the text {sentences!r}")
        return list(self.encode_each(sentences, state=state, batch_size=batch_size))

    def encode_each(
        self,
        sentences: Iterable[Sentence],
        *,
        state: StateRule = "reset",
        batch_size: int | None = None,
    ) -> Iterator[Float3]:
        """Go through the vectors of sentences that need not be in memory at once; see ``encode``.

        Raises:
            InputError: a sentence is no list of words, or a setting that there is not.
        """
        if state not in get_args(StateRule):
            raise InputError(f"state must be 'reset' or 'carry', got {state!r}")
        if (state == "carry") != (batch_size is not None):
            raise InputError("batch_size belongs to state='carry', and that needs it")
        checked = (_checked(n, sentence) for n, sentence in enumerate(sentences))
        return self._reset(checked) if batch_size is None else self._carried(checked, batch_size)

    def token_vectors(self, words: Sequence[str]) -> Float2:
        """Return the vector of each word by itself, before any context, (words, D / 2) float32."""
        return self._of_characters(self.characters.ids(words, self.architecture.most_characters))

    def save(self, path: PathLike) -> None:
        """Save to one ``.safetensors`` file, which is there as a whole or not at all.

        Raises:
            OutputError: it cannot be written; the file that was there is unchanged.
        """
        save_encoder(self, path)

    def _reset(self, sentences: Iterator[Sentence]) -> Iterator[Float3]:
        met = WordMemory(self.token_vectors, self.architecture.projection_size)
        while some := _some(sentences):
            with self._threads():
                tokens, places = self._tokens(some, met)
                rows = self._row_counts.chosen(len(some))
                streams = one_after_another([len(place) for place in places], rows)
                found, _ = self._batch(tokens, places, streams, None)
            yield from found
            del found, tokens  # before the next ones are made

    def _carried(self, sentences: Iterator[Sentence], batch_size: int) -> Iterator[Float3]:
        if isinstance(batch_size, bool) or not isinstance(batch_size, int) or batch_size < 1:
            raise InputError(f"batch_size must be a whole number of 1 or more, got {batch_size!r}")
        states: list[list[State]] | None = None
        met = WordMemory(self.token_vectors, self.architecture.projection_size)
        while batch := list(islice(sentences, batch_size)):
            with self._threads():
                tokens, places = self._tokens(batch, met)
                streams = in_own_rows([len(place) for place in places], batch_size)
                found, states = self._batch(tokens, places, streams, states)
            yield from found

    def _batch(
        self,
        tokens: Float2,
        places: list[Ids64],
        streams: Streams,
        states: list[list[State]] | None,
    ) -> tuple[list[Float3], list[list[State]]]:
        """Encode sentences; return their vectors and the states that the directions end with."""
        size, rows = self.architecture.projection_size, len(streams.lengths)
        states = states or [empty_states(self.architecture, rows) for _ in self.weights.cells]
        results: list[Float3] = [
            np.empty((self.architecture.layers + 1, len(place) - 2, 2 * size), np.float32)
            for place in places
        ]
        where = [
            (slice(start, start + len(place)), row)
            for start, row, place in zip(streams.starts, streams.rows, places, strict=True)
        ]

        # Made here, not by two threads at once.
        both, words_at_once = self._cells, self._row_counts.words_at_once

        def read(half: int) -> list[State]:
            order = slice(None, None, -1) if half else slice(None)
            reads = np.zeros((streams.steps, rows), np.int64)
            for at, place in zip(where, places, strict=True):
                reads[at] = place[order]
            words = WordInputs(tokens, reads, words_at_once)
            outputs, last = run_direction(
                both[half], self.architecture, words, streams, states[half]
            )
            part = slice(half * size, (half + 1) * size)
            for at, place, result in zip(where, places, results, strict=True):
                result[0, :, part] = tokens[place[1:-1]]  # without begin and end
                for layer, output in enumerate(outputs, 1):
                    result[layer, :, part] = output[at][order][1:-1]
            return last

        return results, list((side_by_side if self._is_small else one_by_one)(read))

    def _tokens(self, sentences: Sequence[Sentence], met: WordMemory) -> tuple[Float2, list[Ids64]]:
        """Return the vectors of the distinct words, and where those of each sentence are."""
        numbers: dict[str, int] = {}
        places = []
        for sentence in sentences:
            words = [2 + numbers.setdefault(word, len(numbers)) for word in sentence]
            places.append(np.array([0, *words, 1], dtype=np.int64))
        return np.concatenate([self._marks, met.vectors(list(numbers))]), places

    def _of_characters(self, ids: Ids2) -> Float2:
        at_once = self._words_at_once if len(ids) >= MANY_WORDS else FEW_WORDS
        return token_vectors(self.weights, self.architecture, ids, at_once)


def _some(sentences: Iterator[Sentence]) -> list[Sentence]:
    """Return the next sentences: as many as are worked on at once."""
    some: list[Sentence] = []
    words = 0
    for sentence in sentences:
        some.append(sentence)
        words += len(sentence)
        if len(some) == _SENTENCES_AT_ONCE or words >= _WORDS_AT_ONCE:
            break
    return some


def _checked(number: int, sentence: Sentence) -> Sentence:
    if isinstance(sentence, str) or not isinstance(sentence, Sequence):
        raise InputError(
            f"sentence {number} must be a list of words, got {sentence!r}; split it first"
        )
    for word in sentence:
        if not isinstance(word, str):
            raise InputError(
                f"a word must be text, got {word!r} of type {type(word).__name__} in sentence "
                f"{number}"
            )
    return sentence
