"""Make the files of this folder with the programs that they are to be compared with.

    pip install gensim==4.4.0 fasttext-wheel==0.9.2 floret==0.10.5 finalfusion==0.7.1
    python make.py

Each program writes its files and says, in ``expected.json``, which vector it has for which word.
"""

import json
from pathlib import Path

import fasttext
import finalfusion
import floret
import gensim
import numpy as np
from finalfusion.subword import FastTextIndexer, FinalfusionHashIndexer
from finalfusion.vocab import FastTextVocab, FinalfusionBucketVocab, SimpleVocab

FOLDER = Path(__file__).parent
TEXT = FOLDER / "text.txt"
SENTENCE = "the cat sat on the mat and the dog ran to the café 한국어 말 of green tea"
ASKED = ["the", "cat", "café", "한국어", "말"]
UNSEEN = ["cats", "한국", "ca"]
# with fewer than ten threads fastText leaves a part of its table zero
SMALL = {"minCount": 1, "epoch": 1, "thread": 10, "dim": 4, "bucket": 20, "minn": 2, "maxn": 3}
EXPECTED = {}


def expect(name, vector_of, words):
    EXPECTED[name] = {word: np.asarray(vector_of(word), np.float32).tolist() for word in words}


def make_gensim():
    sentences = [SENTENCE.split()] * 4
    settings = {"vector_size": 4, "min_count": 1, "epochs": 1, "workers": 1, "seed": 1}
    model = gensim.models.Word2Vec(sentences, **settings)
    model.save(str(FOLDER / "gensim-word2vec.model"))
    model.wv.save(str(FOLDER / "gensim-words.kv"))
    model.wv.save(str(FOLDER / "gensim-beside.kv"), separately=["vectors"], sep_limit=0)
    model.wv.save_word2vec_format(str(FOLDER / "gensim.txt"))
    model.wv.save_word2vec_format(str(FOLDER / "gensim.txt.gz"))
    model.wv.save_word2vec_format(str(FOLDER / "gensim-no-header.txt"), write_header=False)
    model.wv.save_word2vec_format(str(FOLDER / "gensim.bin"), binary=True)
    for name in (
        "gensim-word2vec.model", "gensim-words.kv", "gensim-beside.kv", "gensim.txt",
        "gensim.txt.gz", "gensim-no-header.txt", "gensim.bin",
    ):  # fmt: skip
        expect(name, model.wv.__getitem__, ASKED)
    model = gensim.models.FastText(sentences, bucket=20, min_n=2, max_n=3, **settings)
    model.save(str(FOLDER / "gensim-fasttext.model"))
    expect("gensim-fasttext.model", model.wv.__getitem__, ASKED + UNSEEN)
    gensim.models.fasttext.save_facebook_model(model, str(FOLDER / "gensim-fasttext.bin"))
    expect("gensim-fasttext.bin", model.wv.__getitem__, ASKED + UNSEEN)
    model = gensim.models.Doc2Vec(
        [gensim.models.doc2vec.TaggedDocument(words, [0]) for words in sentences], **settings
    )
    model.save(str(FOLDER / "gensim-doc2vec.model"))
    expect("gensim-doc2vec.model", model.wv.__getitem__, ASKED)


def make_fasttext():
    model = fasttext.train_unsupervised(str(TEXT), model="skipgram", **SMALL)
    model.save_model(str(FOLDER / "fasttext.bin"))
    expect("fasttext.bin", model.get_word_vector, ASKED + UNSEEN)
    plain = SMALL | {"maxn": 0, "minn": 0}
    model = fasttext.train_unsupervised(str(TEXT), model="cbow", **plain)
    model.save_model(str(FOLDER / "fasttext-words.bin"))
    expect("fasttext-words.bin", model.get_word_vector, ASKED)
    labelled = FOLDER / "labelled.txt"
    labelled.write_text("".join(f"__label__a {SENTENCE}\n" for _ in range(40)), encoding="utf-8")
    model = fasttext.train_supervised(str(labelled), **SMALL)
    model.save_model(str(FOLDER / "fasttext-labels.bin"))
    expect("fasttext-labels.bin", model.get_word_vector, ASKED + UNSEEN)
    # quantising needs 256 rows
    model = fasttext.train_supervised(str(labelled), **(SMALL | {"bucket": 300}))
    model.quantize(str(labelled), dsub=2)
    model.save_model(str(FOLDER / "fasttext.ftz"))
    labelled.unlink()


def make_floret():
    settings = SMALL | {"model": "cbow"}
    model = floret.train_unsupervised(str(TEXT), mode="floret", hashCount=2, **settings)
    model.save_model(str(FOLDER / "floret.bin"))
    model.save_floret_vectors(str(FOLDER / "floret.floret"))
    model.save_vectors(str(FOLDER / "floret.vec"))

    def hashed(word):
        # get_word_vector adds a row of the word's own, which .floret and spaCy do without
        rows = model.get_subwords(word)[1]
        return np.mean([model.get_input_vector(int(row)) for row in rows], axis=0)

    for name in ("floret.bin", "floret.floret"):
        expect(name, hashed, ASKED + UNSEEN)
    expect("floret.vec", model.get_word_vector, ASKED)
    model = floret.train_unsupervised(str(TEXT), mode="fasttext", **settings)
    model.save_model(str(FOLDER / "floret-fasttext.bin"))
    expect("floret-fasttext.bin", model.get_word_vector, ASKED + UNSEEN)


def make_finalfusion():
    random = np.random.default_rng(1)
    buckets = FinalfusionBucketVocab(ASKED, FinalfusionHashIndexer(4, 2, 3))
    for name, vocabulary in (
        ("finalfusion-words.fifu", SimpleVocab(ASKED)),
        ("finalfusion-fasttext.fifu", FastTextVocab(ASKED, FastTextIndexer(20, 2, 3))),
        ("finalfusion-buckets.fifu", buckets),
        ("finalfusion-listed.fifu", buckets.to_explicit()),
    ):
        table = random.standard_normal((vocabulary.upper_bound, 4)).astype(np.float32)
        norms = np.linalg.norm(table[: len(ASKED)], axis=1).astype(np.float32)
        table[: len(ASKED)] /= norms[:, None]
        embeddings = finalfusion.Embeddings(
            storage=finalfusion.storage.NdArray(table),
            vocab=vocabulary,
            norms=finalfusion.norms.Norms(norms),
        )
        embeddings.write(str(FOLDER / name))
        place = dict(zip(ASKED, norms, strict=True))
        expect(name, lambda word, e=embeddings, p=place: e[word] * p[word], ASKED)
        if name != "finalfusion-words.fifu":
            # finalfusion makes a unit vector of what the rows of an unseen word come to
            means = {word: table[vocabulary[word]].mean(axis=0) for word in UNSEEN}
            for word, mean in means.items():
                assert np.allclose(embeddings[word], mean / np.linalg.norm(mean), atol=1e-6)
            EXPECTED[name] |= {word: mean.tolist() for word, mean in means.items()}


TEXT.write_text((SENTENCE + "\n") * 20, encoding="utf-8")
make_gensim()
make_fasttext()
make_floret()
make_finalfusion()
TEXT.unlink()
(FOLDER / "expected.json").write_text(json.dumps(EXPECTED, ensure_ascii=False, indent=1) + "\n")
