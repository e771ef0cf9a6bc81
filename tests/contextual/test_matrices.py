import numpy as np
import pytest

from elmo_case import SIZES, tiny_encoder
from symvec.contextual import Architecture, ContextualEncoder, Weights, matrices
from symvec.contextual.matrices import ExactMatrix, PanelMatrix, RoundedMatrix, bfloat16_matrix
from symvec.contextual.weights import shapes
from symvec.errors import InputError
from symvec.kernels import bfloat16_products

WIDE = Architecture(
    characters=261, character_size=4, filters=((1, 8), (2, 8)), highways=1, cell_size=64,
    projection_size=32,
)  # fmt: skip
SENTENCES = [["we", "sat", "on", "the", "bank"], ["the", "river"], [], ["배", "눈"]] * 40


def wide_encoder():
    random = np.random.default_rng(0)
    tensors = {name: random.normal(0, 0.2, shape).astype("f4") for name, shape in shapes(WIDE)}
    return ContextualEncoder(WIDE, Weights.from_tensors(tensors, WIDE))


def case(rows, inner, columns):
    random = np.random.default_rng(0)
    left = random.standard_normal((rows, inner), np.float32)
    return left, random.standard_normal((inner, columns), np.float32)


@pytest.mark.parametrize("shape", [(3, 4, 32), (8, 64, 64), (5, 3, 32), (5, 4, 33), (0, 4, 32)])
def test_numbers_are_rounded_and_their_sums_are_not(shape):
    left, weights = case(*shape)
    out = np.empty((len(left), weights.shape[1]), np.float32)
    found = bfloat16_matrix(weights).times(left, out)
    assert found is out
    near = [
        (each.view(np.uint32) + 0x8000 & 0xFFFF0000).view(np.float32) for each in (left, weights)
    ]
    np.testing.assert_allclose(found, near[0] @ near[1], atol=1e-5)
    assert not len(left) or np.abs(found - left @ weights).max() > 1e-4
    exact = ExactMatrix(weights)
    assert exact.shape == bfloat16_matrix(weights).shape == weights.shape
    np.testing.assert_array_equal(exact.times(left, np.empty_like(out)), left @ weights)


def test_the_instruction_is_used_where_it_is_and_fits(monkeypatch):
    weights = case(1, 4, 32)[1]
    monkeypatch.setattr(bfloat16_products, "multiplies_bfloat16", lambda: True)
    assert isinstance(bfloat16_matrix(weights), PanelMatrix)
    assert isinstance(bfloat16_matrix(weights[:3]), RoundedMatrix)
    assert isinstance(bfloat16_matrix(weights[:, :31]), RoundedMatrix)
    monkeypatch.setattr(bfloat16_products, "multiplies_bfloat16", lambda: False)
    assert isinstance(bfloat16_matrix(weights), RoundedMatrix)


@pytest.mark.parametrize("has_instruction", [True, False])
def test_bfloat16_encodes_nearly_the_same(monkeypatch, has_instruction):
    if has_instruction and not bfloat16_products.multiplies_bfloat16():
        pytest.skip("the processor multiplies no bfloat16, or nothing is compiled")
    monkeypatch.setattr(bfloat16_products, "multiplies_bfloat16", lambda: has_instruction)
    encoder = wide_encoder()
    near = encoder.with_precision("bfloat16")
    assert near.weights is encoder.weights
    kind = PanelMatrix if has_instruction else RoundedMatrix
    assert isinstance(near._cells[1][1].projection, kind)
    for exact, found in zip(encoder.encode(SENTENCES), near.encode(SENTENCES), strict=True):
        assert found.dtype == np.float32
        assert np.array_equal(found[0], exact[0])  # words by themselves stay exact
        np.testing.assert_allclose(found, exact, atol=0.03)
        if exact.size:
            assert np.abs(found - exact).max() > 1e-5


@pytest.mark.parametrize("encoder", [wide_encoder(), tiny_encoder(SIZES)], ids=["wide", "narrow"])
def test_in_bfloat16_too_a_sentences_bits_depend_on_nothing_else(encoder):
    near = encoder.with_precision("bfloat16")
    together = near.encode(SENTENCES)
    for n in (0, 1, 3):
        assert np.array_equal(near.encode([SENTENCES[n]])[0], together[n])
    assert np.array_equal(near.encode(SENTENCES[::-1])[-1], together[0])


def test_a_precision_that_there_is_not():
    with pytest.raises(InputError, match="precision must be 'float32' or 'bfloat16', got 'int8'"):
        tiny_encoder().with_precision("int8")


def test_what_is_saved_is_exact(tmp_path):
    encoder = wide_encoder()
    paths = [tmp_path / "a", tmp_path / "b"]
    for each, path in zip((encoder, encoder.with_precision("bfloat16")), paths, strict=True):
        each.save(path)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_layers_that_are_small_are_multiplied_by_one_thread():
    asked = []

    class Ranges:
        def __init__(self, *arguments):
            asked.append(arguments[2])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("symvec.kernels.row_threads.even_bounds", Ranges)
        matrices.PanelMatrix(np.zeros((2, 64), np.uint16), 1)
        matrices.PanelMatrix(np.zeros((2, 64), np.uint16), None)
    assert asked == [1, None]
