import numpy as np
import pytest

from symvec.errors import EmptyCorpusError
from symvec.text.phrases import Phrase, PhraseRules, Phrases
from symvec.vocabulary import Vocabulary
from symvec.vocabulary.counting import encode_sentences

KNOWN = Vocabulary.from_words(["tea", "coffee", "milk", "sugar"], counts=[9, 6, 6, 5])


def grown(sentences, folder, **more):
    options = {"min_count": 2, "known": KNOWN} | more
    return encode_sentences(sentences, directory=folder, **options)


def test_known_words_stay_and_are_counted_on_and_frequent_new_ones_come(tmp_path):
    sentences = [["cup", "of", "tea"], ["cup", "coffee", "cup"], ["of", "water", "milk"]]
    found = grown(sentences, tmp_path)
    counts = dict(zip(found.vocabulary, found.vocabulary.counts.tolist(), strict=True))
    assert counts == {"tea": 10, "coffee": 7, "milk": 7, "sugar": 5, "cup": 3, "of": 2}
    assert found.vocabulary.words == list(counts)  # most frequent first, of equals the old order
    assert dict(zip(found.vocabulary, found.occurrences.tolist(), strict=True)) == {
        "tea": 1, "coffee": 1, "milk": 1, "sugar": 0, "cup": 3, "of": 2,
    }  # fmt: skip
    assert found.corpus.ids.tolist() == [4, 5, 0, -1, 4, 1, 4, -1, 5, 2, -1]
    assert found.report.kept_words == 8  # all but water, which is new and rare


def test_a_new_word_may_pass_old_ones_and_equals_stand_behind_them(tmp_path):
    sentences = [["of"] * 6, ["cup"] * 11]
    assert grown(sentences, tmp_path).vocabulary.words == [
        "cup", "tea", "coffee", "milk", "of", "sugar",
    ]  # fmt: skip


@pytest.mark.parametrize(("most", "words"), [(5, 5), (4, 4), (2, 4), (None, 6)])
def test_a_largest_vocabulary_leaves_out_new_words_only(tmp_path, most, words):
    sentences = [["cup", "cup", "cup", "of", "of", "tea"]]
    found = grown(sentences, tmp_path, max_vocabulary=most)
    assert len(found.vocabulary) == words
    assert ("cup" in found.vocabulary) == (words > 4)


@pytest.mark.parametrize(
    ("sentences", "message"),
    [([["cup"], ["of"]], "none of the 2 words of the text is in the model"), ([], "has no word")],
)
def test_a_text_without_a_word_to_learn(tmp_path, sentences, message):
    with pytest.raises(EmptyCorpusError, match=message):
        grown(sentences, tmp_path)
    assert not list(tmp_path.iterdir())


def test_words_that_are_no_utf8_are_found_again(tmp_path):
    known = Vocabulary.from_words([b"caf\xe9"], counts=[3])
    found = grown([["caf\udce9", "tea", "tea"]], tmp_path, known=known)
    assert found.vocabulary.counts.tolist() == [4, 2]


def test_phrases_of_before_are_joined_and_no_others_learned(tmp_path):
    first = [Phrase("new", "york", 930.5, 40), Phrase("not", "there", 200.0, 9)]
    phrases = Phrases(PhraseRules(passes=2), [first, [Phrase("new_york", "times", 312.0, 12)]])
    known = Vocabulary.from_words(["new_york", "new_york_times", "in"], counts=[30, 12, 9])
    sentences = [["in", "new", "york"], ["new", "york", "times"], ["new", "york", "times"]]
    found = grown(sentences, tmp_path, known=known, phrases=phrases)
    words = found.vocabulary.words
    read = [words[word_id] if word_id >= 0 else "." for word_id in found.corpus.ids.tolist()]
    assert read == ["in", "new_york", ".", "new_york_times", ".", "new_york_times", "."]
    assert found.phrases is phrases
    joined = [phrases.joined(sentence) for sentence in sentences]
    assert [word for sentence in joined for word in [*sentence, "."]] == read


def test_counts_are_those_of_old_and_new_text_together(tmp_path):
    random = np.random.default_rng(1)
    old, new = ([[f"w{n}" for n in random.zipf(1.5, 9) % 40] for _ in range(60)] for _ in range(2))
    known = encode_sentences(old, min_count=1, directory=tmp_path).vocabulary
    found = grown(new, tmp_path, known=known, min_count=1).vocabulary
    both = encode_sentences([*old, *new], min_count=1, directory=tmp_path).vocabulary
    assert dict(zip(found, found.counts, strict=True)) == dict(zip(both, both.counts, strict=True))
