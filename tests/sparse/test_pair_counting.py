import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symvec.errors import InputError, OutputError
from symvec.kernels.reference.cooccurrence import count_pairs
from symvec.sparse import pair_counting, pair_merging
from symvec.sparse.counting_limits import LEAST_MEMORY_BUDGET, Limits
from symvec.sparse.pair_counting import counted_pairs
from symvec.sparse.places import Places
from symvec.sparse.window_weights import WindowWeights


def zipfian(tokens, words, seed=0):
    random = np.random.default_rng(seed)
    ids = (random.zipf(1.2, tokens) % words).astype(np.int32)
    ids[random.random(tokens) < 0.05] = -1
    return np.append(ids, np.int32(-1))


def counted(ids, words, weights, folder, threads=1, budget=LEAST_MEMORY_BUDGET, groups=1):
    limits = Limits(folder, budget, threads)
    parts = list(counted_pairs(ids, Places.dealt(words, groups), weights, limits))
    keys = np.concatenate([np.zeros(0, np.uint64), *(keys for keys, _ in parts)])
    return keys, np.concatenate([np.zeros(0, np.int64), *(sums for _, sums in parts)])


@pytest.mark.parametrize("weighting", ["harmonic", "linear", "flat"])
def test_pairs_are_those_of_the_twin(weighting, tmp_path):
    ids, weights = zipfian(500, 40), WindowWeights.of(weighting, 5)
    keys, sums = counted(ids, 40, weights, tmp_path)
    found = {(key >> 6, key & 63): total for key, total in zip(keys.tolist(), sums, strict=True)}
    assert found == count_pairs(ids, weights.units.tolist())
    assert not list(tmp_path.iterdir())


def test_neither_threads_nor_budget_nor_parts_change_a_bit(tmp_path, monkeypatch):
    monkeypatch.setattr(pair_counting, "_IDS_AT_ONCE", 1000)
    ids, weights = zipfian(60_000, 3000), WindowWeights.of("harmonic", 15)
    whole = counted(ids, 3000, weights, tmp_path, budget=1 << 28)
    for threads, budget, most_runs in [(1, 1 << 22, 128), (3, 1 << 22, 2), (8, 1 << 23, 128)]:
        monkeypatch.setattr(pair_merging, "_MOST_RUNS", most_runs)
        monkeypatch.setattr(pair_merging, "_MOST_RECORDS", 600)
        for found, expected in zip(
            counted(ids, 3000, weights, tmp_path, threads, budget), whole, strict=True
        ):
            np.testing.assert_array_equal(found, expected)
    assert np.array_equal(whole[0], np.unique(whole[0]))


def test_a_mapped_corpus_is_read_like_one_in_memory(tmp_path):
    ids, weights = zipfian(5000, 90), WindowWeights.of("flat", 3)
    ids.tofile(tmp_path / "ids")
    mapped = np.memmap(tmp_path / "ids", np.int32, mode="r")
    for given_ids, expected in ((mapped, ids), (mapped[100:-7], ids[100:-7])):
        for found, wanted in zip(
            counted(given_ids, 90, weights, tmp_path),
            counted(expected, 90, weights, tmp_path),
            strict=True,
        ):
            np.testing.assert_array_equal(found, wanted)


@pytest.mark.parametrize("ids", [[], [-1], [0, -1], [0, -1, 1, -1]])
def test_corpora_without_a_pair(ids, tmp_path):
    keys, sums = counted(np.array(ids, np.int32), 2, WindowWeights.of("flat", 5), tmp_path)
    assert len(keys) == len(sums) == 0


@given(st.integers(1, 500), st.integers(1, 20))
@settings(max_examples=30)
def test_each_word_has_a_place_of_its_own(words, groups):
    places = Places.dealt(words, groups)
    assert len(set(places.of_words.tolist())) == words
    of_groups = places.of_words >> places.index_bits
    sizes = np.bincount(of_groups, minlength=groups)
    assert sizes.max() - sizes.min() <= 1


