"""ELMo's network on a graphics card: what it computes, and how it meets little memory."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the extra torch is not installed")
if not torch.cuda.is_available():
    pytest.skip("there is no graphics card", allow_module_level=True)
import symvec  # noqa: E402
from symvec.contextual.characters import ByteCharacters  # noqa: E402
from symvec.errors import InterruptedTraining  # noqa: E402
from symvec.layers.torch import ElmoEncoder  # noqa: E402
from symvec.layers.torch.elmo import IGNORED, BatchArrays, Device, Learner  # noqa: E402
from symvec.training.elmo.sizes import SIZES  # noqa: E402

TINY = SIZES["tiny"].architecture(ByteCharacters.count)
CLASSES = 3000
DEVICES = {
    "cpu": Device("cpu", False),
    "card": Device("cuda", False),
    "halves": Device("cuda", True),
}


def batch(words=400, sentences=32, seed=0):
    random = np.random.default_rng(seed)
    names = ["".join(chr(97 + n) for n in random.integers(0, 26, 6)) for _ in range(words)]
    characters = ByteCharacters()
    table = np.concatenate([characters.sentence_marks(50), characters.ids(names, 50)])
    lengths = np.sort(random.integers(3, 20, sentences))
    inside = np.arange(lengths.max())[:, None] < lengths
    places = np.where(inside, random.integers(2, words + 2, inside.shape), 0)
    classes = np.where(inside, random.zipf(1.3, inside.shape) % CLASSES, IGNORED)
    return BatchArrays(table.astype(np.int32), places, lengths, classes)


def learner(device, **more):
    return Learner(TINY, np.full(CLASSES, 1 / CLASSES, np.float32), 0.0, 1, DEVICES[device], **more)


def gradients(device):
    pupil = learner(device)
    losses = pupil.step(batch(), 0.0, 0)
    named = pupil.models.named_parameters()
    return losses, {name: weight.grad.double().cpu() for name, weight in named}


@pytest.mark.parametrize(("device", "allowed"), [("card", 1e-3), ("halves", 0.06)])
def test_losses_and_gradients_are_those_of_the_processor(device, allowed):
    (expected, wanted), (losses, found) = gradients("cpu"), gradients(device)
    np.testing.assert_allclose(losses, expected, rtol=allowed)
    np.testing.assert_allclose(learner(device).losses(batch()), expected, rtol=allowed)
    for name, grad in wanted.items():
        distance = (found[name] - grad).norm() / grad.norm().clamp(min=1e-6)
        assert distance < allowed, name


def test_halves_learn_as_much():
    after = []
    for device in ("cpu", "halves"):
        pupil = learner(device)
        for number in range(40):
            pupil.step(batch(seed=number % 4), 2e-3, number)
        after.append(sum(pupil.losses(batch(seed=1))))
    assert after[1] == pytest.approx(after[0], rel=0.05)


def test_little_memory_is_answered_by_parts():
    whole, told = learner("card"), []
    expected = whole.step(batch(sentences=512), 0.01, 0)
    torch.cuda.empty_cache()
    pupil = learner("card", on_shortage=told.append)
    compute, asked = pupil.models.forward, []

    def short(part, *more):
        asked.append(len(part.arrays.lengths))
        if asked[-1] > 200:  # far more than the card has
            torch.empty(1 << 42, dtype=torch.uint8, device="cuda")
        return compute(part, *more)

    pupil.models.forward = short
    np.testing.assert_allclose(pupil.step(batch(sentences=512), 0.01, 0), expected, rtol=1e-4)
    assert told == [2, 4]


def test_the_command_trains_on_the_card_and_goes_on(tmp_path):
    text = tmp_path / "text.txt"
    random = np.random.default_rng(1)
    words = ["tea", "coffee", "bank", "river", "money", "sat", "we", "the", "on", "of"]
    lines = [" ".join(random.choice(words, 12)) for _ in range(2000)]
    text.write_text("\n".join(lines) + "\n")
    settings = {"algorithm": "elmo", "device": "cuda", "batch_words": 2048, "seed": 3}
    whole = symvec.train(text, epochs=2, **settings)
    assert whole.provenance["device"] == "cuda, bfloat16"
    assert whole.provenance["perplexity"]["forward"] < 12

    left = [6]

    def stop(progress):
        left[0] -= progress.stage == "training"
        if left[0] <= 0:
            raise KeyboardInterrupt

    place = tmp_path / "state"
    with pytest.raises(InterruptedTraining):
        symvec.train(text, epochs=2, checkpoint=place, progress=stop, **settings)
    again = symvec.train(text, epochs=2, checkpoint=place, resume=True, **settings)
    for name, array in whole.weights.to_tensors().items():
        np.testing.assert_allclose(again.weights.to_tensors()[name], array, atol=0.05)


def test_encoding_on_the_card_is_that_of_numpy(tmp_path):
    text = tmp_path / "text.txt"
    text.write_text("we sat on the bank of the river\n" * 50)
    elmo = symvec.train(text, algorithm="elmo", epochs=1, device="cuda")
    sentences = [["we", "sat"], ["the", "river", "bank", "of"], []]
    found = ElmoEncoder(elmo).cuda()(sentences)
    for n, expected in enumerate(elmo.encode(sentences)):
        own = found.layers[:, n, : len(sentences[n])].detach().cpu().numpy()
        np.testing.assert_allclose(own, expected, atol=2e-4)
