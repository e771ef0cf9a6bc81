import itertools

import numpy as np
import pytest

from symvec.errors import FormatError, InputError
from symvec.evaluation import Questions, evaluate_analogies
from symvec.text.ngrams import Characters
from symvec.vectors import Vectors
from symvec.vocabulary import SubwordRows, Vocabulary, WordRows

METHODS = ("3cosadd", "3cosmul")


def vectors_of(words, table):
    return Vectors(WordRows(Vocabulary.from_words(words)), np.asarray(table, dtype=np.float32))


def one_section(questions, name="x"):
    return Questions(((name, tuple(questions)),), ())


def first_answer(vectors, question, method, words):
    """The answer by the single question, whose method has tests of its own."""
    a, b, c, _ = question
    answer = vectors.analogy(
        positive=[b, c], negative=[a], topn=1, method=method, restrict_to=words
    )
    return answer[0][0] if answer else None


@pytest.mark.parametrize(("words", "restriction"), [(60, None), (60, 20), (3000, 2500)])
def test_all_at_once_gives_what_single_questions_give(words, restriction, monkeypatch):
    monkeypatch.setattr("symvec.vectors.neighbours._BLOCK_SCORES", 4096)
    names = [f"w{i}" for i in range(words)]
    generator = np.random.default_rng(words)
    vectors = vectors_of(names, generator.standard_normal((words, 4)))
    questions = [
        tuple(names[i] for i in generator.choice(restriction or words, 4, replace=False))
        for _ in range(300)
    ]
    for method in METHODS:
        # Half of the questions are given the right answer, half the word before it.
        answers = [first_answer(vectors, q, method, restriction) for q in questions]
        asked = [
            (*q[:3], answer if i % 2 else names[vectors.key_to_index[answer] - 1])
            for i, (q, answer) in enumerate(zip(questions, answers, strict=True))
        ]
        score = evaluate_analogies(
            vectors, one_section(asked), restrict_vocabulary=restriction, methods=[method]
        )
        assert score.all.total == 300
        right = [
            answer == question[3]
            for question, answer in zip(asked, answers, strict=True)
            if all(vectors.key_to_index[word] < (restriction or words) for word in question)
        ]
        assert score.all.asked == len(right)
        assert score.all.correct[method] == sum(right) == 150


@pytest.fixture
def royals():
    words = ["man", "woman", "king", "queen", "Oslo", "Rome", "Norway", "Italy"]
    corners = [[1, 0, 0], [0, 1, 0], [1, 0, 1], [0, 1, 1]]
    return vectors_of(words, np.kron(np.eye(2), corners))


def test_sections_and_sums(royals, tmp_path):
    path = tmp_path / "questions.txt"
    path.write_text(
        ": capital\nOslo Norway Rome Italy\nOslo Norway Rome Rome\nOslo Norway Bonn Germany\n"
        "bad line\n: gram1-royal\nMAN King woman queen\n: syn2\n: family\nking man queen woman\n"
    )
    score = evaluate_analogies(royals, path)
    assert score.name == "questions.txt"
    assert score.methods == METHODS
    assert score.restrict_vocabulary == 30_000
    assert [(s.name, s.syntactic, s.asked, s.total) for s in score.sections] == [
        ("capital", False, 2, 3),
        ("gram1-royal", True, 1, 1),
        ("syn2", True, 0, 0),
        ("family", False, 1, 1),
    ]
    assert [line.number for line in score.bad_lines] == [5]
    for method in METHODS:
        assert [s.correct[method] for s in score.sections] == [1, 1, 0, 1]
        assert score.semantic.correct[method] == 2
        assert score.semantic.accuracy(method) == pytest.approx(2 / 3)
        assert score.syntactic.accuracy(method) == 1.0
        assert score.all.accuracy(method) == 0.75
        assert score.sections[2].accuracy(method) is None
    assert (score.all.name, score.all.asked, score.all.total) == ("all", 4, 5)


def test_forms_that_differ_in_case_are_one_word():
    # "KING" is where the answer is, and neither a question word nor absent: it is no answer.
    words = ["man", "king", "woman", "KING", "queen", "Queen"]
    table = [[1, 0, 0], [1, 0, 1], [0, 1, 0], [0, 1, 1.02], [0, 1, 0.8], [0, 1, 1.01]]
    vectors = vectors_of(words, table)
    question = one_section([("Man", "King", "Woman", "QUEEN")])
    for restriction in (None, 5):  # "Queen" is the best of all six, "queen" of the first five
        score = evaluate_analogies(vectors, question, restrict_vocabulary=restriction)
        assert score.all.correct == {"3cosadd": 1, "3cosmul": 1}


