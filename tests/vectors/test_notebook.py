import numpy as np

from symvec.vectors import Vectors
from symvec.vectors.notebook import vectors_html
from symvec.vocabulary import Vocabulary, WordRows


def made(words):
    table = np.random.default_rng(1).normal(size=(len(words), 3)).astype(np.float32)
    return Vectors(WordRows(Vocabulary.from_words(words)), table)


def test_size_and_a_sample_of_neighbours():
    shown = vectors_html(made([f"word{i}" for i in range(30)]))
    assert "&lt;Vectors: 30 words of 3 dimensions&gt;" in shown
    assert shown.count("<tr>") == 6


def test_words_are_text_and_nothing_else():
    shown = vectors_html(made(["<script>alert(1)</script>", "a&b", "\x1b[31m", "caf\udce9", "x"]))
    assert "<script" not in shown
    assert "a&amp;b" in shown
    assert "\x1b" not in shown
    shown.encode("utf-8")


def test_nothing_to_show():
    assert "<table>" not in vectors_html(made([]))
    table = np.full((2, 2), np.nan, dtype=np.float32)
    broken = Vectors(WordRows(Vocabulary.from_words(["a", "b"])), table)
    assert "<table>" not in vectors_html(broken)
