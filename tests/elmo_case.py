"""A small ELMo of random numbers, and a twin of it that reads like the paper."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from symvec.contextual import Architecture, ContextualEncoder, Weights
from symvec.contextual.characters import ByteCharacters, Characters
from symvec.contextual.weights import shapes

SIZES = Architecture(
    characters=261, character_size=3, most_characters=9, filters=((1, 2), (2, 4), (3, 5)),
    highways=2, layers=2, cell_size=7, projection_size=6, cell_clip=0.9, projection_clip=0.3,
)  # fmt: skip


def tiny_encoder(
    architecture: Architecture = SIZES, seed: int = 0, characters: Characters | None = None
) -> ContextualEncoder:
    random = np.random.default_rng(seed)
    tensors = {
        name: random.normal(0, 0.4, shape).astype(np.float32)
        for name, shape in shapes(architecture)
    }
    weights = Weights.from_tensors(tensors, architecture)
    return ContextualEncoder(architecture, weights, characters or ByteCharacters())


def encoder_reading(characters: Characters, architecture: Architecture) -> ContextualEncoder:
    """Return a random encoder whose words are read as ``characters`` say."""
    sizes = replace(architecture, characters=characters.count)
    return tiny_encoder(sizes, characters=characters)


def twin(encoder: ContextualEncoder, sentence: list[str]) -> np.ndarray:
    """Return (layers + 1, tokens, D) in float64, one word and one step at a time."""
    sizes = encoder.architecture
    ids = np.concatenate(
        [
            encoder.characters.sentence_marks(sizes.most_characters)[:1],
            encoder.characters.ids(sentence, sizes.most_characters),
            encoder.characters.sentence_marks(sizes.most_characters)[1:],
        ]
    )
    words = np.array([_word(encoder, row) for row in ids])
    layers = [[words, words]] + [[None, None] for _ in range(sizes.layers)]
    for half, cells in enumerate(encoder.weights.cells):
        inputs = words[::-1] if half else words
        for n, cell in enumerate(cells):
            h, c = np.zeros(sizes.projection_size), np.zeros(sizes.cell_size)
            outputs = []
            for x in inputs:
                i, j, f, o = np.split(np.r_[x, h] @ cell.kernel + cell.bias, 4)
                c = _sigmoid(f + 1) * c + _sigmoid(i) * np.tanh(j)
                c = np.clip(c, -sizes.cell_clip, sizes.cell_clip)
                h = (_sigmoid(o) * np.tanh(c)) @ cell.projection
                h = np.clip(h, -sizes.projection_clip, sizes.projection_clip)
                outputs.append(h + x if n > 0 and sizes.skip_connections else h)
            inputs = np.array(outputs)
            layers[n + 1][half] = inputs[::-1] if half else inputs
    return np.array([np.concatenate(pair, axis=1) for pair in layers])[:, 1:-1]


def _word(encoder: ContextualEncoder, ids: np.ndarray) -> np.ndarray:
    weights = encoder.weights
    table = weights.characters.astype(np.float64)[ids]
    found = []
    for filters, bias in zip(weights.filters, weights.filter_biases, strict=True):
        width = len(filters)
        scores = [
            np.einsum("wc,wcn->n", table[at : at + width], filters)
            for at in range(len(table) - width + 1)
        ]
        found.append(np.max(scores, axis=0) + bias)
    x = np.concatenate(found)
    x = np.maximum(x, 0) if encoder.architecture.activation == "relu" else np.tanh(x)
    for highway in weights.highways:
        gate = _sigmoid(x @ highway.carry + highway.carry_bias)
        other = np.maximum(x @ highway.transform + highway.transform_bias, 0)
        x = gate * other + (1 - gate) * x
    return x @ weights.projection + weights.projection_bias


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))
