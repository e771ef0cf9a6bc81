import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symvec.contextual.characters import ByteCharacters
from symvec.training.elmo.batches import BOUNDARY, FIRST_WORD, RARE, BatchMaker
from symvec.training.elmo.sentences import MARKS, Sentences
from symvec.vocabulary import Vocabulary
from symvec.vocabulary.corpus import EncodedCorpus


def corpus_of(sentences):
    ids = [each for sentence in sentences for each in [*sentence, -1]]
    words = sum(map(len, sentences))
    return EncodedCorpus(np.array(ids, np.int32), words, len(sentences))


corpora = st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=12), min_size=1, max_size=12)


@given(corpora, st.integers(1, 6))
def test_pieces_are_the_corpus_and_none_is_too_long(sentences, longest):
    pieces = Sentences.of(corpus_of(sentences), longest)
    found, sentence = [], []
    for start, length, begins, ends in zip(
        pieces.starts, pieces.lengths, pieces.begins, pieces.ends, strict=True
    ):
        assert 1 <= length <= longest
        assert begins == (not sentence)
        sentence += pieces.ids[start : start + length].tolist()
        if ends:
            found.append(sentence)
            sentence = []
    assert found == sentences
    assert pieces.word_count == sum(map(len, sentences))


@given(corpora, st.integers(1, 40), st.integers(0, 3))
def test_batches_have_every_piece_once_and_keep_to_their_size(sentences, words, seed):
    pieces = Sentences.of(corpus_of(sentences), 6)
    batches = pieces.batches(words, [seed])
    assert sorted(np.concatenate(batches)) == list(range(len(pieces)))
    for batch in batches:
        places = (pieces.lengths[batch].max() + MARKS) * len(batch)
        assert len(batch) == 1 or places <= words
    again = pieces.batches(words, [seed])
    assert [batch.tolist() for batch in again] == [batch.tolist() for batch in batches]


def test_the_first_pieces_are_whole():
    pieces = Sentences.of(corpus_of([[0, 1], [2, 3, 4], [5]]), 9)
    assert [pieces.first(words).word_count for words in (0, 2, 4, 5, 99)] == [2, 2, 2, 5, 6]


@pytest.fixture
def maker():
    vocabulary = Vocabulary.from_words(["the", "tea", "bank"], counts=[5, 3, 1])
    return BatchMaker.of(vocabulary, ByteCharacters(), 8, predicted_words=2)


def test_a_batch_has_each_word_once_and_knows_what_is_predicted(maker):
    sentences = Sentences.of(corpus_of([[0, 1, 0], [2]]), 9)
    batch = maker.batch(sentences, np.array([0, 1]))
    assert batch.lengths.tolist() == [5, 3]
    the, tea = FIRST_WORD, FIRST_WORD + 1
    assert batch.classes.T.tolist() == [
        [BOUNDARY, the, tea, the, BOUNDARY],
        [BOUNDARY, RARE, BOUNDARY, -1, -1],
    ]
    words = batch.characters[batch.places].transpose(1, 0, 2)
    characters = ByteCharacters()
    begin, end = characters.sentence_marks(8)
    first = [begin, *characters.ids(["the", "tea", "the"], 8), end]
    np.testing.assert_array_equal(words[0], first)
    np.testing.assert_array_equal(words[1][:3], [begin, characters.ids(["bank"], 8)[0], end])
    assert len(batch.characters) == 5


def test_where_a_sentence_was_cut_is_nothing_to_be_known(maker):
    sentences = Sentences.of(corpus_of([[0, 1, 0, 1]]), 2)
    batch = maker.batch(sentences, np.array([0, 1]))
    assert batch.classes[0].tolist() == [BOUNDARY, -1]
    assert batch.classes[-1].tolist() == [-1, BOUNDARY]
    assert batch.predictions == (5, 5)


def test_classes_are_as_likely_as_they_are_frequent(maker):
    np.testing.assert_allclose(
        maker.frequencies(np.array([5, 3, 1]), 3), np.array([3, 1, 5, 3]) / 12
    )
    assert maker.class_count == FIRST_WORD + 2
    every = BatchMaker.of(
        Vocabulary.from_words(["a"], counts=[3]), ByteCharacters(), 8, predicted_words=9
    )
    assert (
        every.frequencies(np.array([3]), 1).min() > 0
    )  # no word is rare, and that is counted once
