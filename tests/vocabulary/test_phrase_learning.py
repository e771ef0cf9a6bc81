from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from phrase_case import (
    GENSIM_DEFAULT,
    GENSIM_DEFAULT_THRESHOLD,
    GENSIM_JOINED,
    GENSIM_NPMI,
    GENSIM_NPMI_THRESHOLD,
    GENSIM_VOCABULARY,
    GENSIM_WORDS,
    SENTENCES,
)

from symvec.kernels.reference import phrases as reference
from symvec.text.phrases import PhraseRules
from symvec.text.tokenisers import Tokeniser
from symvec.vocabulary import phrase_learning, phrase_pairs
from symvec.vocabulary.counting import encode_sentences, encode_text
from symvec.vocabulary.phrase_scores import pair_limits, pair_scores

TO_GENSIM = GENSIM_VOCABULARY / GENSIM_WORDS


def encoded(tmp_path, sentences, rules, min_count=1):
    return encode_sentences(sentences, min_count=min_count, phrases=rules, directory=tmp_path)


def scores_of(phrases):
    return {(phrase.first, phrase.second): phrase.score for phrase in phrases}


def sentences_of(encoding):
    """Return the sentences of an encoded corpus as lists of words."""
    sentences = [[]]
    for word_id in encoding.corpus.ids.tolist():
        if word_id < 0:
            sentences.append([])
        else:
            sentences[-1].append(encoding.vocabulary.word(word_id))
    return sentences[:-1]


def test_word2phrases_scores_are_gensims_up_to_their_unit(tmp_path):
    rules = PhraseRules(threshold=GENSIM_DEFAULT_THRESHOLD / TO_GENSIM, min_count=5)
    encoding = encoded(tmp_path, SENTENCES, rules)
    found = {pair: score * TO_GENSIM for pair, score in scores_of(encoding.phrases).items()}
    assert found == pytest.approx(GENSIM_DEFAULT, rel=1e-12)


def test_npmi_scores_are_gensims(tmp_path):
    rules = PhraseRules(scoring="npmi", threshold=GENSIM_NPMI_THRESHOLD, min_count=5)
    encoding = encoded(tmp_path, SENTENCES, rules)
    assert scores_of(encoding.phrases) == pytest.approx(GENSIM_NPMI, rel=1e-12)


@pytest.mark.parametrize(
    "rules",
    [
        PhraseRules(threshold=GENSIM_DEFAULT_THRESHOLD / TO_GENSIM),
        PhraseRules(scoring="npmi", threshold=GENSIM_NPMI_THRESHOLD),
    ],
)
def test_pairs_are_joined_as_gensim_joins_them(tmp_path, rules):
    encoding = encoded(tmp_path, SENTENCES, rules)
    counts = dict(zip(encoding.vocabulary, encoding.vocabulary.counts.tolist(), strict=True))
    assert {word: count for word, count in counts.items() if "_" in word} == GENSIM_JOINED
    # "times wrote" and "cream and" are phrases, but other pairs had taken their words.
    assert "times_wrote" not in counts


def test_two_passes_are_gensim_upon_gensim(tmp_path):
    gensim = pytest.importorskip("gensim.models")
    sentences = SENTENCES
    for _ in range(2):
        model = gensim.Phrases(sentences, min_count=5, threshold=0.4, scoring="npmi")
        sentences = [model[sentence] for sentence in sentences]
    rules = PhraseRules(scoring="npmi", threshold=0.4, passes=2)
    encoding = encoded(tmp_path, SENTENCES, rules)
    assert sentences_of(encoding) == sentences


def test_a_second_pass_finds_longer_phrases(tmp_path):
    sentences = [["the", "new", "york", "times", f"a{n % 25}"] for n in range(50)]
    sentences += [["new", "york", f"b{n % 25}"] for n in range(50)] + [["new"]] * 5
    sentences += [["the", f"c{n % 99}"] for n in range(300)]
    rules = PhraseRules(threshold=2, passes=2)
    vocabulary = encoded(tmp_path, sentences, rules).vocabulary
    assert {"new_york", "new_york_times"} <= set(vocabulary)
    assert "york" not in vocabulary
    one = encoded(tmp_path, sentences, PhraseRules(threshold=2)).vocabulary
    assert "new_york" in one
    assert "new_york_times" not in one


@given(
    st.lists(st.lists(st.sampled_from("abcd"), max_size=9), max_size=12),
    st.sampled_from(["word2phrase", "npmi"]),
    st.floats(0.01, 1),
    st.integers(1, 3),
    st.integers(1, 3),
)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_is_what_plain_python_finds(tmp_path, sentences, scoring, threshold, least, passes):
    sentences = [sentence for sentence in sentences if sentence] + [["z"]]
    rules = PhraseRules(scoring=scoring, threshold=threshold, min_count=least, passes=passes)
    encoding = encoded(tmp_path, sentences, rules)
    expected, learned = plain_phrases(sentences, rules)
    assert sentences_of(encoding) == expected
    assert [len(phrases) for phrases in encoding.phrases.passes] == learned
    assert [encoding.phrases.joined(sentence) for sentence in sentences] == expected
    counts = Counter(word for sentence in expected for word in sentence)
    vocabulary = encoding.vocabulary
    assert dict(zip(vocabulary, vocabulary.counts.tolist(), strict=True)) == counts


