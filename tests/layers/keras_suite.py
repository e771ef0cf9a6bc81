"""What holds of the Keras layer on any backend; run by test_keras_layers.py."""

import inspect
from types import SimpleNamespace

import keras
import numpy as np
import pytest

from symvec.errors import IdError, InputError
from symvec.layers import keras as keras_layers
from symvec.layers.keras import Embedding

TABLE = np.random.default_rng(0).normal(size=(10, 4)).astype(np.float32)
IDS = np.array([[0, 2, 8], [8, 3, 9]])

PARENT = keras.layers.Embedding
# Keras 3.5, the earliest that the layers work with, has neither.
INT4 = pytest.mark.skipif(
    not hasattr(PARENT, "_int4_build"), reason="this Keras quantises no embedding to int4"
)
LORA_ALPHA = pytest.mark.skipif(
    "lora_alpha" not in inspect.signature(PARENT.__init__).parameters,
    reason="the embedding of this Keras has no lora_alpha",
)


def numbers(tensor):
    return keras.ops.convert_to_numpy(tensor)


def call_and_wait(call, *arguments, **options):
    call(*arguments, **options)
    keras_layers.raise_bad_ids()  # a graphics card tells later


def test_the_articles_shapes():
    layer = Embedding(input_dim=64, output_dim=100)
    assert tuple(layer(np.array([[3, 57, 35]])).shape) == (1, 3, 100)
    assert tuple(layer.embeddings.shape) == (64, 100)


@pytest.mark.parametrize("dtype", ["uint8", "int16", "int32", "int64"])
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0), (2, 3, 1)])
def test_ids_of_any_rank_and_integer_type(dtype, shape):
    layer = Embedding(10, 4, weights=[TABLE])
    out = layer(keras.ops.convert_to_tensor(np.ones(shape, dtype)))
    np.testing.assert_array_equal(numbers(out), TABLE[np.ones(shape, int)])


@pytest.mark.parametrize("size", [3.7, "3", None, True, 0, -1])
@pytest.mark.parametrize("name", ["input_dim", "output_dim"])
def test_sizes_that_are_no_sizes_are_told(size, name):
    sizes = {"input_dim": 3, "output_dim": 2, name: size}
    with pytest.raises(InputError, match=f"`{name}` must be a positive integer, got"):
        Embedding(**sizes)


@pytest.mark.parametrize(
    ("ids", "text"),
    [
        (np.array([[1, 12]]), r"id 12 at position \(0, 1\) is out of range: the table has 10"),
        (np.array([-1]), "negative ids do not count from the end"),
        (np.array([0.5]), "not differentiable with respect to its input"),
        (np.array([True]), "a mask is not a list of ids"),
    ],
)
def test_bad_ids_are_told_apart(ids, text):
    for given in (ids, keras.ops.convert_to_tensor(ids)):
        with pytest.raises(IdError, match=text):
            call_and_wait(Embedding(10, 4), given)


def test_it_cannot_follow_another_layer():
    hidden = keras.layers.Dense(3)(keras.Input((2,)))
    with pytest.raises(IdError, match="it cannot follow another layer: attach it to the ids"):
        Embedding(10, 4)(hidden)


def test_an_input_of_floats_may_hand_on_whole_numbers_only():
    inputs = keras.Input((2,))
    model = keras.Model(inputs, Embedding(10, 4, weights=[TABLE])(inputs))
    np.testing.assert_array_equal(numbers(model(np.array([[1, 2]]))), TABLE[[[1, 2]]])
    with pytest.raises(Exception, match="ids must be integers, got float32"):
        model(np.array([[1.5, 2.0]]))
    with pytest.raises(IdError, match=r"an input of floats cannot hold all 20000000 ids"):
        Embedding(20_000_000, 1)(keras.Input((2,)))


def test_missing_ids_by_name():
    zero = Embedding(10, 4, missing="zero", weights=[TABLE])
    out = numbers(zero(np.array([1, 99, -5])))
    np.testing.assert_array_equal(out, [TABLE[1], TABLE[0] * 0, TABLE[0] * 0])
    row = Embedding(10, 4, missing="row", unknown_row=7, weights=[TABLE])
    np.testing.assert_array_equal(numbers(row(np.array([99, 3]))), TABLE[[7, 3]])
    with pytest.raises(InputError, match="missing='row' needs unknown_row"):
        Embedding(10, 4, missing="row")


