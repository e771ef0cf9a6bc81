import gzip
import hashlib
import os
import subprocess
import sys
from collections import Counter

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from symvec.errors import EmptyCorpusError, FileError, FormatError, InputError, OutputError
from symvec.text.tokenisers import Tokeniser
from symvec.vocabulary import counting, text_pass
from symvec.vocabulary.counting import encode_sentences, encode_text

WORDS = Tokeniser()


@pytest.fixture
def text_file(tmp_path):
    def write(text):
        file = tmp_path / "text.txt"
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        return file

    return write


def expected_sentences(text, tokeniser, min_count=1, max_vocabulary=None):
    """Count and prune in plain Python; return the words, their counts and the sentences."""
    lines = text.decode("utf-8", "surrogateescape").replace("\r", "\n").split("\n")
    sentences = [tokeniser.tokens(line) for line in lines]
    counts = Counter(word for sentence in sentences for word in sentence)
    ranked = sorted(counts, key=lambda word: -counts[word])  # stable: ties as first seen
    kept = [word for word in ranked if counts[word] >= min_count][:max_vocabulary]
    pruned = [[word for word in sentence if word in kept] for sentence in sentences]
    return kept, [counts[word] for word in kept], [sentence for sentence in pruned if sentence]


def sentences_of(encoding):
    sentences = [[]]
    for word_id in encoding.corpus.ids.tolist():
        if word_id == -1:
            sentences.append([])
        else:
            sentences[-1].append(encoding.vocabulary.word(word_id))
    assert sentences.pop() == []
    return sentences


pieces = st.sampled_from(
    [
        "a",
        "b",
        "B",
        "Σ",
        "ς",
        "σ",
        "É",
        "E\u0301",
        "가",
        "\u1100\u1161",
        "c'",
        "7",
        ",",
        " ",
        " ",
        "\n",
        "\r\n",
    ]
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(pieces, max_size=60).map("".join),
    st.integers(1, 3),
    st.one_of(st.none(), st.integers(1, 3)),
)
@example("Σ σ ΑΣ Ας ας\nαΣ", 2, 2)
@example("E\u0301 x É x é", 1, None)
def test_it_is_what_plain_python_counts(tmp_path, text, min_count, max_vocabulary):
    (tmp_path / "text").write_bytes(text.encode())
    limits = {"min_count": min_count, "max_vocabulary": max_vocabulary}
    words, counts, sentences = expected_sentences(text.encode(), WORDS, **limits)
    if not words:
        with pytest.raises(EmptyCorpusError):
            encode_text([tmp_path / "text"], WORDS, directory=tmp_path, **limits)
        return
    encoding = encode_text([tmp_path / "text"], WORDS, directory=tmp_path, **limits)
    assert encoding.vocabulary.words == words
    assert encoding.vocabulary.counts.tolist() == counts
    assert sentences_of(encoding) == sentences
    assert encoding.corpus.word_count == sum(counts) == encoding.report.kept_words
    assert encoding.corpus.sentence_count == len(sentences)


def test_the_report_says_what_was_read_and_dropped(text_file, tmp_path):
    text = b"Tea tea caf\xe9\n\n...\nmilk\r\nTEA\n"
    encoding = encode_text([text_file(text)], WORDS, min_count=2, directory=tmp_path)
    assert encoding.report == counting.ReadingReport(
        bytes_read=len(text),
        raw_words=5,
        kept_words=3,
        sentences=3,
        invalid_bytes=1,
        distinct_words=3,
        sha256=hashlib.sha256(text).hexdigest(),
    )
    assert encoding.corpus.ids.tolist() == [0, 0, -1, 0, -1]


def test_spellings_that_become_one_word_are_counted_once_each(text_file, tmp_path):
    encoding = encode_text([text_file("E\u0301 É é")], WORDS, min_count=3, directory=tmp_path)
    assert encoding.vocabulary.words == ["é"]
    assert (encoding.report.distinct_words, encoding.report.raw_words) == (1, 3)


def test_each_file_ends_a_sentence_and_all_are_one_digest(tmp_path):
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "1.txt").write_bytes(b"\xef\xbb\xbfone two")
    (tmp_path / "texts" / "2.gz").write_bytes(gzip.compress(b"two three\n"))
    (tmp_path / "texts" / "3.txt").write_bytes(b"")
    encoding = encode_text([tmp_path / "texts"], WORDS, min_count=1, directory=tmp_path)
    assert sentences_of(encoding) == [["one", "two"], ["two", "three"]]
    digest = hashlib.sha256(b"\xef\xbb\xbfone twotwo three\n").hexdigest()
    assert encoding.report.sha256 == digest


def test_a_line_of_a_million_words_is_one_sentence(text_file, tmp_path):
    text = " ".join(f"w{number % 977}" for number in range(1_000_000))
    encoding = encode_text([text_file(text)], WORDS, min_count=1, directory=tmp_path)
    assert (encoding.corpus.word_count, encoding.corpus.sentence_count) == (1_000_000, 1)
    assert encoding.corpus.ids[:-1].tolist() == [number % 977 for number in range(1_000_000)]


