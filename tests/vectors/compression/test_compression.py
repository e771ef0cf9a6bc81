import numpy as np
import pytest

from symvec.errors import InputError
from symvec.vectors import Vectors
from symvec.vectors.compression import (
    CODECS,
    compression_loss,
    decode,
    encode,
    fewer_dimensions,
)
from symvec.vocabulary import Vocabulary, WordRows

RANDOM = np.random.default_rng(3)
TABLE = RANDOM.normal(size=(700, 12)).astype(np.float32) * RANDOM.uniform(0.1, 9, (700, 1)).astype(
    np.float32
)
TABLE[5] = 0
BOUNDS = {"float16": 1e-3, "int8": 1e-2, "pq": 0.35}


def model(table):
    return Vectors(WordRows(Vocabulary.from_words([f"w{i}" for i in range(len(table))])), table)


@pytest.mark.parametrize("codec", CODECS)
def test_codes_are_smaller_and_near(codec):
    codes = encode(TABLE, codec)
    found = decode(codes, codec)
    assert found.dtype == np.float32
    errors = np.linalg.norm(found - TABLE, axis=1) / np.maximum(np.linalg.norm(TABLE, axis=1), 1e-9)
    assert errors.mean() < BOUNDS[codec]
    assert found[5].tolist() == [0] * 12
    if codec != "pq":  # its codebooks are the larger part of so small a table
        assert sum(array.nbytes for array in codes.values()) < 0.6 * TABLE.nbytes
    else:
        np.testing.assert_allclose(
            np.linalg.norm(found, axis=1), np.linalg.norm(TABLE, axis=1), rtol=1e-5
        )
        assert codes["codes"].nbytes == 700 * 3
    kinds = {name: (array.dtype.str[1:], array.ndim) for name, array in codes.items()}
    assert kinds == dict(CODECS[codec].tensors)
    assert all((codes[name] == again).all() for name, again in encode(TABLE, codec).items())


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("shape", [(0, 4), (1, 1), (3, 5), (2, 8)])
def test_odd_shapes(codec, shape):
    table = RANDOM.normal(size=shape).astype(np.float32)
    assert decode(encode(table, codec), codec) == pytest.approx(table, abs=0.05)


def test_what_cannot_be_encoded():
    with pytest.raises(InputError, match=r"must be one of \('float16', 'int8', 'pq'\), got 'zip'"):
        encode(TABLE, "zip")
    with pytest.raises(InputError, match="holds NaN or infinity; clean it first"):
        encode(np.full((1, 4), np.nan, dtype=np.float32), "int8")
    with pytest.raises(InputError, match="float16 holds numbers up to 65504, the table has 70000"):
        encode(np.full((1, 4), 7e4, dtype=np.float32), "float16")


def test_arrays_that_do_not_fit():
    codes = dict(encode(TABLE, "int8"))
    with pytest.raises(InputError, match="700 rows of codes, but 3 scales"):
        decode({**codes, "scales": codes["scales"][:3]}, "int8")
    product = dict(encode(TABLE, "pq"))
    for name in product:
        with pytest.raises(InputError, match="do not fit codebooks"):
            decode({**product, name: product[name][:2]}, "pq")
    wide = {
        "codes": np.zeros((1, 1), dtype=np.uint8),
        "codebooks": np.zeros((1, 256, 33), dtype=np.float32),
        "lengths": np.ones(1, dtype=np.float32),
    }
    with pytest.raises(InputError, match="32 numbers at most, got 33"):
        decode(wide, "pq")


def test_fewer_dimensions_keep_what_there_is():
    flat = RANDOM.normal(size=(50, 3)) @ RANDOM.normal(size=(3, 9))
    vectors = model(flat.astype(np.float32))
    reduced = fewer_dimensions(vectors, 3)
    assert reduced.vector_size == 3
    loss = compression_loss(vectors, reduced)
    assert loss.neighbours_kept == 1
    assert loss.largest_cosine_error < 1e-5
    assert compression_loss(vectors, fewer_dimensions(vectors, 1)).neighbours_kept < 0.9
    assert reduced.provenance["dimensions_before"] == 9
    for number in (0, 10):
        with pytest.raises(InputError, match=f"dimensions must be from 1 to 9, got {number}"):
            fewer_dimensions(vectors, number)


def test_the_loss():
    vectors = model(TABLE)
    same = compression_loss(vectors, vectors)
    assert (same.neighbours_kept, same.largest_cosine_error, same.asked_words) == (1, 0, 300)
    other = model(RANDOM.permutation(TABLE))
    assert compression_loss(vectors, other).neighbours_kept < 0.2
    zero = model(np.zeros((3, 2), dtype=np.float32))
    with pytest.raises(InputError, match="no word whose vectors could be compared"):
        compression_loss(zero, zero)
