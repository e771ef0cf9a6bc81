"""The vectors of a whole text in files, a row a word, as it goes by."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import tee
from pathlib import Path
from typing import Final, Literal, TypeAlias, get_args

import numpy as np

from symvec.arrays import AnyArray, Float3
from symvec.contextual.encoder import ContextualEncoder, Sentence, StateRule
from symvec.contextual.mixing import mix
from symvec.errors import InputError
from symvec.files import PathLike
from symvec.files.folders import write_folder
from symvec.files.npy_stream import NpyStream, npy_stream
from symvec.vocabulary.index import encode

Layers: TypeAlias = Literal["mixed", "all"] | Sequence[int]
FloatName: TypeAlias = Literal["float16", "float32"]

FORMAT_NAME: Final = "symvec encoded"
FORMAT_VERSION: Final = 1
DESCRIPTION: Final = "description.json"
ROWS: Final = "rows.npy"
OFFSETS: Final = "offsets.npy"
TOKENS: Final = "tokens.npy"
TOKEN_OFFSETS: Final = "token_offsets.npy"


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written.

    Args:
        sentences: so many.
        words: so many, a row each.
        row_shape: (D,) for mixed layers, (layers, D) for others.
    """

    sentences: int
    words: int
    row_shape: tuple[int, ...]


def export(
    encoder: ContextualEncoder,
    sentences: Iterable[Sentence],
    folder: PathLike,
    *,
    layers: Layers = "mixed",
    weights: Sequence[float] | None = None,
    dtype: FloatName = "float16",
    state: StateRule = "reset",
    batch_size: int | None = None,
    on_sentence: Callable[[int], object] | None = None,
) -> Exported:
    """Write the vectors of each word of a text to a new folder, a row a word, as it goes by.

    Memory does not grow with the text. ``open_encoded`` maps what was written into memory;
    ``docs/reference/encoded-folder.md`` describes each file. The folder is there as a whole or
    not at all.

    Args:
        encoder: reads the sentences.
        sentences: lists of words; they need not be in memory at once.
        folder: a place where nothing is yet.
        layers: ``"mixed"`` for one vector a word, see ``mix``; ``"all"``; or the numbers of
            layers, 0 for the words by themselves.
        weights: of mixed layers, before the softmax; all alike when left out.
        dtype: ``"float16"`` or ``"float32"``.
        state: see ``ContextualEncoder.encode``.
        batch_size: see there.
        on_sentence: called with the number of words of each sentence that was written.

    Raises:
        InputError: a setting that there is not, a sentence that is no list of words, or numbers
            that float16 cannot hold.
        OutputError: the folder is there already or cannot be written.
    """
    chosen = _Chosen.of(encoder, layers, weights)
    if dtype not in get_args(FloatName):
        raise InputError(f"dtype must be 'float16' or 'float32', got {dtype!r}")
    asked, known = tee(sentences)
    encoded = encoder.encode_each(asked, state=state, batch_size=batch_size)
    with write_folder(folder) as place:
        with ExitStack() as open_files:
            files = _Files.opened(open_files, place, dtype, chosen.row_shape)
            for vectors, sentence in zip(encoded, known, strict=True):
                files.add(_cast(chosen.rows(vectors), dtype, files.sentences), sentence)
                if on_sentence is not None:
                    on_sentence(len(sentence))
        found = Exported(files.sentences, files.rows.row_count, chosen.row_shape)
        description = {
            "format": f"{FORMAT_NAME} {FORMAT_VERSION}",
            "layers": chosen.numbers,
            "weights": None if weights is None else [float(weight) for weight in weights],
            "dtype": dtype,
            "sentences": found.sentences,
            "words": found.words,
            "state": state,
            "precision": encoder.precision,
            "encoder": {**encoder.provenance},
        }
        (place / DESCRIPTION).write_text(json.dumps(description, indent=1) + "\n", "utf-8")
    return found


@dataclass(frozen=True, slots=True)
class _Files:
    """The files that grow while a text goes by."""

    rows: NpyStream
    offsets: NpyStream
    tokens: NpyStream
    token_offsets: NpyStream

    @classmethod
    def opened(
        cls, files: ExitStack, folder: Path, dtype: FloatName, row_shape: tuple[int, ...]
    ) -> _Files:
        opened = cls(
            files.enter_context(npy_stream(folder / ROWS, dtype, row_shape)),
            files.enter_context(npy_stream(folder / OFFSETS, np.int64)),
            files.enter_context(npy_stream(folder / TOKENS, np.uint8)),
            files.enter_context(npy_stream(folder / TOKEN_OFFSETS, np.int64)),
        )
        opened.offsets.append(np.zeros(1))
        opened.token_offsets.append(np.zeros(1))
        return opened

    @property
    def sentences(self) -> int:
        """How many were written."""
        return self.offsets.row_count - 1

    def add(self, rows: AnyArray, sentence: Sentence) -> None:
        """Write a sentence."""
        self.rows.append(rows)
        self.offsets.append(np.array([self.rows.row_count]))
        words = [encode(word) for word in sentence]
        ends = self.tokens.row_count + np.cumsum([len(word) for word in words], dtype=np.int64)
        self.token_offsets.append(ends)
        self.tokens.append(np.frombuffer(b"".join(words), dtype=np.uint8))


@dataclass(frozen=True, slots=True)
class _Chosen:
    """Which layers make a row."""

    numbers: list[int] | str
    weights: Sequence[float] | None
    row_shape: tuple[int, ...]

    @classmethod
    def of(
        cls, encoder: ContextualEncoder, layers: Layers, weights: Sequence[float] | None
    ) -> _Chosen:
        count, size = encoder.architecture.layers + 1, encoder.vector_size
        if layers == "mixed":
            mix(np.zeros((count, 0, size), np.float32), weights)  # says what is wrong with them
            return cls("mixed", weights, (size,))
        if weights is not None:
            raise InputError("weights belong to layers='mixed'")
        numbers = list(range(count)) if layers == "all" else layers
        wrong = f"layers must be 'mixed', 'all' or numbers from 0 to {count - 1}, got {layers!r}"
        if isinstance(numbers, str) or not isinstance(numbers, Sequence) or not len(numbers):
            raise InputError(wrong)
        for number in numbers:
            if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number < count:
                raise InputError(wrong)
        return cls(list(numbers), None, (len(numbers), size))

    def rows(self, vectors: Float3) -> AnyArray:
        """Return (words, *row_shape) from (layers, words, D)."""
        if isinstance(self.numbers, str):
            return mix(vectors, self.weights)
        return vectors[self.numbers].swapaxes(0, 1)


def _cast(rows: AnyArray, dtype: FloatName, sentence: int) -> AnyArray:
    with np.errstate(over="ignore"):
        found = rows.astype(dtype)
    if not np.isfinite(found).all():
        raise InputError(
            f"numbers of sentence {sentence} are beyond what {dtype} can hold"
            + ("; write float32" if dtype == "float16" else ": the encoder's weights are broken")
        )
    return found