def test_masks():
    assert Embedding(10, 4).compute_mask(IDS) is None
    masked = Embedding(10, 4, mask_zero=True)
    assert numbers(masked.compute_mask(IDS)).tolist() == (IDS != 0).tolist()
    other = Embedding(10, 4, padding_row=8)
    assert numbers(other.compute_mask(IDS)).tolist() == (IDS != 8).tolist()
    with pytest.raises(InputError, match="mask_zero means padding_row=0"):
        Embedding(10, 4, mask_zero=True, padding_row=3)
    with pytest.raises(InputError, match="padding_row must be 0 to 9, got 10"):
        Embedding(10, 4, padding_row=10)


def test_a_mask_reaches_the_next_layer():
    inputs = keras.Input((3,), dtype="int32")
    hidden = Embedding(10, 4, mask_zero=True, weights=[TABLE])(inputs)
    model = keras.Model(inputs, keras.layers.GlobalAveragePooling1D()(hidden))
    out = numbers(model(np.array([[0, 2, 8]])))
    np.testing.assert_allclose(out[0], TABLE[[2, 8]].mean(axis=0), rtol=1e-5)


def test_it_trains_and_padding_stays():
    inputs = keras.Input((3,), dtype="int32")
    layer = Embedding(10, 4, padding_row=8)
    outputs = keras.layers.Dense(1)(keras.layers.Flatten()(layer(inputs)))
    model = keras.Model(inputs, outputs)
    before = numbers(layer.embeddings).copy()
    model.compile("sgd", "mse")
    model.fit(IDS, np.array([[1.0], [2.0]]), epochs=3, verbose=0)
    moved = (numbers(layer.embeddings) != before).any(axis=1)
    assert moved.tolist() == [True, False, True, True, False, False, False, False, False, True]
    assert model.predict(IDS, verbose=0).shape == (2, 1)


def test_a_sequential_model_hands_ids_on_as_integers():
    model = keras.Sequential([Embedding(10, 4, weights=[TABLE])])
    np.testing.assert_array_equal(numbers(model(IDS)), TABLE[IDS])
    np.testing.assert_array_equal(model.predict(IDS, verbose=0), TABLE[IDS])


def test_a_bad_id_in_a_compiled_model_is_told():
    inputs = keras.Input((1,), dtype="int32")
    model = keras.Model(inputs, Embedding(10, 4)(inputs))
    with pytest.raises(Exception, match="id 12 at position"):
        call_and_wait(model.predict, np.array([[12]]), verbose=0)


class Block(keras.layers.Layer):
    def __init__(self, **options):
        super().__init__()
        self.embedding = Embedding(10, 4, weights=[TABLE], **options)

    def call(self, ids):
        return self.embedding(ids)


def test_within_another_layer_it_takes_ids_from_an_input_of_floats():
    inputs = keras.Input((3,))  # float32, as an Input is when nothing is said
    model = keras.Model(inputs, Block()(inputs))
    np.testing.assert_array_equal(model.predict(IDS, verbose=0), TABLE[IDS])
    trained = keras.Sequential([Block(mask_zero=True), keras.layers.GlobalAveragePooling1D()])
    trained.compile("sgd", "mse")
    trained.fit(IDS, np.zeros((2, 4)), verbose=0)
    for bad in (np.array([[1.0, 1.5, 2.0]]), np.array([[1.0, 12.0, 2.0]])):
        with pytest.raises(Exception, match=r"ids must be integers|id 12 at position"):
            call_and_wait(Block(), keras.ops.convert_to_tensor(bad))


def test_floats_that_are_given_to_it_alone_are_refused_even_if_they_are_whole():
    for layer in (Embedding(10, 4), Embedding(10, 4)):
        with pytest.raises(IdError, match="attach it to the ids directly"):
            layer(keras.ops.convert_to_tensor([1.0, 2.0]))


