"""Every model in the test data of gensim's wheel opens with gensim's numbers, or is refused."""

import gzip
import importlib.util
import warnings
from pathlib import Path

import numpy as np
import pytest

from symvec.errors import FormatError
from symvec.formats import load
from symvec.formats.pickle_opcodes import read_pickle
from symvec.text.ngram_hashing import fnv1a

_SPEC = importlib.util.find_spec("gensim")
pytestmark = pytest.mark.skipif(_SPEC is None, reason="gensim is not installed")
FOLDER = Path(_SPEC.origin).parent / "test" / "test_data" if _SPEC and _SPEC.origin else Path()

# How gensim 4.4 opens each file that it does open.
OPENED = {
    "word2vec": [
        *(f"old_w2v_models/w2v_{version}.mdl" for version in (
            "0.13.4", "1.0.0", "1.0.1", "2.0.0", "2.1.0", "2.2.0", "2.3.0", "3.0.0", "3.1.0",
            "3.2.0", "3.3.0", "3.4.0",
        )),
        "model-from-gensim-3.8.0.w2v", "word2vec_3.3", "word2vec_old", "word2vec_old_sep",
    ],
    "fasttext": ["compatible-hash-true.model"],
    "keyed vectors": ["old_keyedvectors_320.dat"],
    "poincare": ["poincare_test_3.4.0"],
    "facebook": [
        "crime-and-punishment.bin", "lee_fasttext.bin", "lee_fasttext_new.bin",
        "non_ascii_fasttext.bin", "toy-model.bin", "toy-model-pretrained.bin",
    ],
    "binary": ["euclidean_vectors.bin", "high_precision.kv.bin", "poincare_vectors.bin"],
    "text": [
        "EN.1-10.cbow1_wind5_hs0_neg10_size300_smpl1e-05.txt",
        "IT.1-10.cbow1_wind5_hs0_neg10_size300_smpl1e-05.txt", "crime-and-punishment.vec",
        "high_precision.kv.txt", "lee_fasttext.vec", "pang_lee_polarity_fasttext.vec",
        "toy-model.vec", "w2v_keyedvectors_load_test.modeldata", "word2vec_pre_kv_c",
    ],
    "headerless": ["test_glove.txt"],
}  # fmt: skip
# gensim 4.4 does not open these, or (cp852) only after it was told the encoding of the words.
OPENED_HERE_ALONE = {
    "cp852_fasttext.bin": (171, 2),
    "d2v-lee-v0.13.0": (1750, 10),
    "doc2vec_old": (3955, 100),
    "doc2vec_old_sep": (3955, 100),
    "fasttext_old": (12, 100),
    "fasttext_old_sep": (12, 100),
    "ft_kv_3.6.0.model.gz": (12, 3),
    "ft_model_2.3.0": (1763, 10),
    "large_tag_doc_10_iter50": (984, 100),
    "lee_fasttext": (1762, 10),
    "pang_lee_polarity_fasttext.bin": (1694, 100),
    "small_tag_doc_5_iter50": (475, 100),
    "w2v-lee-v0.12.0": (806, 100),
    **{f"old_d2v_models/d2v_0.12.{minor}.mdl": (3, 4) for minor in range(5)},
    **{f"old_d2v_models/d2v_0.13.{minor}.mdl": (3, 4) for minor in range(5)},
    **{f"old_d2v_models/d2v_1.0.{minor}.mdl": (3, 4) for minor in range(2)},
    **{f"old_d2v_models/d2v_2.{minor}.0.mdl": (3, 4) for minor in range(4)},
    **{f"old_d2v_models/d2v_3.{minor}.0.mdl": (3, 4) for minor in range(5)},
    **{f"old_w2v_models/w2v_0.12.{minor}.mdl": (3, 4) for minor in range(5)},
    **{f"old_w2v_models/w2v_0.13.{minor}.mdl": (3, 4) for minor in range(4)},
    **{f"word2vec_pre_kv_{name}": (9, 2) for name in ("py2", "py3", "py3_4")},
    **{f"word2vec_pre_kv_sep_{name}": (9, 2) for name in ("py2", "py3", "py3_4")},
}
REFUSED = {
    "DTM/ldaseq_3_0_1_model": "it names gensim.models.ldaseqmodel.LdaSeqModel",
    "atmodel_3_0_1_model": "it names gensim.models.atmodel.AuthorTopicModel",
    "ensemblelda": "it names gensim.models.ensemblelda.EnsembleLda",
    "lda_3_0_1_model": "it names gensim.models.ldamodel.LdaModel",
    "ldamodel_python_2_7": "it names gensim.models.ldamodel.LdaModel",
    "ldamodel_python_3_5": "it names gensim.models.ldamodel.LdaModel",
    "nmf_model": "it names gensim.models.nmf.Nmf",
    "phraser-3.6.0.model": "it names gensim.models.phrases.Phraser",
    "phrases-3.6.0.model": "it names gensim.models.phrases.Phrases",
    "pre_0_13_2_model": "it names gensim.models.ldamodel.LdaModel",
    "pretrained.vec": "line 1: it claims 3 words, but 1 follow",
    "tfidf_model.tst": "it names gensim.models.tfidfmodel.TfidfModel",
    "varembed_morfessor.bin": "it names morfessor.baseline.BaselineModel",
    "varembed_vectors.pkl": "of no known format",
}


