from types import SimpleNamespace

import numpy as np
import pytest

from symvec.arrays import RaggedRows
from symvec.errors import IdError, InputError, UnknownSymbolError
from symvec.layers.numpy import Embedding, EmbeddingBag, RowAdamW, RowSGD, SymbolEmbedding

WORDS = ["i", "need", "some", "more", "coffee", "cake", "cat", "dog"]


def table(rows=8, width=2, dtype=np.float32):
    return np.random.default_rng(0).normal(size=(rows, width)).astype(dtype)


def test_the_articles_lookup_equals_one_hot_times_weight_in_value_and_gradient():
    ids = np.array([0, 0, 0, 0, 1, 2, 3, 4, 4, 4])
    layer = Embedding(table(dtype=np.float64))
    one_hot = np.eye(8)[ids]
    np.testing.assert_array_equal(layer(ids), one_hot @ layer.table)
    towards = np.random.default_rng(1).normal(size=(10, 2))
    np.testing.assert_allclose(layer.backward(ids, towards).to_dense(), one_hot.T @ towards)


def test_the_articles_shapes():
    layer = Embedding.initialised(64, 100, generator=np.random.default_rng(0))
    assert layer.table.shape == (64, 100)
    assert layer([[3, 57, 35]]).shape == (1, 3, 100)


@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0), (2, 3, 1)])
def test_ids_of_any_rank(shape):
    layer = Embedding(table())
    assert layer(np.ones(shape, np.int32)).shape == (*shape, 2)


@pytest.mark.parametrize(("rows", "width"), [(0, 0), (10, 0), (0, 3)])
def test_tables_without_numbers_take_no_ids(rows, width):
    layer = Embedding(np.zeros((rows, width), np.float32))
    assert layer([]).shape == (0, width)
    gradient = layer.backward([], np.zeros((0, width), np.float32))
    assert gradient.to_dense().shape == (rows, width)


def test_padding_starts_at_zero_gets_no_gradient_and_counts_from_the_end():
    generator = np.random.default_rng(0)
    layer = Embedding.initialised(5, 3, generator=generator, padding_row=-2)
    assert layer.padding_row == 3
    assert not layer.table[3].any()
    gradient = layer.backward([3, 1, 3], np.ones((3, 3), np.float32))
    assert gradient.row_ids.tolist() == [1]
    assert layer.mask([[3, 1]]).tolist() == [[False, True]]
    with pytest.raises(InputError, match="padding row 5 is out of range: the table has 5 rows"):
        Embedding(table(5), padding_row=5)


@pytest.mark.parametrize("norm_type", [1.0, 2.0, np.inf])
def test_max_norm_shortens_only_rows_that_are_read(norm_type):
    layer = Embedding(table(rows=6, width=5) * 10, max_norm=1.0, norm_type=norm_type)
    before = layer.table.copy()
    read = layer([[1, 4]])
    norms = np.linalg.norm(read[0], ord=norm_type, axis=1)
    np.testing.assert_allclose(norms, 1.0, rtol=1e-5)
    np.testing.assert_array_equal(layer.table[[0, 2, 3, 5]], before[[0, 2, 3, 5]])


def test_frozen_tables_and_rows():
    ids, towards = [1, 2, 3], np.ones((3, 2), np.float32)
    assert Embedding.from_table(table()).backward(ids, towards).row_ids.size == 0
    some = Embedding(table(), frozen=np.array([1, 3]))
    assert some.backward(ids, towards).row_ids.tolist() == [2]


def test_scaling_by_frequency():
    layer = Embedding(table())
    gradient = layer.backward([1, 1, 2], np.ones((3, 2), np.float32), scale_by_frequency=True)
    assert gradient.rows.tolist() == [[1.0, 1.0], [1.0, 1.0]]


def test_missing_ids_by_name():
    zero = Embedding(table(), missing="zero")
    vectors = zero([[1, 99], [-5, 2]])
    np.testing.assert_array_equal(vectors[0, 1], 0)
    np.testing.assert_array_equal(vectors[0, 0], zero.table[1])
    gradient = zero.backward([[1, 99], [-5, 2]], np.ones((2, 2, 2), np.float32))
    assert gradient.row_ids.tolist() == [1, 2]
    row = Embedding(table(), missing="row", unknown_row=7)
    np.testing.assert_array_equal(row([99])[0], row.table[7])
    with pytest.raises(IdError, match="id 99 at position"):
        Embedding(table())([99])


