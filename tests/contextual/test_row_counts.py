import numpy as np
import pytest

from elmo_case import tiny_encoder
from symvec.contextual import row_counts
from symvec.contextual.matrices import CellMatrices, ExactMatrix
from symvec.contextual.row_counts import MANY_ROWS, ROWS, RowCounts

WEIGHTS = tiny_encoder().weights.cells[0][0]
CELL = CellMatrices.of(WEIGHTS, ExactMatrix)


@pytest.mark.parametrize(
    ("sentences", "rows"),
    [
        (0, 8),
        (1, 8),
        (8, 8),
        (9, 16),
        (32, 32),
        (33, 64),
        (255, 64),
        (256, 128),
        (511, 128),
        (512, 256),
    ],
)
def test_few_sentences_need_few_rows(sentences, rows, monkeypatch):
    monkeypatch.setattr(row_counts, "_is_summed_alike", lambda *_: True)
    assert RowCounts(CELL).chosen(sentences) == rows


@pytest.mark.parametrize("sentences", [1, 20, 300])
def test_where_products_are_summed_otherwise_there_are_always_as_many(sentences, monkeypatch):
    asked = []

    def is_summed_alike(one, other, weights):
        asked.append((one, other, weights.shape))
        return False

    monkeypatch.setattr(row_counts, "_is_summed_alike", is_summed_alike)
    counts = RowCounts(CELL)
    assert counts.chosen(sentences) == ROWS == counts.chosen(sentences)
    assert len(asked) == 1  # and not again


def test_each_product_of_a_cell_is_asked_for(monkeypatch):
    asked = []
    monkeypatch.setattr(
        row_counts,
        "_is_summed_alike",
        lambda one, other, m: asked.append((one, other, m.shape)) or True,
    )
    RowCounts(CELL).chosen(1)
    cells, size = CELL.projection.shape
    gates = (size, 4 * cells)
    assert asked == [(32, 256, gates), (8, 64, gates), (8, 64, (cells, size))]


def test_another_order_is_noticed():
    class Reversed(ExactMatrix):
        """Sums from the other end where there are few rows."""

        def times(self, rows, out):
            left, right = rows, self.weights
            if len(left) < 64:
                left, right = left[:, ::-1], right[::-1]
            out[:] = np.add.reduce(left[:, :, None] * right[None], axis=1)
            return out

    weights = np.random.default_rng(1).standard_normal((50, 4), np.float32)
    assert not row_counts._is_summed_alike(8, 64, Reversed(weights))
    assert row_counts._is_summed_alike(64, 64, Reversed(weights))


@pytest.mark.parametrize("rows", MANY_ROWS)
def test_many_and_few_rows_give_the_same_bits(rows):
    encoder, sentence = tiny_encoder(), ["we", "sat", "on", "the", "bank"]
    alone = encoder.encode([sentence])[0]
    among = encoder.encode([["a"] * (n % 9) for n in range(2 * rows)] + [sentence])[-1]
    assert np.array_equal(alone, among)


@pytest.mark.parametrize(
    ("alike", "words"), [({256, 512}, 512), ({256}, 64), ({512}, 0), (set(), 0)]
)
def test_words_are_multiplied_alone_only_where_it_is_the_same_to_the_bit(alike, words, monkeypatch):
    asked = []

    def is_summed_alike(one, other, weights):
        asked.append(weights.shape)
        return one == 64 and other in alike

    monkeypatch.setattr(row_counts, "_is_summed_alike", is_summed_alike)
    counts = RowCounts(CELL)
    assert counts.words_at_once == words == counts.words_at_once
    assert asked == [CELL.from_input.shape] * 2  # and not again