def plain_phrases(sentences, rules):
    learned = []
    for _ in range(rules.passes):
        names = sorted({word for sentence in sentences for word in sentence})
        ids = [n for s in sentences for n in [*(names.index(word) for word in s), -1]]
        counts = np.bincount([n for n in ids if n >= 0]).astype(np.int64)
        pairs = {
            pair: count
            for pair, count in reference.pair_counts(ids).items()
            if count >= rules.min_count
            and pair_scores(
                rules, counts[[pair[0]]], counts[[pair[1]]], np.array([count]), int(counts.sum())
            )[0]
            > rules.least_score
        }
        if not pairs:
            break
        learned.append(len(pairs))
        joined = {pair: len(names) + number for number, pair in enumerate(pairs)}
        names += [f"{names[first]}_{names[second]}" for first, second in pairs]
        sentences = [[names[n] for n in reference.join_pairs(part, joined)] for part in parts(ids)]
    return sentences, learned


def parts(ids):
    edges = [-1, *(place for place, number in enumerate(ids) if number < 0)]
    return [ids[first + 1 : last] for first, last in pairwise(edges)]


def test_limits_lose_no_pair(tmp_path):
    random = np.random.default_rng(2)
    counts = random.integers(1, 500, 40)
    words = int(counts.sum())
    for rules in (
        PhraseRules(threshold=3.7, min_count=2),
        PhraseRules(scoring="npmi", threshold=0.25, min_count=1),
        PhraseRules(scoring="npmi", threshold=-1, min_count=3),
        PhraseRules(scoring="npmi", threshold=-0.4, min_count=1),
    ):
        limits = pair_limits(rules, counts)
        first, second, together = (random.integers(0, high, 5000) for high in (40, 40, 60))
        together += rules.min_count
        scores = pair_scores(rules, counts[first], counts[second], together, words)
        product = limits.factors[first] * limits.factors[second]
        wanted = np.maximum(limits.floor + limits.scale * product, limits.least)
        sufficient = scores > rules.least_score
        assert (together[sufficient] >= wanted[sufficient]).all()
        assert (together[~sufficient] <= wanted[~sufficient] * (1 + 1e-6) + 1).all()


@pytest.mark.parametrize(("counters", "slots"), [(16, 1 << 10), (1 << 20, 16), (16, 16)])
def test_the_result_does_not_depend_on_the_memory(tmp_path, counters, slots):
    random = np.random.default_rng(5)
    ids = (random.zipf(1.3, 3000) % 40).astype(np.int32)
    ids[::17] = -1
    counts = np.bincount(ids[ids >= 0], minlength=40)
    limits = pair_limits(PhraseRules(threshold=0.5, min_count=2), counts)
    few = phrase_pairs.frequent_pairs(ids, limits, most_counters=counters, most_slots=slots)
    expected = reference.pair_counts(ids.tolist())
    found = {
        (first, second): count
        for first, second, count in zip(*(column.tolist() for column in few), strict=True)
    }
    assert {pair: expected[pair] for pair in found} == found
    wanted = limits.floor + limits.scale * np.outer(counts, counts)
    missing = set(expected) - set(found)
    assert all(expected[pair] < max(wanted[pair], 2) for pair in missing)
    assert sorted(found) == list(found)


def test_a_phrase_may_be_a_word_of_the_text_and_have_two_ways_to_arise(tmp_path):
    text = tmp_path / "text"
    text.write_text("new_york new york. a b_c\na_b c\n" * 20 + "x y z\n" * 20)
    rules = PhraseRules(threshold=1, min_count=2)
    encoding = encode_text([text], Tokeniser(), min_count=1, phrases=rules, directory=tmp_path)
    counts = dict(zip(encoding.vocabulary, encoding.vocabulary.counts.tolist(), strict=True))
    # The pair "x y" was joined first, from left to right.
    assert counts == {"new_york_new": 20, "york_a": 20, "b_c": 20, "a_b_c": 20, "x_y": 20, "z": 20}


def test_words_that_stand_apart_in_the_text_are_no_phrase_when_what_is_between_is_rare(tmp_path):
    sentences = [["new", f"rare{n}", "york"] for n in range(30)] + [["tea"]] * 30
    encoding = encoded(tmp_path, sentences, PhraseRules(threshold=1), min_count=5)
    assert encoding.phrases.passes == []
    assert "new_york" not in encoding.vocabulary


def test_spellings_that_are_one_word_count_together(tmp_path):
    text = tmp_path / "text"
    text.write_text("Cafe\u0301 noir.\ncafé noir\n" * 5 + "tea\n" * 20)
    rules = PhraseRules(threshold=0.5, min_count=8)
    encoding = encode_text([text], Tokeniser(), min_count=1, phrases=rules, directory=tmp_path)
    assert encoding.vocabulary.words == ["tea", "café_noir"]


def test_words_come_before_phrases_that_are_as_frequent(tmp_path):
    encoding = encoded(tmp_path, [["a", "b"], ["c"]] * 9, PhraseRules(threshold=1, min_count=2))
    assert encoding.vocabulary.words == ["c", "a_b"]
    assert encoding.report.raw_words == encoding.report.kept_words == 18


def test_an_empty_file_of_ids_has_no_phrases(tmp_path):
    empty = tmp_path / "ids"
    empty.write_bytes(b"")
    assert phrase_learning._mapped(empty).size == 0
