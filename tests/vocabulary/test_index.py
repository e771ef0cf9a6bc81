from symvec.vocabulary import Vocabulary


def test_between_gives_the_most_frequent_first():
    index = Vocabulary.from_words(["ab", "b", "aa", "ac", "a"])._index
    assert index.between(b"a", b"b", limit=9) == [0, 2, 3, 4]
    assert index.between(b"a", b"b", limit=2) == [0, 2]
    assert index.between(b"a", b"b", limit=0) == []
    assert index.between(b"x", b"y", limit=9) == []
    assert index.place(b"") == 0
    assert index.place(b"zz") == len(index) == 5
