"""Attributes that words share, learned from the table itself and named by their top words."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from symvec.arrays import AnyArray, Double1, Double2, Float2
from symvec.errors import InputError
from symvec.vectors.asking import query_vectors
from symvec.vectors.attributes.coding import sparse_codes
from symvec.vectors.cosine import SHORTEST, unit
from symvec.vectors.engines.cache import cache_folder, index_key, read_index, write_index

if TYPE_CHECKING:
    from symvec.vectors.vectors import Vectors

ATOMS: Final = 200
MOST: Final = 6
_WORDS: Final = 10_000
_ROUNDS: Final = 10
_NAMES: Final = 5


@dataclass(frozen=True, slots=True)
class Attribute:
    """What a word has of an atom.

    Args:
        atom: the number of the atom.
        weight: above 0, in units of the word's length.
        names: the words that are most like the atom.
    """

    atom: int
    weight: float
    names: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Atoms:
    """Directions of which every word is a sum of a few.

    Args:
        vectors: the model they were learned from.
        mean: (D,) float64, of the words' unit vectors: what all words have.
        directions: (K, D) float64 of length 1.
        most: how many atoms a word may have.
    """

    vectors: Vectors
    mean: Double1
    directions: Double2
    most: int

    def attributes(self, word: str) -> tuple[list[Attribute], float]:
        """Return the attributes of a word, the largest first, and the share left unexplained.

        Raises:
            UnknownSymbolError: the word is not there.
        """
        return self.attributes_of(query_vectors(self.vectors, [word])[0][0])

    def attributes_of(self, vector: AnyArray) -> tuple[list[Attribute], float]:
        """Return the attributes of a vector; see ``attributes``."""
        row = self._rows(vector)
        code = sparse_codes(row, self.directions, self.most)
        order = np.argsort(-code[0], kind="stable")
        kept = order[code[0][order] > 0].tolist()
        found = [Attribute(atom, float(code[0, atom]), self.names(atom)) for atom in kept]
        return found, float(self._unexplained(row, code)[0])

    def unexplained(self, vectors: AnyArray) -> Double1:
        """Return which share of each vector's squared length no atom explains, 0 to 1."""
        rows = self._rows(vectors)
        return self._unexplained(rows, sparse_codes(rows, self.directions, self.most))

    def names(self, atom: int, count: int = _NAMES) -> tuple[str, ...]:
        """Return the frequent words that are most like an atom."""
        matrix = self._frequent
        best = np.argsort(-(matrix @ self.directions[atom]), kind="stable")[:count]
        return tuple(self.vectors.vocabulary.word(int(word_id)) for word_id in best)

    @property
    def _frequent(self) -> Double2:
        return self._rows(_finite(self.vectors, _WORDS))

    def _rows(self, vectors: AnyArray) -> Double2:
        return unit(np.atleast_2d(vectors)).astype(np.float64) - self.mean

    def _unexplained(self, rows: Double2, codes: Double2) -> Double1:
        rest = rows - codes @ self.directions
        lengths = np.einsum("ij,ij->i", rows, rows)
        shares: Double1 = np.divide(
            np.einsum("ij,ij->i", rest, rest),
            lengths,
            out=np.zeros(len(rows)),
            where=lengths > SHORTEST,
        )
        return shares


def learn_atoms(
    vectors: Vectors,
    *,
    atoms: int = ATOMS,
    most: int = MOST,
    words: int = _WORDS,
    seed: int = 1,
    cache: Path | None = None,
) -> Atoms:
    """Return atoms such that frequent words are sums of a few of them.

    Codes by non-negative matching pursuit and atoms by least squares take turns (method of
    optimal directions, Engan et al. 1999; that word vectors are such sums: Arora et al. 2018). An
    atom that no word uses is put where the words are explained worst.

    Args:
        vectors: what is learned from: unit vectors less their mean.
        atoms: how many; no more are made than there are words.
        most: how many a word may have.
        words: learn from so many of the most frequent words.
        seed: of the words that the atoms begin as.
        cache: a folder where the atoms of a table are kept, or None to keep nothing.

    Raises:
        InputError: a number below 1, or no word that could be learned from.
    """
    if min(atoms, most, words) < 1:
        raise InputError(f"atoms, most and words must be 1 or more, got {atoms}, {most}, {words}")
    table = unit(_finite(vectors, words))
    rows = table[np.any(table != 0, axis=1)].astype(np.float64)
    if not len(rows):
        raise InputError("there is no word with a vector to learn attributes from")
    mean = rows.mean(axis=0)
    settings = f"1 {atoms} {most} {seed} {_ROUNDS}"
    key = "" if cache is None else index_key(np.ascontiguousarray(table), "atoms", settings)
    directions = None if cache is None else _kept(cache, key, table.shape[1])
    if directions is None:
        directions = _learned(rows - mean, min(atoms, len(rows)), most, seed)
        if cache is not None:
            write_index(cache, key, directions.tobytes())
    return Atoms(vectors, mean, directions, most)


def default_cache() -> Path:
    """Return the folder where the atoms of tables are kept from one question to the next."""
    return cache_folder().with_name("atoms")


def _kept(folder: Path, key: str, vector_size: int) -> Double2 | None:
    content = read_index(folder, key)
    if not content or len(content) % (8 * vector_size):
        return None
    return np.frombuffer(content, dtype=np.float64).reshape(-1, vector_size)


def _learned(rows: Double2, count: int, most: int, seed: int) -> Double2:
    random = np.random.default_rng(seed)
    atoms = unit(rows[random.choice(len(rows), count, replace=False)]).astype(np.float64)
    for _ in range(_ROUNDS):
        codes = sparse_codes(rows, atoms, most)
        used = np.flatnonzero(np.count_nonzero(codes, axis=0))
        products = codes[:, used].T @ codes[:, used]
        # So little that it only keeps atoms that go together everywhere apart.
        products[np.diag_indices(len(used))] += 1e-6 * max(products.diagonal().max(initial=0), 1)
        atoms[used] = np.linalg.solve(products, codes[:, used].T @ rows)
        rest = rows - codes @ atoms
        worst = np.argsort(-np.einsum("ij,ij->i", rest, rest), kind="stable")
        idle = np.setdiff1d(np.arange(count), used)
        atoms[idle] = rows[worst[: len(idle)]]
        atoms = unit(atoms).astype(np.float64)
    return atoms


def _finite(vectors: Vectors, words: int) -> Float2:
    matrix = vectors.word_matrix[:words]
    broken = ~np.isfinite(vectors.norms[:words])
    return np.where(broken[:, None], np.float32(0), matrix) if broken.any() else matrix
