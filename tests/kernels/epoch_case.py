"""Small corpora, and their epochs in threads and by the twin."""

from dataclasses import replace
from functools import partial

import numpy as np

from symvec.arrays import RaggedRows
from symvec.kernels.blocks import Tables, Text
from symvec.kernels.reference import hierarchical
from symvec.kernels.reference import rounds as twin
from symvec.kernels.reference.cbow import train_cbow_tile
from symvec.kernels.reference.skipgram import train_skipgram_tile
from symvec.kernels.rounds import Schedule
from symvec.training import memory
from symvec.training.epochs import Course, Watchers, train_epochs
from symvec.training.plan import plan
from symvec.training.settings import Word2VecSettings
from symvec.vocabulary.corpus import EncodedCorpus


def random_corpus(seed, *, sentences=60, longest=30, words=50):
    """Return a corpus whose words are as unevenly frequent as in a language, and their counts."""
    random = np.random.default_rng(seed)
    ids = []
    for length in random.integers(1, longest + 1, sentences):
        ids += [*np.minimum(random.zipf(1.3, length) - 1, words - 1), -1]
    ids = np.array(ids, np.int32)
    counts = np.maximum(np.bincount(ids[ids >= 0], minlength=words), 1)
    return EncodedCorpus(ids, int((ids >= 0).sum()), sentences), counts


def plan_blocks(settings, counts, corpus, block_tokens=None, weighted=0, rows=None):
    """Return the plan, with blocks of a given number of tokens."""
    planned = plan(settings, counts, corpus, weighted, rows)
    return planned if block_tokens is None else replace(planned, block_tokens=block_tokens)


def start_tables(counts, settings, rows=None, row_count=None, places=0):
    """Return tables whose outputs are not zero either, so that all of a change shows."""
    rows = rows or RaggedRows.single(np.arange(len(counts)))
    tables = memory.tables(rows, row_count or len(counts), settings, places)
    random = np.random.default_rng(0)
    for table in (tables.inputs, tables.outputs, tables.places):
        shape = len(table), settings.vector_size
        table[:, : settings.vector_size] = random.normal(0, 0.2, shape)
    return tables


def train_in_threads(
    corpus, planned, settings, tables, threads=1, on_rounds=lambda *_: None, frozen=None
):
    """Train all epochs in place; return their results."""
    course = Course(tables, corpus, planned, settings, frozen=frozen)
    return list(train_epochs(course, threads, Watchers(on_rounds)).results)


def train_twin(corpus, planned, settings, tables, frozen=None):
    """Return what `train_in_threads` does, and the tables, in float64."""
    trained = tables._replace(
        inputs=tables.inputs.astype(np.float64),
        outputs=tables.outputs.astype(np.float64),
        places=tables.places.astype(np.float64),
    )
    text = Text(corpus.ids, planned.keep_thresholds, planned.objective, planned.shares)
    train_block = _twin_of_blocks(settings)
    results = []
    for epoch in range(settings.epochs):
        schedule = Schedule(
            planned.bounds,
            0,
            settings.seed,
            epoch,
            settings.epochs,
            settings.learning_rate,
            float(settings.min_alpha),
        )
        drawn = twin.draw_epoch(text, planned.shape, schedule, planned.weighted)
        touches = memory.touches(len(tables.inputs), planned, frozen)
        results.append(twin.train_epoch(trained, drawn, train_block, touches))
    return results, trained


def _twin_of_blocks(settings):
    whole = settings.cbow_update == "word2vec"
    by_window = {
        ("negative-sampling", "skipgram"): train_skipgram_tile,
        ("negative-sampling", "cbow"): partial(train_cbow_tile, whole_changes=whole),
        ("hierarchical-softmax", "skipgram"): hierarchical.train_skipgram_tile,
        ("hierarchical-softmax", "cbow"): partial(
            hierarchical.train_cbow_tile, whole_changes=whole
        ),
    }
    train_block = {
        "negative-sampling": twin.train_block,
        "hierarchical-softmax": hierarchical.train_block,
    }
    train_tile = by_window[settings.objective, settings.algorithm]
    return partial(train_block[settings.objective], train_tile=train_tile)


def copied(tables):
    """Return tables that may be trained while the others stay."""
    trained = tables.inputs, tables.outputs, tables.places
    copies = [memory.matrix(*table.shape) for table in trained]
    for copy, table in zip(copies, trained, strict=True):
        copy[:] = table
    return Tables(*copies, tables.row_ids, tables.row_offsets)


def small_settings(**settings):
    """Return settings that a tiny corpus can be trained with."""
    return Word2VecSettings(
        **{"vector_size": 8, "window": 3, "epochs": 2, "sample": 0.05} | settings
    )