def gensim_vectors(kind, path):
    from gensim import models

    text = str(path)
    match kind:
        case "word2vec":
            return models.Word2Vec.load(text).wv
        case "fasttext":
            return models.FastText.load(text).wv
        case "poincare":
            from gensim.models.poincare import PoincareModel

            return PoincareModel.load(text).kv
        case "facebook":
            return models.fasttext.load_facebook_vectors(text)
        case "keyed vectors":
            return models.KeyedVectors.load(text)
    return models.KeyedVectors.load_word2vec_format(
        text,
        binary=kind == "binary",
        no_header=kind == "headerless",
        unicode_errors="surrogateescape",
    )


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, names in OPENED.items() for name in names]
)
def test_the_numbers_are_gensims(kind, name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = gensim_vectors(kind, FOLDER / name)
        ours = load(FOLDER / name)
    assert ours.index_to_key == list(theirs.index_to_key)
    # fastText itself gives the end of a line no n-grams, gensim does.
    words = [word for word in ours.index_to_key if word != "</s>" or kind != "facebook"]
    matrix = np.stack([theirs[word] for word in words])
    assert np.allclose(ours[words], matrix, rtol=1e-5, atol=1e-6)
    if kind == "facebook":
        for word in ("unseenword", "другое", "xyz"):
            assert np.allclose(ours[word], theirs[word], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", OPENED_HERE_ALONE)
def test_models_that_gensim_opens_no_more(name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        vectors = load(FOLDER / name)
    assert (len(vectors), vectors.vector_size) == OPENED_HERE_ALONE[name]
    assert np.isfinite(vectors.word_matrix).all()
    assert vectors.most_similar(vectors.index_to_key[0])


@pytest.mark.parametrize("name", REFUSED)
def test_other_models_are_refused_with_the_reason(name):
    with pytest.raises(FormatError, match=r"nothing in it was run|known format|claims"):
        load(FOLDER / name)
    with pytest.raises(FormatError) as caught:
        load(FOLDER / name)
    assert REFUSED[name] in str(caught.value)


def stored(name):
    """What the file holds besides the words' vectors: their own rows."""
    content = (FOLDER / name).read_bytes()
    root = read_pickle(gzip.decompress(content) if name.endswith(".gz") else content, name)
    attributes = root.attributes()
    part = attributes.get("wv", root).attributes()
    return next(part[key].numbers for key in ("syn0_vocab", "vectors_vocab") if key in part)


@pytest.mark.parametrize("name", ["fasttext_old", "fasttext_old_sep", "ft_kv_3.6.0.model.gz"])
def test_ngrams_of_old_models_are_those_that_their_words_were_made_of(name):
    vectors, own = load(FOLDER / name), stored(name)
    for word_id, word in enumerate(vectors.index_to_key):
        rows = vectors.table[len(vectors) + np.array(vectors.rows.places.of(word))]
        whole = np.concatenate([own[word_id : word_id + 1], rows]).mean(axis=0)
        assert np.allclose(vectors[word], whole, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("name", ["fasttext_old", "ft_kv_3.6.0.model.gz", "lee_fasttext"])
def test_words_that_old_models_have_never_seen_are_the_mean_of_their_ngrams(name, tmp_path):
    vectors = load(FOLDER / name)
    assert vectors.rows.kind == (
        "words-or-stored-buckets" if name.startswith("ft_kv") else "words-or-ngrams"
    )
    word = "computerish"
    assert word not in vectors.key_to_index
    rows = len(vectors) + np.array(vectors.rows.places.of(word))
    assert np.allclose(vectors[word], vectors.table[rows].mean(axis=0), atol=1e-7)
    if name == "fasttext_old":  # the others are too small for the words to mean anything
        assert vectors.most_similar(word)[0][0] == "computer"
    vectors.save(tmp_path / "model.safetensors")
    again = load(tmp_path / "model.safetensors")
    assert again[word].tolist() == vectors[word].tolist()
    assert again.word_matrix.tobytes() == vectors.word_matrix.tobytes()


def test_the_ngrams_of_an_old_model_lie_where_fasttext_has_them():
    old, facebook = load(FOLDER / "lee_fasttext"), load(FOLDER / "lee_fasttext.bin")
    places = old.rows.places
    for ngram_id, ngram in enumerate(places.ngrams):
        theirs = facebook.table[len(facebook) + fnv1a(ngram.encode()) % facebook.rows.bucket]
        ours = old.table[len(old) + places.rows[ngram_id]]
        assert np.allclose(ours, theirs, rtol=1e-5, atol=1e-6), ngram


def test_a_claim_of_very_many_buckets_takes_no_memory(tmp_path):
    content = (FOLDER / "compatible-hash-true.model").read_bytes()
    place = content.index(b"Kd", content.index(b"bucket"))
    (tmp_path / "model").write_bytes(
        content[:place] + b"J\xff\xff\xff\x7f" + content[place + 2 :]  # 100 becomes 2^31 - 1
    )
    vectors = load(tmp_path / "model")
    assert vectors.rows.kind == "words-or-stored-buckets"
    assert vectors.rows.places.hashed.bucket == 2**31 - 1
    assert len(vectors.table) == 22 + 85
    usual = load(FOLDER / "compatible-hash-true.model")
    assert np.allclose(vectors.word_matrix, usual.word_matrix, rtol=1e-5, atol=1e-7)
