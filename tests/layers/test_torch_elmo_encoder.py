import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from elmo_case import SIZES, encoder_reading, tiny_encoder

torch = pytest.importorskip("torch", reason="the extra torch is not installed")

from symvec.contextual import Weights, learn_characters  # noqa: E402
from symvec.errors import InputError  # noqa: E402
from symvec.layers.torch import ElmoEncoder, ScalarMix  # noqa: E402

PUBLISHED = Path(__file__).parents[3] / "shared/data/elmo/allennlp"
SENTENCES = [["We", "sat", "on", "the", "bank"], [], ["배", "", "x" * 60, "\udcff"], ["the"]]


@pytest.mark.parametrize(
    "sizes",
    [
        SIZES,
        replace(SIZES, skip_connections=False, activation="tanh", highways=0),
        replace(SIZES, layers=3, cell_clip=None, projection_clip=None),
    ],
)
def test_the_numbers_are_those_of_numpy(sizes):
    elmo = tiny_encoder(sizes)
    found = ElmoEncoder(elmo)(SENTENCES)
    assert found.layers.shape == (sizes.layers + 1, 4, 5, 2 * sizes.projection_size)
    assert found.mask.sum(dim=1).tolist() == [5, 0, 4, 1]
    for n, expected in enumerate(elmo.encode(SENTENCES)):
        length = expected.shape[1]
        np.testing.assert_allclose(found.layers[:, n, :length].numpy(), expected, atol=3e-6)
        assert not found.layers[:, n, length:].any()


def test_words_are_read_as_the_file_says():
    elmo = encoder_reading(learn_characters("jamo", []), SIZES)
    found = ElmoEncoder(elmo)([["배", "눈", "a"]])
    np.testing.assert_allclose(
        found.layers[:, 0].numpy(), elmo.encode([["배", "눈", "a"]])[0], atol=3e-6
    )


def test_the_state_can_be_carried_on():
    elmo, encoder = tiny_encoder(), ElmoEncoder(tiny_encoder())
    rows = [["a", "b"], ["c"]], [["d"], ["e", "f", "g"]]
    expected = elmo.encode([*rows[0], *rows[1]], state="carry", batch_size=2)
    first = encoder(rows[0])
    second = encoder(rows[1], first.states)
    for output, some in ((first, expected[:2]), (second, expected[2:])):
        for n, vectors in enumerate(some):
            np.testing.assert_allclose(
                output.layers[:, n, : vectors.shape[1]].numpy(), vectors, atol=3e-6
            )
    assert not np.allclose(encoder(rows[1]).layers[1:], second.layers[1:], atol=1e-4)


def test_it_is_frozen_unless_it_is_to_learn():
    assert not any(p.requires_grad for p in ElmoEncoder(tiny_encoder()).parameters())
    elmo = tiny_encoder()
    before = {name: array.copy() for name, array in elmo.weights.to_tensors().items()}
    encoder, mix = ElmoEncoder(elmo, trainable=True), ScalarMix(3)
    optimiser = torch.optim.Adam([*encoder.parameters(), *mix.parameters()], lr=0.01)
    losses = []
    for _ in range(20):
        optimiser.zero_grad()
        found = encoder(SENTENCES)
        loss = (mix(found.layers, found.mask)[0, 4] - 1).square().mean()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < 0.5 * losses[0]
    for name, array in elmo.weights.to_tensors().items():
        assert np.array_equal(array, before[name])  # the ELMo itself is unchanged
    after = Weights.from_tensors(encoder.to_tensors(), elmo.architecture)
    trained = replace(elmo, weights=after).encode(SENTENCES)[0]
    np.testing.assert_allclose(trained, encoder(SENTENCES).layers[:, 0].detach(), atol=3e-6)


def test_every_number_gets_a_gradient():
    encoder = ElmoEncoder(
        tiny_encoder(replace(SIZES, cell_clip=None, projection_clip=None)), trainable=True
    )
    encoder(SENTENCES).layers.square().sum().backward()
    for name, parameter in encoder.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.abs().sum() > 0, name


def test_no_sentences_and_what_are_none():
    encoder = ElmoEncoder(tiny_encoder())
    assert encoder([]).layers.shape == (3, 0, 0, 12)
    assert encoder([[]]).layers.shape == (3, 1, 0, 12)
    with pytest.raises(InputError, match=r"sentence 1 must be a list of words, got 'a b'; split"):
        encoder([["a"], "a b"])
    with pytest.raises(InputError, match=r"a word must be text, got 3"):
        encoder([[3]])


@pytest.mark.skipif(not PUBLISHED.is_dir(), reason="AllenNLP's fixture is not on this machine")
def test_allennlps_outputs_are_reproduced():
    h5py = pytest.importorskip("h5py", reason="the extra elmo (h5py) is not installed")
    from symvec.formats.allennlp import open_published_elmo

    encoder = ElmoEncoder(open_published_elmo(PUBLISHED))
    lists = json.loads((PUBLISHED / "sentences.json").read_text())
    states = None
    for b in range(10):
        output = encoder([sentences[b].split() for sentences in lists], states)
        states = output.states
        for k in range(3):
            with h5py.File(PUBLISHED / f"lm_embeddings_{k}.hdf5") as file:
                expected = np.concatenate(list(file[str(b)]), axis=-1)
            found = output.layers[-1, k][output.mask[k]].numpy()
            np.testing.assert_allclose(found, expected, atol=5e-6)