def test_too_many_words_for_the_window():
    places = Places(np.zeros(1, np.int32), 0, 30)
    with pytest.raises(InputError, match="pairs of 1 words at 2048 distances do not fit 64 bits"):
        places.bits(2048)


def test_budgets_that_cannot_be(tmp_path):
    with pytest.raises(InputError, match="memory_budget must be 4,194,304 bytes or more, got 1,0"):
        Limits(tmp_path, 1000)
    with pytest.raises(InputError, match="must be a whole number of bytes, got '1G'"):
        Limits(tmp_path, "1G")


def test_a_full_folder_is_told_and_left_clean(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pair_counting, "append_pairs", full)
    with pytest.raises(OutputError, match="has no room for the pairs of words"):
        counted(zipfian(500, 40), 40, WindowWeights.of("flat", 5), tmp_path)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("cubic", 5), "weighting must be one of 'harmonic', 'linear', 'flat', got 'cubic'"),
        (("flat", 0), "window must be from 1 to 2048, got 0"),
        (("flat", 3000), "window must be from 1 to 2048, got 3000"),
        (("flat", 2.5), "window must be a whole number, got 2.5"),
        (("flat", True), "window must be a whole number, got True"),
    ],
)
def test_windows_that_cannot_be(arguments, message):
    with pytest.raises(InputError) as caught:
        WindowWeights.of(*arguments)
    assert str(caught.value) == message


@pytest.mark.parametrize("window", [1, 2, 16, 17, 100, 2048])
def test_harmonic_weights_are_right_to_the_last_unit(window):
    weights = WindowWeights.of("harmonic", window)
    exact = weights.unit / np.arange(1, window + 1)
    assert np.abs(weights.units - exact).max() <= 0.5
    if window <= 16:
        np.testing.assert_array_equal(weights.units, exact)


_MEASURE = """
import sys
from pathlib import Path
import numpy as np
from symvec.sparse.counting_limits import Limits
from symvec.sparse.pair_counting import counted_pairs
from symvec.sparse.places import Places
from symvec.sparse.window_weights import WindowWeights
def peak():
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) << 10
folder, budget = Path(sys.argv[1]), int(sys.argv[2])
ids = np.memmap(folder / "ids", np.int32, mode="r")
weights, limits = WindowWeights.of("harmonic", 10), Limits(folder, budget, 2)
list(counted_pairs(np.array([0, 1, -1], np.int32), Places.dealt(2, 1), weights, limits))
before = peak()
count = sum(len(keys) for keys, _ in counted_pairs(ids, Places.dealt(20000, 1), weights, limits))
print(count, peak() - before)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peaks are read from /proc")
def test_counting_stays_within_its_budget(tmp_path):
    zipfian(400_000, 20_000).tofile(tmp_path / "ids")
    found = {}
    for budget in (1 << 24, 1 << 25):  # 16 and 32 MiB for 30 MiB of pairs
        done = subprocess.run(
            [sys.executable, "-c", _MEASURE, str(tmp_path), str(budget)],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        count, grown = map(int, done.stdout.split())
        assert grown <= budget
        found[budget] = count
    assert len(set(found.values())) == 1


def test_files_of_a_thread_do_not_take_each_others_names(tmp_path, monkeypatch):
    """Parts are alike, so that the buffer is full at the same place of several of them."""
    monkeypatch.setattr(pair_counting, "_IDS_AT_ONCE", 100)
    monkeypatch.setattr(pair_counting, "_RECORDS_AT_ONCE", 64)
    ids, weights = (
        np.append(np.tile(np.arange(50), 400), -1).astype(np.int32),
        WindowWeights.of("flat", 9),
    )
    monkeypatch.setattr(Limits, "buffer_bytes", property(lambda _: 64 * 32 + 400 + 8 * 900))
    _, sums = counted(ids, 50, weights, tmp_path)
    assert sums.sum() == sum(len(ids) - 1 - distance for distance in range(1, 10))
