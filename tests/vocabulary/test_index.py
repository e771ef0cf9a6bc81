import numpy as np

from symvec.vocabulary import Vocabulary
from symvec.vocabulary.index import WordIndex


def test_between_gives_the_most_frequent_first():
    index = Vocabulary.from_words(["ab", "b", "aa", "ac", "a"])._index
    assert index.between(b"a", b"b", limit=9) == [0, 2, 3, 4]
    assert index.between(b"a", b"b", limit=2) == [0, 2]
    assert index.between(b"a", b"b", limit=0) == []
    assert index.between(b"x", b"y", limit=9) == []
    assert index.place(b"") == 0
    assert index.place(b"zz") == len(index) == 5


def test_arrays_at_odd_places_of_a_file_are_read_as_any(tmp_path):
    """Programs may write a safetensors file whose elements are not aligned."""
    vocabulary = Vocabulary.from_words(["tea", "coffee", "milk"])
    arrays = {}
    for name, array in (("offsets", vocabulary.offsets), ("order", vocabulary.order)):
        octets = np.frombuffer(b"\0" + array.tobytes(), np.uint8)[1:]
        arrays[name] = octets.view(array.dtype)
        assert not arrays[name].flags.aligned
    index = WordIndex(vocabulary.blob, arrays["offsets"], arrays["order"])
    assert [index.find(word) for word in (b"tea", b"coffee", b"milk", b"water")] == [0, 1, 2, None]
