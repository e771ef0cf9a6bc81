from types import SimpleNamespace

import numpy as np
import pytest

jax = pytest.importorskip("jax", reason="the extra jax is not installed")
import jax.numpy as jnp  # noqa: E402

from symvec.errors import IdError, InputError  # noqa: E402
from symvec.layers.bags import Bags  # noqa: E402
from symvec.layers.jax import Embedding, bag, lookup, raise_bad_ids  # noqa: E402
from symvec.layers.jax.ids import DeferredCheck  # noqa: E402
from symvec.layers.reductions import REDUCTIONS  # noqa: E402

TABLE = np.random.default_rng(0).normal(size=(10, 4)).astype(np.float32)


@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0), (2, 3, 1)])
@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int32])
@pytest.mark.parametrize("jitted", [False, True])
def test_ids_of_any_rank_and_integer_type(shape, dtype, jitted):
    function = jax.jit(lookup) if jitted else lookup
    ids = jnp.ones(shape, dtype)
    out = function(jnp.asarray(TABLE), ids)
    assert out.shape == (*shape, 4)
    np.testing.assert_array_equal(out, TABLE[np.ones(shape, int)])


def test_the_gradient_is_that_of_one_hot_times_weight():
    ids = np.array([0, 0, 1, 2, 4, 4, 4])
    one_hot = np.eye(10, dtype=np.float32)[ids]
    towards = np.random.default_rng(1).normal(size=(7, 4)).astype(np.float32)
    gradient = jax.grad(lambda table: (lookup(table, ids) * towards).sum())(jnp.asarray(TABLE))
    np.testing.assert_allclose(gradient, one_hot.T @ towards, rtol=1e-5)


@pytest.mark.parametrize(
    ("ids", "text"),
    [
        ([[1, 12]], r"id 12 at position \(0, 1\) is out of range: the table has 10 rows"),
        ([-1], "negative ids do not count from the end"),
        ([0.5], "not differentiable with respect to its input"),
        ([True], "a mask is not a list of ids"),
    ],
)
def test_bad_ids_are_told_apart(ids, text):
    def look_up_and_wait(given):
        lookup(jnp.asarray(TABLE), given)
        raise_bad_ids()  # a graphics card tells later

    for given in (ids, jnp.asarray(ids)):
        with pytest.raises(IdError, match=text):
            look_up_and_wait(given)


def test_types_are_told_while_tracing():
    with pytest.raises(IdError, match="attach it to the ids directly"):
        jax.jit(lookup)(jnp.asarray(TABLE), jnp.ones(3))


@pytest.mark.parametrize("bad", [12, -1])
def test_a_bad_id_in_a_compiled_function_is_told_and_reads_no_other_row(bad):
    def run():
        jax.block_until_ready(jax.jit(lookup)(jnp.asarray(TABLE), jnp.array([[1], [bad]])))
        jax.effects_barrier()

    with pytest.raises(jax.errors.JaxRuntimeError, match=rf"id {bad} at position \(1, 0\)"):
        run()


def test_missing_ids_by_name_also_compiled():
    ids = jnp.array([1, 99, -5])
    for wrap in (lambda f: f, jax.jit):
        zero = wrap(lambda t, i: lookup(t, i, missing="zero"))(TABLE, ids)
        np.testing.assert_array_equal(zero, [TABLE[1], TABLE[0] * 0, TABLE[0] * 0])
        row = wrap(lambda t, i: lookup(t, i, missing="row", unknown_row=7))(TABLE, ids)
        np.testing.assert_array_equal(row, TABLE[[1, 7, 7]])
    with pytest.raises(InputError, match="missing='row' needs unknown_row"):
        lookup(TABLE, ids, missing="row")


def test_padding_gets_no_gradient_and_long_rows_are_shortened():
    layer = Embedding.initialised(jax.random.key(0), 6, 3, padding_row=-1, max_norm=1.0)
    assert not layer.table[5].any()
    ids = jnp.array([5, 2, 2])
    gradient = jax.grad(lambda one: one(ids).sum())(layer)
    assert not gradient.table[5].any()
    assert gradient.table[2].any()
    assert layer.mask(ids).tolist() == [False, True, True]
    norms = np.linalg.norm(layer(jnp.arange(6)), axis=1)
    assert (norms <= 1 + 1e-6).all()


