"""Vectors: the rows of words and the table that they are read from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias, overload

import numpy as np

from symvec.arrays import AnyArray, Float1, Float2, Ids64
from symvec.errors import InputError
from symvec.files import PathLike
from symvec.vectors import asking
from symvec.vectors.asking import Answer, Method
from symvec.vectors.cosine import cosines, row_norms
from symvec.vectors.neighbours import SearchSpace
from symvec.vectors.saving import save_vectors
from symvec.vectors.summary import VectorsSummary, summarise
from symvec.vocabulary import Rows, Vocabulary

if TYPE_CHECKING:
    from symvec.text.tokenising import TextTokeniser

Restriction: TypeAlias = int | Sequence[str] | None


@dataclass(frozen=True, eq=False, repr=False)
class Vectors:
    """Words, and for each a place in a space in which nearness means likeness.

    A word's vector is the mean of the table's rows that ``rows`` names for it.

    Args:
        rows: the vocabulary, and which rows each word has.
        table: (rows, D) float32; it is not copied, and not to be changed afterwards.
        tokeniser: how the text was cut into words, so that queries can be written alike.
        provenance: where the numbers come from, as JSON can hold it: settings, corpus, versions.
        stored_norms: (words,) float32, the lengths of the words' vectors, where they are known.
        stored_word_matrix: (words, D) float32, the words' vectors, where they are known and words
            are several rows: a question then needs no mean of rows for each word.
        outputs: (words, D) float32, what skip-gram or CBOW learned of words as outputs, where it
            was kept (``keep_outputs``): training can go on from it.

    Raises:
        InputError: the table is not float32, or has not the rows that ``rows`` names.

    Example:
        >>> from symvec.vocabulary import Vocabulary, WordRows
        >>> words = WordRows(Vocabulary.from_words(["tea", "coffee", "cat"]))
        >>> vectors = Vectors(words, np.array([[1, 0], [3, 1], [0, 2]], dtype=np.float32))
        >>> vectors
        <Vectors: 3 words of 2 dimensions>
        >>> vectors["coffee"].tolist(), "milk" in vectors
        ([3.0, 1.0], False)
    """

    rows: Rows
    table: Float2
    tokeniser: TextTokeniser | None = field(default=None, kw_only=True)
    provenance: Mapping[str, object] = field(default_factory=dict, kw_only=True)
    stored_norms: Float1 | None = field(default=None, kw_only=True)
    stored_word_matrix: Float2 | None = field(default=None, kw_only=True)
    outputs: Float2 | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        """Check that the parts fit, and keep the table from being written through this object."""
        if self.table.ndim != 2 or self.table.dtype != np.float32:
            raise InputError(
                f"the table must be (rows, D) float32, got shape {self.table.shape} of "
                f"{self.table.dtype}; convert it with table.astype(np.float32)"
            )
        if len(self.table) != self.rows.row_count:
            raise InputError(
                f"the table has {len(self.table)} rows, but the words need {self.rows.row_count}"
            )
        if self.stored_norms is not None and self.stored_norms.shape != (len(self),):
            raise InputError(
                f"expected {len(self)} norms, one a word, got shape {self.stored_norms.shape}"
            )
        for name, stored in (("vectors", self.stored_word_matrix), ("outputs", self.outputs)):
            shape = len(self), self.vector_size
            if stored is not None and (stored.shape != shape or stored.dtype != np.float32):
                raise InputError(
                    f"the words' {name} must be {shape} float32, got shape {stored.shape} of "
                    f"{stored.dtype}"
                )
        table = self.table.view()
        table.flags.writeable = False
        object.__setattr__(self, "table", table)

    def __len__(self) -> int:
        """Return the number of words."""
        return len(self.vocabulary)

    def __repr__(self) -> str:
        """Return the size."""
        return f"<Vectors: {len(self):,} words of {self.vector_size:,} dimensions>"

    def _repr_html_(self) -> str:
        """Return the size and a sample with neighbours, for notebooks."""
        from symvec.vectors.notebook import vectors_html

        return vectors_html(self)

    def __contains__(self, word: object) -> bool:
        """Return whether the word has a vector, as given or as the tokeniser writes it.

        Words that were never seen have one where rows are made of n-grams; ``key_to_index`` tells
        whether a word is in the vocabulary.
        """
        return isinstance(word, str) and self.rows.covers(self.resolve(word))

    @overload
    def __getitem__(self, words: str) -> Float1: ...
    @overload
    def __getitem__(self, words: Sequence[str]) -> Float2: ...
    def __getitem__(self, words: str | Sequence[str]) -> Float1 | Float2:
        """Return the vector of a word, (D,) float32, or of each word of a list, (words, D).

        Raises:
            UnknownSymbolError: a word is not there, and has no n-gram that is.
        """
        if isinstance(words, str):
            return self._vector(self.resolve(words))
        if not isinstance(words, Iterable):
            raise InputError(f"expected a word or a list of words, got {words!r}")
        vectors = [self[word] for word in words]
        return np.stack(vectors) if vectors else np.zeros((0, self.vector_size), np.float32)

    def _vector(self, word: str) -> Float1:
        if self.stored_word_matrix is not None:
            word_id = int(self.vocabulary.find([word])[0])
            if word_id >= 0:
                stored: Float1 = self.stored_word_matrix[word_id]
                return stored
        row_ids = self.rows.rows_of(word)
        if len(row_ids) == 1:
            vector: Float1 = self.table[row_ids[0]]
            return vector
        mean: Float1 = self.table[row_ids].mean(axis=0)
        return mean

    @property
    def vocabulary(self) -> Vocabulary:
        """The words."""
        return self.rows.vocabulary

    @property
    def vector_size(self) -> int:
        """The number of dimensions, D."""
        return int(self.table.shape[1])

    @property
    def index_to_key(self) -> list[str]:
        """The words by word id, as a list."""
        return self.vocabulary.words

    @cached_property
    def word_matrix(self) -> Float2:
        """The vector of each word by word id, (words, D) float32: the table itself if it can be."""
        if self.stored_word_matrix is not None:
            return self.stored_word_matrix
        return self.rows.word_matrix(self.table)

    @cached_property
    def norms(self) -> Float1:
        """The length of each word's vector, (words,) float32; not finite if the vector is not."""
        return row_norms(self.word_matrix) if self.stored_norms is None else self.stored_norms

    def resolve(self, word: str) -> str:
        """Return the word as it is there: as given, or as the tokeniser would have written it.

        Where the model has phrases, ``"new york"`` may be there as ``"new_york"``.
        """
        if not isinstance(word, str):
            raise InputError(f"a word must be text, got {word!r} of type {type(word).__name__}")
        if self.tokeniser is None or word in self.vocabulary:
            return word
        covered = None
        for written in self.tokeniser.spellings(word):
            if written in self.vocabulary:
                return written
            if covered is None and self.rows.covers(written):
                covered = written
        return word if covered is None else covered

    @property
    def key_to_index(self) -> Mapping[str, int]:
        """The word id of each word, spelled as in the vocabulary; gensim's name."""
        return self.vocabulary.key_to_index

    def similarity(self, first: str | AnyArray, second: str | AnyArray) -> float:
        """Return the cosine of two words or vectors, from -1 to 1; 0 if one is a zero vector.

        Raises:
            UnknownSymbolError: a word is not there.
            InputError: a vector has another size than the words', or is not finite.
        """
        (a, _, single_a), (b, _, single_b) = (
            asking.query_vectors(self, query) for query in (first, second)
        )
        if not (single_a and single_b):
            raise InputError("similarity compares two words or vectors, not lists of them")
        return float(cosines(a, b)[0])

    @overload
    def most_similar(  # type: ignore[overload-overlap]  # a word is a sequence, but one question
        self, query: str, topn: int = 10, *, restrict_to: Restriction = None
    ) -> Answer: ...
    @overload
    def most_similar(
        self, query: Sequence[str], topn: int = 10, *, restrict_to: Restriction = None
    ) -> list[Answer]: ...
    @overload
    def most_similar(
        self, query: AnyArray, topn: int = 10, *, restrict_to: Restriction = None
    ) -> Answer | list[Answer]: ...
    def most_similar(
        self,
        query: str | Sequence[str] | AnyArray,
        topn: int = 10,
        *,
        restrict_to: Restriction = None,
    ) -> Answer | list[Answer]:
        """Return the words with the highest cosine to a word or a vector, best first.

        A list of words, or a (queries, D) array, is answered with one list each, at a fraction
        of the time that single questions take. A word is not its own neighbour; equal cosines
        are in the order of the vocabulary.

        Args:
            query: a word, a (D,) vector, a list of words or a (queries, D) array.
            topn: how many neighbours; no more are returned than there are.
            restrict_to: choose among so many of the most frequent words, or among these words.

        Raises:
            UnknownSymbolError: a word is not there.
            InputError: a vector has another size than the words', or is not finite.

        Example:
            >>> from symvec.vocabulary import Vocabulary, WordRows
            >>> words = WordRows(Vocabulary.from_words(["tea", "coffee", "cat"]))
            >>> vectors = Vectors(words, np.array([[1, 0], [3, 4], [0, 2]], dtype=np.float32))
            >>> [(word, round(cosine, 3)) for word, cosine in vectors.most_similar("coffee")]
            [('cat', 0.8), ('tea', 0.6)]
        """
        return asking.most_similar(self, query, topn, self.search_space(restrict_to))

    def analogy(
        self,
        *,
        positive: str | Sequence[str],
        negative: str | Sequence[str] = (),
        topn: int = 10,
        method: Method = "3cosadd",
        restrict_to: Restriction = None,
    ) -> Answer:
        """Return the words that are near the positive words and far from the negative ones.

        "man is to king as woman is to ?" is ``positive=["king", "woman"], negative=["man"]``.
        The words of the question are never answers.

        Args:
            positive: at least one word.
            negative: any number of words.
            topn: how many answers.
            method: ``"3cosadd"`` (Mikolov et al. 2013) adds and subtracts unit vectors,
                ``"3cosmul"`` (Levy and Goldberg 2014) multiplies and divides cosines.
            restrict_to: choose among so many of the most frequent words, or among these words.

        Raises:
            UnknownSymbolError: a word is not there.
            InputError: no positive word, or another method.
        """
        question = asking.Question.of(self, positive, negative)
        return asking.analogy(self, question, topn, method, self.search_space(restrict_to))

    def doesnt_match(self, words: Iterable[str]) -> str:
        """Return the word that is farthest from the mean of the words' unit vectors.

        Raises:
            UnknownSymbolError: a word is not there.
            InputError: no word was given.
        """
        return asking.doesnt_match(self, list(words))

    def search_space(self, restrict_to: Restriction = None) -> SearchSpace:
        """Return the words that an answer is chosen from; see ``most_similar``.

        Raises:
            UnknownSymbolError: a word of the list is not there.
            InputError: the number is negative.
        """
        space = self._whole_space
        if restrict_to is None:
            return space
        if isinstance(restrict_to, int | np.integer):
            if restrict_to < 0:
                raise InputError(f"restrict_to must be 0 words or more, got {restrict_to}")
            return space.first(int(restrict_to))
        if isinstance(restrict_to, str):
            raise InputError(
                f"restrict_to must be a number or a list of words, got {restrict_to!r}"
            )
        return space.only(self.indices(list(restrict_to)))

    @cached_property
    def _whole_space(self) -> SearchSpace:
        return SearchSpace(self.word_matrix, self.norms)

    def indices(self, words: Sequence[str]) -> Ids64:
        """Return the word id of each word, (words,) int64.

        Raises:
            UnknownSymbolError: for the first word that is not there.
        """
        return self.vocabulary.indices([self.resolve(word) for word in words])

    def summary(self) -> VectorsSummary:
        """Return what there is: sizes, settings, and words whose vectors are of no use."""
        return summarise(self)

    def save(self, path: PathLike) -> None:
        """Save to one ``.safetensors`` file, which is there as a whole or not at all.

        The same vectors give the same bytes. Open it again with ``symvec.load``.

        Raises:
            OutputError: it cannot be written; the file that was there is unchanged.
        """
        save_vectors(self, path)