def test_nothing_left_to_answer():
    vectors = vectors_of(["man", "king", "woman"], np.eye(3))
    questions = [("man", "king", "woman", word) for word in ("man", "king", "woman")]
    score = evaluate_analogies(vectors, one_section(questions))
    assert (score.all.asked, score.all.correct) == (3, {"3cosadd": 0, "3cosmul": 0})


@pytest.mark.parametrize("restriction", [0, 3])
def test_no_question_can_be_asked(royals, restriction):
    question = one_section([("man", "king", "woman", "queen")])
    score = evaluate_analogies(royals, question, restrict_vocabulary=restriction)
    assert (score.all.asked, score.all.total) == (0, 1)
    assert score.all.accuracy("3cosadd") is None


@pytest.mark.parametrize("broken", [np.nan, np.inf])
def test_broken_vectors_are_neither_asked_for_nor_answers(broken):
    words = ["man", "king", "woman", "bad", "queen"]
    table = np.array([[1, 0, 0], [1, 0, 1], [0, 1, 0], [0, 1, broken], [0, 1, 1]])
    vectors = vectors_of(words, table)
    questions = [("man", "king", "woman", "queen"), ("man", "bad", "woman", "queen")]
    score = evaluate_analogies(vectors, one_section(questions))
    assert (score.all.asked, score.all.correct) == (1, {"3cosadd": 1, "3cosmul": 1})


def test_equal_scores_go_to_the_more_frequent_word():
    vectors = vectors_of(["a", "b", "c", "d", "e"], [[1, 0], [1, 1], [0, 1], [2, 2], [2, 2]])
    for answer, right in (("d", 1), ("e", 0)):
        score = evaluate_analogies(vectors, one_section([("a", "b", "c", answer)]))
        assert score.all.correct == dict.fromkeys(METHODS, right)


def test_what_cannot_be_asked(royals, tmp_path):
    question = one_section([("man", "king", "woman", "queen")])
    for methods in ([], ["best"], ["3cosadd", "best"]):
        with pytest.raises(InputError, match=r"methods must be some of \('3cosadd', '3cosmul'\)"):
            evaluate_analogies(royals, question, methods=methods)
    with pytest.raises(InputError, match="restrict_vocabulary must be 0 or more, got -1"):
        evaluate_analogies(royals, question, restrict_vocabulary=-1)
    (tmp_path / "empty").write_text("")
    with pytest.raises(FormatError, match="holds no analogy question"):
        evaluate_analogies(royals, tmp_path / "empty")


def test_many_sections_keep_their_order(royals):
    words = royals.index_to_key[:4]
    sections = tuple((f"s{i}", (q,) * i) for i, q in enumerate(itertools.permutations(words, 4)))
    score = evaluate_analogies(royals, Questions(sections, ()))
    assert [(s.name, s.total) for s in score.sections] == [(f"s{i}", i) for i in range(24)]
    for (_, questions), section in zip(sections, score.sections, strict=True):
        right = sum(first_answer(royals, q, "3cosadd", None) == q[3] for q in questions)
        assert section.correct["3cosadd"] == right


def test_words_that_are_not_there_are_made_of_their_ngrams_if_wanted():
    words = ["man", "king", "woman", "queen"]
    rows = SubwordRows(Vocabulary.from_words(words), Characters(4, 4), 200)
    table = np.random.default_rng(0).normal(size=(rows.row_count, 12)).astype(np.float32)
    vectors = Vectors(rows, table)
    unseen = ("Kings", "man", "queens")
    questions = one_section([(*unseen, "woman"), ("man", "king", "x", "queen")])
    assert evaluate_analogies(vectors, questions).all.asked == 0
    score = evaluate_analogies(vectors, questions, unseen=True)
    assert (score.all.asked, score.all.total) == (1, 2)  # x is too short for an n-gram
    a, b, c = unseen
    for method in METHODS:
        best = vectors.analogy(positive=[b, c], negative=[a], topn=1, method=method)[0][0]
        assert score.all.correct[method] == (best == "woman")


def test_words_of_other_scripts_and_a_long_s_are_found_in_any_case():
    names = ["ſtone", "Αθήνα", "HAUS", "über", "z", "Z"]
    vectors = vectors_of(names, np.eye(6))
    asked = [("STONE", "αθήνα", "haus", "Über"), ("stone", "z", "ÜBER", "Haus")]
    assert evaluate_analogies(vectors, one_section(asked)).all.asked == 2