def test_the_module_is_a_pytree_that_compiles_and_maps():
    layer = Embedding.initialised(jax.random.key(0), 64, 100)
    assert layer([[3, 57, 35]]).shape == (1, 3, 100)
    assert len(jax.tree_util.tree_leaves(layer)) == 1
    ids = jnp.array([[1, 2], [3, 4]])
    compiled = jax.jit(lambda one, given: one(given))
    np.testing.assert_array_equal(compiled(layer, ids), layer(ids))
    np.testing.assert_array_equal(jax.vmap(layer)(ids), layer(ids))
    assert layer.logits(layer(ids)).shape == (2, 2, 64)


@pytest.mark.parametrize("dtype", [jnp.float32, jnp.float16, jnp.bfloat16])
def test_dtypes(dtype):
    layer = Embedding.initialised(jax.random.key(0), 6, 3, dtype=dtype)
    assert layer([1]).dtype == dtype
    assert bag(layer.table, [[1, 2]]).dtype == dtype


def test_from_vectors():
    model = SimpleNamespace(table=TABLE, index_to_key=[str(n) for n in range(10)])
    layer = Embedding.from_vectors(model, padding=True)
    assert layer.table.shape == (11, 4)
    assert layer.padding_row == 10


@pytest.mark.parametrize("mode", REDUCTIONS)
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("jitted", [False, True])
def test_bags_are_those_of_numpy_in_value_and_gradient(mode, weighted, jitted):
    ids, offsets = np.array([8, 3, 3, 0, 5, 8, 1]), np.array([0, 3, 3, 4])
    weights = np.linspace(0.5, 2, 7).astype(np.float32) if weighted else None
    bags = Bags.from_offsets(ids, offsets, row_count=10, weights=weights)
    reduction = REDUCTIONS[mode]
    expected = reduction.forward(TABLE, bags)
    towards = np.random.default_rng(1).normal(size=(4, 4)).astype(np.float32)

    def vectors(table, w, i, o):
        return bag(table, i, offsets=o, weights=w, mode=mode)

    function = jax.jit(vectors) if jitted else vectors
    arguments = TABLE, weights, jnp.asarray(ids), jnp.asarray(offsets)
    np.testing.assert_allclose(function(*arguments), expected, rtol=1e-5, atol=1e-6)
    gradient = jax.grad(lambda *a: (function(*a) * towards).sum())(*arguments)
    dense = reduction.backward(TABLE, bags, towards).to_dense()
    np.testing.assert_allclose(gradient, dense, rtol=1e-4, atol=1e-5)


def test_padded_and_masked_bags():
    ids = np.array([[1, 2, 0], [0, 0, 0]])
    mask = ids != 0
    for mode in REDUCTIONS:
        masked = bag(TABLE, ids, mask=mask, mode=mode)
        padded = bag(TABLE, ids, padding_row=0, mode=mode)
        np.testing.assert_array_equal(masked, padded)
        assert not np.asarray(masked)[1].any()
        assert np.isfinite(masked).all()


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"ids": [1, 2]}, r"bags must have the shape \(bags, length\), got \(2,\)"),
        ({"ids": [[1]], "offsets": [0]}, "ids with offsets must be flat"),
        ({"ids": [1], "offsets": [1]}, r"offsets\[0\] must be 0"),
        ({"ids": [[1]], "weights": jnp.ones(2)}, r"weights must have the shape of the ids, \(1, 1"),
        ({"ids": [[1]], "mode": "avg"}, "mode must be one of"),
    ],
)
def test_what_makes_no_bags_is_told(options, text):
    with pytest.raises(InputError, match=text):
        bag(TABLE, **options)


def test_a_device_that_is_not_waited_for_tells_later():
    check = DeferredCheck()
    check.check(jnp.array([[1, 12], [3, -4]]), 10)
    with pytest.raises(IdError, match=r"id 12 at position \(0, 1\) .*in an earlier batch"):
        check.raise_found(wait=True)
    check.check(jnp.array([1, 9]), 10)
    check.raise_found(wait=True)
    check.check(jnp.array([77]), 10)
    with pytest.raises(IdError, match="id 77"):
        check.raise_found(wait=True)
    raise_bad_ids()


@pytest.mark.skipif(jax.default_backend() == "cpu", reason="no graphics card")
def test_a_card_is_not_waited_for_and_reads_nan():
    layer = Embedding.initialised(jax.random.key(0), 10, 3)
    found = layer(jnp.array([1, 12]))
    assert jnp.isnan(found[1]).all()
    assert jnp.isfinite(found[0]).all()
    with pytest.raises(IdError, match=r"id 12 at position \(1\) .*in an earlier batch"):
        raise_bad_ids()
    assert jnp.isfinite(layer(jnp.array([1, 2]))).all()
    raise_bad_ids()
