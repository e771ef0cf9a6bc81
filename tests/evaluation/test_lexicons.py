import numpy as np
import pytest

from symvec.errors import FormatError, InputError
from symvec.evaluation.lexicons import (
    Lexicon,
    evaluate_lexicon,
    read_lexicon,
    translation_items,
)
from symvec.vectors import Vectors
from symvec.vectors.alignment import align_spaces
from symvec.vocabulary import Vocabulary, WordRows

ENTRIES = tuple((f"s{i}", f"t{i}") for i in range(50))


@pytest.fixture
def models():
    table = np.random.default_rng(3).normal(size=(50, 6)).astype(np.float32)
    order = np.random.default_rng(4).permutation(50)
    source = Vectors(WordRows(Vocabulary.from_words([f"s{i}" for i in range(50)])), table)
    target = Vectors(WordRows(Vocabulary.from_words([f"t{i}" for i in order])), table[order])
    return source, target


def test_a_file(tmp_path):
    path = tmp_path / "en-ko.txt"
    path.write_text("tea\t차\nhot dog\t핫도그\ncoffee 커피\na b c\n", encoding="utf-8")
    lexicon = read_lexicon(path)
    assert lexicon.entries == (("tea", "차"), ("hot dog", "핫도그"), ("coffee", "커피"))
    assert lexicon.bad_lines[0].number == 4
    path.write_text("tea\n")
    with pytest.raises(FormatError, match="holds no word with its translation"):
        read_lexicon(path)


def test_a_word_is_learned_or_held_out_with_all_its_translations():
    lexicon = Lexicon(ENTRIES + tuple((f"s{i}", "other") for i in range(50)))
    learned, tested = lexicon.split(0.2)
    words = [{word for word, _ in part.entries} for part in (learned, tested)]
    assert (len(words[0]), len(words[1])) == (40, 10)
    assert words[0].isdisjoint(words[1])
    assert len(tested.entries) == 20
    assert lexicon.split(0.2)[1] == tested
    assert lexicon.split(0)[1].entries == ()
    with pytest.raises(InputError, match="from 0 to 1, got 2"):
        lexicon.split(2)


def test_precision(models):
    lexicon = Lexicon((*ENTRIES[:40], ("s0", "t1"), ("s41", "t0"), ("s42", "missing")))
    aligned = align_spaces(*models, Lexicon(ENTRIES).pairs(*models))
    first, fifth = evaluate_lexicon(aligned, lexicon)
    assert (first.measure, first.found, len(first.items)) == ("precision at 1", 41, 42)
    assert first.value == pytest.approx(40 / 41)
    assert fifth.value >= first.value
    with pytest.raises(InputError, match="depths of 1 or more"):
        evaluate_lexicon(aligned, lexicon, depths=[0])


def test_only_words_that_are_looked_at_are_asked(models):
    aligned = align_spaces(*models, Lexicon(ENTRIES).pairs(*models), words=25)
    (score,) = evaluate_lexicon(aligned, Lexicon(ENTRIES), depths=[1])
    assert 0 < score.found < 25


def test_a_compressed_dictionary_is_read_as_a_plain_one(tmp_path):
    import lzma

    text = "\ufefftea té\ncoffee café\n".encode()
    (tmp_path / "a.txt").write_bytes(text)
    (tmp_path / "a.txt.xz").write_bytes(lzma.compress(text))
    assert read_lexicon(tmp_path / "a.txt.xz") == read_lexicon(tmp_path / "a.txt")


def test_items_are_the_words_of_the_lexicon_in_its_order(models):
    lexicon = Lexicon((("missing", "t0"), ("s9", "t9"), ("s3", "t4"), ("s9", "t0")))
    aligned = align_spaces(*models, Lexicon(ENTRIES).pairs(*models), refinements=0)
    (score,) = evaluate_lexicon(aligned, lexicon, depths=[1])
    assert np.isnan(score.items[0, 0])
    assert score.items[1:, 0].tolist() == [1, 0]


def test_models_are_asked_the_same_held_out_words(models, tmp_path):
    path = tmp_path / "s-t.txt"
    path.write_text("".join(f"{a} {b}\n" for a, b in ENTRIES))
    source, target = models
    score = translation_items(source, target, path)
    assert (score.name, score.measure, score.found, score.value) == (
        "s-t.txt", "precision at 1", 10, 1,
    )  # fmt: skip
    fewer = Vectors(
        WordRows(Vocabulary.from_words([f"s{i}" for i in range(40)])), source.table[:40]
    )
    (missing,) = np.nonzero(np.isnan(translation_items(fewer, target, path).items[:, 0]))
    held = [word for word, _ in Lexicon(ENTRIES).split(0.2)[1].entries]
    assert [held[i] for i in missing] == [word for word in held if int(word[1:]) >= 40]