def test_a_word_longer_than_many_chunks_is_one_word(text_file, tmp_path):
    text = "b " + "ab" * 3_000_000 + " b"
    encoding = encode_text([text_file(text)], WORDS, min_count=1, directory=tmp_path)
    assert encoding.corpus.ids.tolist() == [0, 1, 0, -1]
    assert len(encoding.vocabulary.word(1)) == 6_000_000


def test_the_corpus_is_a_file_that_cannot_be_written_by_mistake(text_file, tmp_path):
    encoding = encode_text([text_file("a b a")], WORDS, min_count=2, directory=tmp_path)
    assert isinstance(encoding.corpus.ids, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        encoding.corpus.ids[0] = 1
    (ids_file,) = tmp_path.glob("*.ids")
    assert ids_file.stat().st_size == 3 * 4


def test_two_corpora_in_one_folder_are_two_files(text_file, tmp_path):
    for _ in range(2):
        encode_text([text_file("a b a")], WORDS, min_count=1, directory=tmp_path)
    assert len(list(tmp_path.glob("*.ids"))) == 2


def test_progress_ends_with_all_bytes_of_the_files(text_file, tmp_path):
    calls = []
    file = text_file(gzip.compress(b"tea " * 1_000_000))
    encode_text([file], WORDS, directory=tmp_path, on_progress=lambda *call: calls.append(call))
    assert calls[-1] == (file.stat().st_size, file.stat().st_size)
    assert [read for read, _ in calls] == sorted(read for read, _ in calls)
    assert len(calls) < 20


def test_standard_input(tmp_path):
    program = (
        "import sys, pathlib\n"
        "from symvec.vocabulary.counting import encode_text\n"
        "from symvec.text.tokenisers import Tokeniser\n"
        "calls = []\n"
        "encoding = encode_text(['-'], Tokeniser(), min_count=2,\n"
        "    directory=pathlib.Path(sys.argv[1]), on_progress=lambda *call: calls.append(call))\n"
        "print(encoding.vocabulary.words, encoding.corpus.ids.tolist(), calls[-1])\n"
    )
    finished = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        input=b"tea for two\ntea",
        capture_output=True,
        check=True,
    )
    assert finished.stdout.decode().strip() == "['tea'] [0, -1, 0, -1] (15, None)"


def test_a_corpus_without_words(text_file, tmp_path):
    with pytest.raises(EmptyCorpusError, match="the corpus has no word: 5 bytes were read"):
        encode_text([text_file("...\n\n")], WORDS, directory=tmp_path)
    with pytest.raises(EmptyCorpusError, match="the corpus has no word: 0 bytes were read"):
        encode_text([text_file("")], WORDS, directory=tmp_path)
    with pytest.raises(EmptyCorpusError, match="the corpus has no word"):
        encode_sentences([], directory=tmp_path)
    with pytest.raises(EmptyCorpusError, match="the corpus has no word"):
        encode_sentences([[], []], directory=tmp_path)
    assert list(tmp_path.glob("*.ids")) == []


def test_a_min_count_that_leaves_no_word_says_the_highest_count(text_file, tmp_path):
    for make in (
        lambda: encode_text([text_file("tea milk tea")], WORDS, directory=tmp_path),
        lambda: encode_sentences([["tea", "milk"], ["tea"]], directory=tmp_path),
    ):
        with pytest.raises(EmptyCorpusError) as caught:
            make()
        assert str(caught.value) == (
            "min_count=5 leaves no word: the most frequent one, 'tea', occurs 2 times; give a "
            "min_count of 2 or less, or more text"
        )
    assert list(tmp_path.glob("*.ids")) == []


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        ({"min_count": 0}, "min_count must be a whole number of 1 or more, got 0"),
        ({"min_count": 2.5}, "min_count must be a whole number of 1 or more, got 2.5"),
        ({"min_count": None}, "min_count must be a whole number of 1 or more, got None"),
        ({"max_vocabulary": 0}, "max_vocabulary must be a whole number of 1 or more, got 0"),
        ({"max_vocabulary": True}, "max_vocabulary must be a whole number of 1 or more, got True"),
    ],
)
def test_limits_that_cannot_be(text_file, tmp_path, limits, message):
    for make in (
        lambda: encode_text([text_file("tea")], WORDS, directory=tmp_path, **limits),
        lambda: encode_sentences([["tea"]], directory=tmp_path, **limits),
    ):
        with pytest.raises(InputError) as caught:
            make()
        assert str(caught.value) == message