def test_a_gradient_of_another_shape_is_told():
    with pytest.raises(InputError, match=r"output's shape, \(2, 2\), not \(2, 3\)"):
        Embedding(table()).backward([1, 2], np.ones((2, 3)))


def test_words_in_and_vectors_out():
    model = SimpleNamespace(table=table(), index_to_key=WORDS)
    layer = Embedding.from_vectors(model, padding=True, unknown=True)
    assert (layer.table.shape, layer.padding_row) == ((10, 2), 8)
    np.testing.assert_array_equal(layer.vectors_of("coffee"), model.table[4])
    got = layer.vectors_of([["coffee", "tea"], ["cat", "dog"]])
    np.testing.assert_array_equal(got[1, 1], model.table[7])
    np.testing.assert_allclose(got[0, 1], model.table.mean(axis=0), rtol=1e-6)
    assert layer.frozen is True
    layer.table[0] = 9
    assert model.table[0, 0] != 9
    with pytest.raises(UnknownSymbolError, match="'tea' is not in the vocabulary"):
        Embedding.from_vectors(model).vectors_of(["tea"])
    with pytest.raises(InputError, match="this layer has no words"):
        Embedding.from_vectors(model.table).vectors_of(["tea"])
    with pytest.raises(InputError, match="expected an array or a trained model"):
        Embedding.from_vectors("coffee.vec")
    with pytest.raises(InputError, match=r"the table must be floats of shape \(rows, D\)"):
        Embedding.from_vectors(np.ones(3))


def test_tied_projection_and_its_gradients():
    layer = Embedding(table(dtype=np.float64), padding_row=2)
    hidden = np.random.default_rng(1).normal(size=(3, 4, 2))
    towards = np.random.default_rng(2).normal(size=(3, 4, 8))
    np.testing.assert_allclose(layer.logits(hidden), hidden @ layer.table.T)
    of_hidden, of_table = layer.logits_backward(hidden, towards)
    np.testing.assert_allclose(of_hidden, towards @ layer.table)
    dense = np.einsum("abv,abd->vd", towards, hidden)
    np.testing.assert_allclose(of_table.to_dense()[[0, 7]], dense[[0, 7]])
    assert 2 not in of_table.row_ids
    total = layer.backward([[0]], np.ones((1, 1, 2))) + of_table
    np.testing.assert_allclose(total.to_dense()[0], dense[0] + 1)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_dtypes(dtype):
    layer = Embedding(table(dtype=dtype))
    np.testing.assert_array_equal(layer([4, 0]), layer.table[[4, 0]])
    assert layer([4]).dtype == dtype
    bag = EmbeddingBag(layer.table, mode="mean")
    out = bag(bag.bags([[4, 0]]))
    assert out.dtype == dtype
    np.testing.assert_allclose(out[0], layer.table[[4, 0]].mean(axis=0), rtol=1e-2)
    with pytest.raises(InputError, match="the table must be floats"):
        Embedding(np.ones((2, 2), int))


def test_a_table_that_is_not_contiguous():
    whole = table(rows=6, width=8)
    strided = whole[::2, ::2]
    layer, bag = Embedding(strided), EmbeddingBag(strided, mode="sum")
    np.testing.assert_array_equal(layer([2, 1]), strided[[2, 1]])
    np.testing.assert_allclose(bag(bag.bags([[2, 1]]))[0], strided[2] + strided[1])


