import numpy as np
import pytest

import symvec
from symvec.errors import FormatError
from symvec.files import open_tensors, write_tensors
from symvec.formats.compressed import save_compressed
from symvec.vectors import Vectors
from symvec.vectors.compression import CODECS, decode, encode
from symvec.vocabulary import Vocabulary, WordRows

TABLE = np.random.default_rng(4).normal(size=(300, 8)).astype(np.float32)


def saved(path, codec):
    codes = encode(TABLE, codec)
    words = Vocabulary.from_words([f"wört{i}" for i in range(300)], range(300, 0, -1))
    vectors = Vectors(WordRows(words), decode(codes, codec), provenance={"made": "here"})
    save_compressed(vectors, codes, codec, path)
    return vectors


@pytest.mark.parametrize("codec", CODECS)
def test_a_file_gives_the_decoded_vectors(tmp_path, codec):
    path = tmp_path / "small.safetensors"
    vectors = saved(path, codec)
    found = symvec.load(path)
    assert found.table.tobytes() == vectors.table.tobytes()
    assert found.index_to_key == vectors.index_to_key
    assert found.provenance == {"made": "here"}
    assert found.most_similar("wört7", 3) == vectors.most_similar("wört7", 3)
    content = path.read_bytes()
    saved(path, codec)
    assert path.read_bytes() == content


@pytest.mark.parametrize("codec", CODECS)
def test_damage_is_told(tmp_path, codec):
    path = tmp_path / "small.safetensors"
    saved(path, codec)
    content = path.read_bytes()
    for place in range(9, len(content), len(content) // 60):
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with pytest.raises(FormatError):
            symvec.load(path)
    for length in range(1, len(content), len(content) // 40):
        path.write_bytes(content[:length])
        with pytest.raises(FormatError):
            symvec.load(path)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"symvec.codec": "zip"}, "codec 'zip', this symvec reads version 1"),
        ({"symvec.format": "symvec compressed vectors 2"}, "version 2"),
        ({"symvec.codec": "float16"}, "the codec float16 needs"),
    ],
)
def test_other_versions_and_codecs(tmp_path, change, reason):
    path = tmp_path / "small.safetensors"
    saved(path, "int8")
    file = open_tensors(path)
    metadata = {k: v for k, v in file.metadata.items() if "sha256" not in k}
    tensors = {name: np.array(array) for name, array in file.tensors.items()}
    write_tensors(path, tensors, {**metadata, **change})
    with pytest.raises(FormatError, match=reason):
        symvec.load(path)


def test_tables_of_other_sizes(tmp_path):
    path = tmp_path / "small.safetensors"
    saved(path, "int8")
    file = open_tensors(path)
    metadata = {k: v for k, v in file.metadata.items() if "sha256" not in k}
    tensors = {name: np.array(array) for name, array in file.tensors.items()}
    for change in ("table.codes", "table.scales"):
        write_tensors(path, {**tensors, change: tensors[change][:5]}, metadata)
        with pytest.raises(FormatError, match="its parts do not fit together"):
            symvec.load(path)
    write_tensors(path, {**tensors, "more": np.ones(2)}, metadata)
    with pytest.raises(FormatError, match="'more' that has no meaning"):
        symvec.load(path)


def test_outputs_are_left_out(tmp_path):
    words = WordRows(Vocabulary.from_words(["a", "b"]))
    table = np.eye(2, 8, dtype=np.float32)
    vectors = Vectors(words, table, outputs=table)
    save_compressed(vectors, encode(table, "float16"), "float16", tmp_path / "small")
    assert symvec.load(tmp_path / "small").outputs is None