def test_nothing_is_left_when_a_source_fails_or_the_user_stops(text_file, tmp_path):
    with pytest.raises(FileError, match="no such file or folder"):
        encode_text([tmp_path / "missing"], WORDS, directory=tmp_path)
    with pytest.raises(FormatError, match="is UTF-16"):
        encode_text([text_file("tea".encode("utf-16"))], WORDS, directory=tmp_path)

    def stop(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        encode_text([text_file("tea")], WORDS, directory=tmp_path, on_progress=stop)
    with pytest.raises(KeyboardInterrupt):
        encode_sentences([["tea"]], directory=tmp_path, on_progress=stop)
    assert list(tmp_path.glob("*.ids")) == []


def test_a_folder_that_cannot_take_the_ids(text_file, tmp_path):
    with pytest.raises(OutputError, match="cannot write the corpus's ids to the folder"):
        encode_text([text_file("tea")], WORDS, directory=tmp_path / "missing")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")  # noqa: PTH110
def test_a_full_disk_is_an_output_error(text_file, tmp_path, monkeypatch):
    def full(*_, **__):
        return os.open("/dev/full", os.O_WRONLY), str(tmp_path / "full.ids")

    monkeypatch.setattr(counting.tempfile, "mkstemp", full)
    with pytest.raises(OutputError, match=r"has no room for the corpus's ids \(No space left"):
        encode_text([text_file("tea " * 100_000)], WORDS, directory=tmp_path)


def test_tokens_are_taken_exactly_as_given(tmp_path):
    sentences = (sentence for sentence in [["New York", "É"], (), ("É", "e\u0301\n", "\udcff")])
    encoding = encode_sentences(sentences, min_count=1, directory=tmp_path)
    assert encoding.vocabulary.words == ["É", "New York", "e\u0301\n", "\udcff"]
    assert encoding.corpus.ids.tolist() == [1, 0, -1, 0, 2, 3, -1]
    text = "New York É\nÉ e\u0301\n \udcff\n".encode("utf-8", "surrogateescape")
    report = encoding.report
    assert (report.bytes_read, report.sha256) == (len(text), hashlib.sha256(text).hexdigest())
    assert (report.raw_words, report.sentences, report.distinct_words) == (5, 2, 4)


@given(st.lists(st.lists(st.sampled_from("abcde"), max_size=9), max_size=9), st.integers(1, 3))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_lists_of_tokens_are_encoded_as_their_text_is(tmp_path, sentences, min_count):
    (tmp_path / "text").write_text("\n".join(map(" ".join, sentences)))
    try:
        by_text = encode_text([tmp_path / "text"], WORDS, min_count=min_count, directory=tmp_path)
    except EmptyCorpusError:
        with pytest.raises(EmptyCorpusError):
            encode_sentences(sentences, min_count=min_count, directory=tmp_path)
        return
    encoding = encode_sentences(sentences, min_count=min_count, directory=tmp_path)
    assert encoding.vocabulary.words == by_text.vocabulary.words
    assert encoding.corpus.ids.tolist() == by_text.corpus.ids.tolist()
    assert encoding.report.raw_words == by_text.report.raw_words


@pytest.mark.parametrize(
    ("sentences", "message"),
    [
        ("a b", "the sentences are one piece of text, 'a b', expected an iterable of lists"),
        (b"a b", "the sentences are one piece of text, b'a b', expected"),
        (7, "the sentences are 7 of type int, expected an iterable of lists of tokens"),
        ([["a"], "b c"], "sentence 1 is one piece of text, 'b c', expected a list of tokens; sp"),
        ([b"b c"], "sentence 0 is one piece of text, b'b c', expected a list of tokens"),
        ([["a"], 7], "sentence 1 is 7 of type int, expected a list of tokens"),
        ([[3, 5]], "token 0 of sentence 0 is 3 of type int, expected text; ids and numbers can be"),
        ([["a", None]], "token 1 of sentence 0 is None of type NoneType, expected text"),
        ([["a", b"b"]], "token 1 of sentence 0 is bytes, b'b'; decode it: token.decode()"),
        ([["a", ["b"]]], "token 1 of sentence 0 is ['b'] of type list, expected text"),
        ([["a", ""]], "token 1 of sentence 0 is empty; leave empty tokens out"),
    ],
)  # fmt: skip
def test_what_is_not_a_list_of_tokens(tmp_path, sentences, message):
    with pytest.raises(InputError) as caught:
        encode_sentences(sentences, min_count=1, directory=tmp_path)
    assert str(caught.value).startswith(message)
    assert list(tmp_path.glob("*.ids")) == []


def test_asking_a_vocabulary_loads_no_compiler():
    program = (
        "import sys, symvec.vocabulary.vocabulary, symvec.text.tokenisers\n"
        "assert not {'numba', 'symvec.kernels'} & set(sys.modules)\n"
        "from symvec.text import character_tables\n"
        "assert character_tables.word_classes.cache_info().currsize == 0"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_counts_are_64_bit(text_file, tmp_path):
    words, word_of = np.array([2**40, 2**40], np.int64), np.array([1, 1])
    merged, first_seen = text_pass._merged(words, word_of, 2)
    assert merged.tolist() == [0, 2**41]
    assert first_seen[1] == 0
    encoding = encode_text([text_file("a")], WORDS, min_count=1, directory=tmp_path)
    assert encoding.vocabulary.counts.dtype == np.int64