@pytest.mark.parametrize("mode", ["sum", "mean", "sqrtn", "max"])
def test_bags_read_through_an_optimiser_that_is_behind(mode):
    trained = [EmbeddingBag(table(dtype=np.float64), mode=mode, padding_row=5) for _ in range(2)]
    for layer, semantics in zip(trained, ("exact", "dense"), strict=True):
        optimiser = RowAdamW(layer, lr=0.1, semantics=semantics)
        rng = np.random.default_rng(3)
        for _ in range(20):
            bags = layer.bags(rng.integers(0, 6, (2, 3)), weights=rng.uniform(1, 2, (2, 3)))
            optimiser.step(layer.backward(bags, np.cos(layer(bags))))
    bags = trained[0].bags([[0, 1, 5], [2, 3, 4]])
    np.testing.assert_allclose(trained[0](bags), trained[1](bags), atol=1e-9)
    towards = np.ones((2, 2))
    np.testing.assert_allclose(
        trained[0].backward(bags, towards).to_dense(),
        trained[1].backward(bags, towards).to_dense(),
        atol=1e-9,
    )
    weighted = trained[0].bags([[0, 1, 5], [2, 3, 4]], weights=np.ones((2, 3)))
    np.testing.assert_allclose(
        trained[0].backward_weights(weighted, towards),
        trained[1].backward_weights(weighted, towards),
        atol=1e-8,
    )


def test_max_norm_with_an_optimiser_that_is_behind():
    tables = []
    for semantics in ("exact", "dense"):
        layer = Embedding(table(dtype=np.float64), max_norm=1.0)
        optimiser = RowSGD(layer, lr=0.3, momentum=0.9, semantics=semantics)
        rng = np.random.default_rng(3)
        for _ in range(30):
            ids = rng.integers(0, 8, 2)
            optimiser.step(layer.backward(ids, np.cos(layer(ids))))
        layer.flush()
        tables.append(layer.table)
    np.testing.assert_allclose(*tables, atol=1e-9)


def test_bags_need_either_offsets_or_a_mask():
    bag = EmbeddingBag(table())
    with pytest.raises(InputError, match="pass either offsets or a mask"):
        bag.bags([1, 2], offsets=[0], mask=np.array([True, False]))


def test_symbols_of_several_rows():
    rows = RaggedRows(np.array([0, 1, 2, 2]), np.array([0, 1, 1, 4]))
    layer = SymbolEmbedding(EmbeddingBag(table(), mode="sum"), rows)
    t = layer.layer.table
    vectors = layer([[2, 0], [1, 2]])
    np.testing.assert_allclose(vectors[0, 0], t[1] + t[2] + t[2], rtol=1e-6)
    np.testing.assert_array_equal(vectors[1, 0], 0)
    gradient = layer.backward([2, 0], np.ones((2, 2), np.float32))
    assert gradient.to_dense()[:3, 0].tolist() == [1.0, 1.0, 2.0]
    with pytest.raises(IdError, match="the table has 3 rows"):
        layer([3])
    with pytest.raises(IdError, match="id 9 at position"):
        SymbolEmbedding(EmbeddingBag(table()), RaggedRows(np.array([9]), np.array([0, 1])))


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda layer: RowAdamW(layer, lr=-1), "lr must be 0 or more, got -1"),
        (lambda layer: RowAdamW(layer, eps=float("nan")), "eps must be 0 or more, got nan"),
        (
            lambda layer: RowAdamW(layer, betas=(0.9, 1.0)),
            "betas[1] must be from 0 to below 1, got 1.0",
        ),
        (
            lambda layer: RowAdamW(layer, betas=(0.99, 0.9)),
            "exact needs betas with beta1 < sqrt(beta2), got 0.99 and 0.9: the movement of an idle "
            "row would never end; use semantics='dense' or 'lazy'",
        ),
        (
            lambda layer: RowAdamW(layer, semantics="sparse"),
            "semantics must be one of exact, lazy, dense, got 'sparse'",
        ),
        (
            lambda layer: RowSGD(layer, nesterov=True),
            "nesterov needs a momentum and no dampening, got 0.0 and 0.0",
        ),
    ],
)
def test_settings_out_of_range_are_told(make, text):
    with pytest.raises(InputError) as caught:
        make(Embedding(table()))
    assert str(caught.value) == text


def test_decay_that_would_turn_rows_around_is_told():
    layer = Embedding(table())
    optimiser = RowAdamW(layer, lr=10.0, weight_decay=0.2)
    with pytest.raises(InputError, match=r"learning rate 10.0 times weight decay 0.2 must be"):
        optimiser.step(layer.backward([1], np.ones((1, 2), np.float32)))
