import numpy as np

import symvec
from symvec.text.ngrams import Characters
from symvec.vectors import Vectors
from symvec.vectors.digest import digest
from symvec.vocabulary import SubwordRows, Vocabulary, WordRows

TABLE = np.arange(6, dtype=np.float32).reshape(3, 2)


def make(words=("tea", "coffee", "cat"), table=TABLE, counts=(3, 2, 1), **more):
    return Vectors(WordRows(Vocabulary.from_words(words, counts)), table, **more)


def test_what_file_it_came_from_does_not_matter(tmp_path):
    vectors = make(provenance={"epochs": 5})
    vectors.save(tmp_path / "native")
    assert digest(vectors) == digest(symvec.load(tmp_path / "native")) == digest(make())


def test_whatever_is_learned_from_it_matters():
    others = [
        make(words=("tea", "coffee", "cats")),
        make(words=("te", "acoffee", "cat")),
        make(counts=(3, 3, 1)),
        make(table=TABLE + 1),
        make(outputs=TABLE),
        make(outputs=TABLE + 1),
    ]
    assert len({digest(each) for each in [make(), *others]}) == len(others) + 1


def test_rows_of_other_ngrams_are_others():
    words = Vocabulary.from_words(["tea"])
    table = np.ones((11, 2), np.float32)
    found = {digest(Vectors(SubwordRows(words, Characters(n, 6), 10), table)) for n in (2, 3)}
    assert len(found) == 2