def test_floats_that_cannot_hold_all_ids_are_refused():
    big = Embedding(1 << 12, 1)
    with pytest.raises(IdError, match="cannot hold all 4096 ids as float16; give it an integer"):
        big(keras.Input((3,), dtype="float16"))


def test_config_and_file_round_trip(tmp_path):
    layer = Embedding(
        10,
        4,
        "glorot_uniform",
        embeddings_regularizer="l2",
        embeddings_constraint="non_neg",
        padding_row=3,
        missing="row",
        unknown_row=5,
        name="words",
    )
    again = Embedding.from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    inputs = keras.Input((None,), dtype="int32")
    model = keras.Model(inputs, layer(inputs))
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(numbers(loaded(IDS)), numbers(model(IDS)))
    assert loaded.get_layer("words").padding_row == 3


def test_reversed_it_projects_onto_the_table():
    layer = Embedding(10, 4, weights=[TABLE])
    hidden = layer(IDS)
    logits = layer(hidden, reverse=True)
    np.testing.assert_allclose(numbers(logits), TABLE[IDS] @ TABLE.T, rtol=1e-5, atol=1e-5)
    np.testing.assert_array_equal(numbers(layer.logits(hidden)), numbers(logits))
    symbolic = layer(keras.Input((3, 4)), reverse=True)
    assert symbolic.shape == (None, 3, 10)


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16", "float16", "bfloat16"])
def test_precision_follows_the_policy(policy):
    layer = Embedding(10, 4, dtype=policy)
    out = layer(IDS)
    expected = policy.removeprefix("mixed_")
    assert keras.backend.standardize_dtype(out.dtype) == expected
    variable = "float32" if policy.startswith("mixed") else policy
    assert layer.embeddings.dtype == variable


def test_from_vectors():
    model = SimpleNamespace(table=TABLE, index_to_key=[str(n) for n in range(10)])
    layer = Embedding.from_vectors(model, padding=True, unknown=True)
    assert (layer.input_dim, layer.padding_row, layer.unknown_row) == (12, 10, 11)
    assert not layer.trainable
    out = numbers(layer(np.array([4, 99])))
    np.testing.assert_array_equal(out[0], TABLE[4])
    np.testing.assert_allclose(out[1], TABLE.mean(axis=0), rtol=1e-5)


@pytest.mark.skipif(keras.backend.backend() == "numpy", reason="this backend trains nothing")
def test_low_rank_and_quantised_tables_are_those_of_keras():
    layer = Embedding(10, 4, weights=TABLE)
    assert isinstance(layer, keras.layers.Embedding)
    layer.enable_lora(2)
    assert len(layer.trainable_weights) == 2
    layer.lora_embeddings_b.assign(np.ones((2, 4)))
    added = numbers(layer.lora_embeddings_a) @ np.ones((2, 4))
    np.testing.assert_allclose(numbers(layer(IDS)), (TABLE + added)[IDS], rtol=1e-5, atol=1e-5)
    coarse = Embedding(10, 4, weights=TABLE)
    coarse.quantize("int8")
    assert "int8" in str(coarse._embeddings.dtype)
    np.testing.assert_allclose(numbers(coarse(IDS)), TABLE[IDS], atol=0.03)


@pytest.mark.parametrize("mode", ["int8", pytest.param("int4", marks=INT4)])
def test_a_quantised_table_checks_ids_and_projects_what_it_reads(mode):
    layer = Embedding(10, 4, weights=TABLE, missing="zero", padding_row=2)
    strict = Embedding(10, 4, weights=TABLE)
    for each in (layer, strict):
        each.quantize(mode)
    rows = numbers(layer(np.arange(10)))
    np.testing.assert_allclose(rows, TABLE, atol=0.25 if mode == "int4" else 0.03)
    assert not numbers(layer(np.array([99, -1]))).any()
    with pytest.raises(IdError, match=r"id 12 at position \(0\) is out of range"):
        call_and_wait(strict, np.array([12]))
    logits = numbers(layer(TABLE[:3], reverse=True))
    np.testing.assert_allclose(logits, TABLE[:3] @ rows.T, rtol=1e-5, atol=1e-5)


