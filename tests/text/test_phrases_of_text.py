import json

import pytest

from symvec.errors import InputError
from symvec.text.phrased import PhrasedTokeniser
from symvec.text.phrases import Phrase, PhraseRules, Phrases
from symvec.text.tokeniser_choice import tokeniser_from_metadata
from symvec.text.tokenisers import Tokeniser

PHRASES = Phrases(
    PhraseRules(passes=2),
    [
        [Phrase("ice", "cream", 120.5, 9), Phrase("new", "york", 930.0, 40)],
        [Phrase("new_york", "times", 312.0, 12)],
    ],
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("New York", ["new_york"]),
        ("The New-York Times, York times", ["the", "new_york_times", "york", "times"]),
        ("new new york", ["new", "new_york"]),
        ("new ice cream york", ["new", "ice_cream", "york"]),
    ],
)
def test_text_is_cut_as_the_corpus_was(text, expected):
    assert PhrasedTokeniser(Tokeniser(), PHRASES).tokens(text) == expected


def test_questions_may_name_a_phrase_with_spaces():
    tokeniser = PhrasedTokeniser(Tokeniser(), PHRASES)
    assert list(tokeniser.spellings("New York Times")) == ["new york times", "new_york_times"]
    assert list(tokeniser.spellings("Tea")) == ["tea"]


def test_where_lists_of_tokens_were_learned_text_is_not_cut():
    tokeniser = PhrasedTokeniser(None, PHRASES)
    assert list(tokeniser.spellings("New York")) == ["New York", "New_York"]
    with pytest.raises(InputError, match=r"learned from lists of tokens.*phrases\.joined"):
        tokeniser.tokens("new york")


def test_the_best_come_first_within_a_pass():
    assert [phrase.first for phrase in PHRASES] == ["new", "ice", "new_york"]
    assert len(PHRASES) == 3
    assert PHRASES.spelled(next(iter(PHRASES))) == "new_york"
    assert repr(PHRASES) == "<Phrases: 3 in 2 passes>"


@pytest.mark.parametrize("words", [Tokeniser("whitespace", lowercase=False), None])
def test_metadata_describes_it(words):
    metadata = json.loads(json.dumps(PhrasedTokeniser(words, PHRASES).to_metadata()))
    again = tokeniser_from_metadata(metadata)
    assert again.to_metadata() == metadata
    assert again.words == words
    assert [list(learned) for learned in again.phrases.passes] == PHRASES.passes
    assert again.phrases.joined(["new", "york", "times"]) == ["new_york_times"]


def test_people_see_the_best_and_not_all():
    assert PhrasedTokeniser(None, PHRASES).summary() == {
        "name": "tokens",
        "phrases": {
            "scoring": "word2phrase",
            "threshold": 100.0,
            "min_count": 5,
            "delimiter": "_",
            "learned_by_pass": [2, 1],
            "best": ["new_york", "new_york_times", "ice_cream"],
        },
    }


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ({"scoring": "pmi"}, "the scoring of phrases must be 'word2phrase' or 'npmi', got 'pmi'"),
        ({"threshold": 0}, "with word2phrase the threshold must be finite and above 0, got 0"),
        ({"threshold": float("nan")}, "with word2phrase the threshold must be finite and above"),
        ({"threshold": "7"}, "the threshold of phrases must be a number, got '7'"),
        ({"scoring": "npmi", "threshold": 1.5}, "with NPMI the threshold must be from -1 to 1, g"),
        ({"min_count": 0}, "the min_count of phrases must be a whole number of 1 or more, got 0"),
        ({"passes": True}, "the passes of phrases must be a whole number of 1 or more, got True"),
        ({"delimiter": ""}, "the delimiter of phrases must be text, and not white space alone, g"),
        ({"delimiter": " "}, "the delimiter of phrases must be text, and not white space alone, "),
    ],
)
def test_rules_that_cannot_be(rules, message):
    with pytest.raises(InputError) as caught:
        PhraseRules(**rules)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        7,
        {**PHRASES.to_metadata(), "passes": 3},
        {**PHRASES.to_metadata(), "passes": [[["a", "b"]]]},
        {**PHRASES.to_metadata(), "passes": [[["a", 1, 2.0, 3]]]},
        {**PHRASES.to_metadata(), "passes": [[["a", "b", "c", 3]]]},
        {**PHRASES.to_metadata(), "delimiter": ""},
    ],
)
def test_metadata_that_describes_no_phrases(metadata):
    with pytest.raises(InputError, match="phrase"):
        tokeniser_from_metadata({"name": "tokens", "phrases": metadata})


@pytest.mark.parametrize("metadata", [7, [], {}, {"name": "tokens"}, {"name": 3}, {"name": "kiwi"}])
def test_metadata_that_describes_no_tokeniser(metadata):
    with pytest.raises(InputError, match=r"tokeniser"):
        tokeniser_from_metadata(metadata)