def test_a_derived_layer_is_quantised_only_if_it_says_so():
    class Derived(Embedding):
        pass

    layer = Derived(10, 4, weights=TABLE)
    with pytest.raises(NotImplementedError):
        layer.quantize("int8")
    layer.quantize("int8", type_check=False)


@LORA_ALPHA
def test_kerass_order_of_arguments():
    layer = Embedding(10, 4, "uniform", None, None, True, TABLE, 2, 3)
    assert (layer.padding_row, layer.lora_rank, layer.lora_alpha) == (0, 2, 3)
    assert len(layer.trainable_weights) == 2
    assert keras_layers.Embedding.from_config(layer.get_config()).lora_alpha == 3


def test_weights_that_are_no_table_are_told():
    with pytest.raises(InputError, match=r"shape \(10, 4\), got \(4, 10\)"):
        Embedding(10, 4, weights=TABLE.T)
    with pytest.raises(InputError, match="a table of floats: make the layer with a dtype of"):
        Embedding(10, 4, weights=TABLE, dtype="int8_from_float32")


def test_a_reversed_call_hands_on_no_mask():
    layer = Embedding(10, 4, mask_zero=True)
    assert layer.compute_mask(np.ones((2, 4), "float32")) is None


@pytest.mark.skipif(keras.backend.backend() != "jax", reason="sparse tensors of JAX")
def test_what_a_sparse_tensor_leaves_out_is_id_0():
    from jax.experimental.sparse import BCOO

    ids = BCOO((np.array([2, 1]), np.array([[0, 0], [1, 2]])), shape=(2, 3))
    layer = Embedding(10, 4, weights=TABLE)
    np.testing.assert_array_equal(numbers(layer(ids)), TABLE[[[2, 0, 0], [0, 0, 1]]])
    with pytest.raises(IdError, match=r"id 2 at position \(0, 0\)"):
        Embedding(2, 4)(ids)


@pytest.fixture
def reversible():
    if not hasattr(keras_layers, "ReversibleEmbedding"):
        pytest.skip("this Keras has no ReversibleEmbedding")
    return keras_layers.ReversibleEmbedding


@pytest.mark.parametrize("tied", [True, False])
def test_the_reversible_layer_projects_with_its_table_or_another(reversible, tied, tmp_path):
    layer = reversible(10, 4, tied, padding_row=3, logit_soft_cap=5.0)
    logits = numbers(layer(layer(IDS), reverse=True))
    kernel = numbers(layer.embeddings).T if tied else numbers(layer.reverse_embeddings)
    expected = numbers(layer(IDS)) @ kernel
    np.testing.assert_allclose(logits, 5 * np.tanh(expected / 5), rtol=1e-4, atol=1e-5)
    assert len(layer.weights) == (1 if tied else 2)
    inputs = keras.Input((None,), dtype="int32")
    model = keras.Model(inputs, layer(layer(inputs), reverse=True))
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(numbers(loaded(IDS)), numbers(model(IDS)), rtol=1e-5)
    assert loaded.get_layer(layer.name).padding_row == 3


def test_the_reversible_layer_checks_masks_and_quantises(reversible):
    layer = reversible(10, 4, mask_zero=True, reverse_dtype="float32", weights=TABLE)
    assert numbers(layer.compute_mask(IDS)).tolist() == (IDS != 0).tolist()
    assert layer.compute_mask(TABLE) is None
    for _ in range(2):
        with pytest.raises(IdError, match="id 12 at position"):
            call_and_wait(layer, np.array([12]))
        with pytest.raises(IdError, match="not differentiable"):
            layer(keras.layers.Dense(3)(keras.Input((2,))))
        if layer.quantization_mode is None:
            layer.quantize("int8")
    np.testing.assert_allclose(numbers(layer(IDS)), TABLE[IDS], atol=0.03)
    logits = numbers(layer(TABLE[:2], reverse=True))
    np.testing.assert_allclose(logits, TABLE[:2] @ TABLE.T, atol=0.1)
    with pytest.raises(InputError, match="`output_dim` must be a positive integer, got 0"):
        reversible(10, 0)
