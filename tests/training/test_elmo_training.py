import json

import numpy as np
import pytest

import symvec
from symvec.errors import InputError, InterruptedTraining
from symvec.training.elmo.place import ElmoPlace, Look
from symvec.training.elmo.schedule import has_stalled, rate, share_done
from symvec.training.elmo.sizes import SIZES, Size
from symvec.training.settings import ElmoMonitoring, ElmoSettings, Settings

pytest.importorskip("torch")

SETTINGS = {
    "algorithm": "elmo",
    "epochs": 2,
    "batch_words": 64,
    "look_every": 300,
    "held_out": 0.1,
    "threads": 1,
    "dropout": 0.1,
    "precision": "float32",
    "seed": 3,
}


@pytest.fixture(scope="module")
def sentences():
    random = np.random.default_rng(0)
    lengths = random.integers(1, 8, 120)
    return [[f"w{n}" for n in random.zipf(1.5, length) % 30] for length in lengths]


@pytest.fixture(scope="module", autouse=True)
def very_tiny():
    """Networks that take a moment."""
    kept = SIZES["tiny"]
    SIZES["tiny"] = Size(1, ((1, 2), (3, 3)), 5, 4)
    yield
    SIZES["tiny"] = kept


@pytest.fixture(scope="module")
def whole(sentences, very_tiny):
    """What training comes to when nobody interrupts it."""
    return symvec.train(sentences, **SETTINGS)


def assert_same(encoder, expected, folder):
    assert encoder.provenance == expected.provenance
    paths = [folder / "a", folder / "b"]
    for each, path in zip((encoder, expected), paths, strict=True):
        each.save(path)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_it_ends_in_an_encoder_that_a_file_keeps(whole, tmp_path):
    assert isinstance(whole, symvec.ContextualEncoder)
    whole.save(tmp_path / "elmo.safetensors")
    again = symvec.load(tmp_path / "elmo.safetensors")
    vectors = again.encode([["w1", "never-seen"]])[0]
    assert vectors.shape == (3, 2, 8)
    np.testing.assert_array_equal(vectors, whole.encode([["w1", "never-seen"]])[0])


def test_what_it_came_to_is_told_in_full(whole):
    told = json.loads(json.dumps(whole.provenance))
    assert told["settings"]["size"] == "tiny"
    assert not {"device", "precision"} & set(told["settings"])
    assert told["device"] == "cpu, float32"
    assert told["tokeniser"] is None
    assert len(told["looks"]) == len(told["held_out_losses"]) >= 2
    assert told["looks"][-1] == told["words_trained"]
    best = int(np.argmin(told["held_out_losses"]))
    assert told["saved_at_words"] == told["looks"][best]
    found = [np.log(told["perplexity"][name]) for name in ("forward", "backward")]
    assert np.mean(found) == pytest.approx(told["held_out_losses"][best])
    assert told["softmax_classes"] == told["corpus"]["distinct_words"] + 2


def test_the_same_seed_is_the_same_file_and_another_one_is_not(sentences, whole, tmp_path):
    assert_same(symvec.train(sentences, **SETTINGS), whole, tmp_path)
    other = symvec.train(sentences, **{**SETTINGS, "seed": 4})
    assert (other.weights.projection != whole.weights.projection).any()


def test_products_of_bfloat16_come_to_nearly_the_same(sentences, whole):
    half = symvec.train(sentences, **{**SETTINGS, "precision": "bfloat16"})
    assert half.provenance["device"] == "cpu, bfloat16"
    np.testing.assert_allclose(
        half.provenance["held_out_losses"], whole.provenance["held_out_losses"], rtol=0.01
    )
    assert (half.weights.projection != whole.weights.projection).any()


class InterruptAt:
    """Presses Ctrl-C at the n-th report from training."""

    def __init__(self, report):
        self.left = report

    def __call__(self, progress):
        self.left -= progress.stage == "training"
        if self.left <= 0 and progress.stage == "training":
            raise KeyboardInterrupt


def test_interrupted_in_mid_epoch_again_and_again_it_comes_to_the_same(sentences, whole, tmp_path):
    path = tmp_path / "elmo"
    with pytest.raises(InterruptedTraining, match="holds its state"):
        symvec.train(sentences, **SETTINGS, checkpoint=path, progress=InterruptAt(3))
    with pytest.raises(InterruptedTraining):
        symvec.train(sentences, **SETTINGS, checkpoint=path, resume=True, progress=InterruptAt(9))
    resumed = symvec.train(sentences, **SETTINGS, checkpoint=path, resume=True)
    assert_same(resumed, whole, tmp_path)


def test_checkpoints_on_the_way_change_nothing(sentences, whole, tmp_path):
    path = tmp_path / "elmo"
    encoder = symvec.train(sentences, **SETTINGS, checkpoint=path, checkpoint_every=0.05)
    assert_same(encoder, whole, tmp_path)
    assert sum(".checkpoint-" in each.name for each in tmp_path.iterdir()) == 2
    with pytest.raises(
        InputError, match=r"of another run: settings\.alpha is 0\.003 there and 0\.1"
    ):
        symvec.train(sentences, **SETTINGS, alpha=0.1, checkpoint=path, resume=True)


def test_progress_and_looks_are_told(sentences):
    told, looks = [], []
    symvec.train(sentences, **SETTINGS, progress=told.append, on_epoch=looks.append)
    training = [each for each in told if each.stage == "training"]
    assert training[-1].done == training[-1].total
    assert training[-1].seconds_left == 0
    assert all(each.words_per_second > 0 and each.loss > 0 for each in training)
    assert set(looks[-1].perplexities) == {"forward", "backward"}
    assert [look.words for look in looks] == sorted(look.words for look in looks)
    assert looks[-1].epoch == looks[-1].epochs == 2


def test_it_learns_what_follows_what():
    text = [["green", "tea", "is", "good"], ["black", "ink", "was", "bad"]] * 60
    settings = {**SETTINGS, "epochs": 12, "alpha": 0.02, "dropout": 0.0, "look_every": 10**6}
    told = symvec.train(text, **settings).provenance
    # Which of the two it is must be guessed once; a unigram's perplexity is over 8.
    assert max(told["perplexity"].values()) < 3


def test_minutes_end_it(sentences):
    encoder = symvec.train(sentences, **{**SETTINGS, "epochs": 10**6}, minutes=0.01)
    assert encoder.provenance["words_trained"] > 0


def test_nothing_held_out_has_no_perplexity(sentences):
    settings = {name: value for name, value in SETTINGS.items() if name != "held_out"}
    told = symvec.train(sentences, **settings, held_out=0.0).provenance
    assert "perplexity" not in told
    assert told["losses_before_looks"]


@pytest.mark.parametrize("characters", ["bytes", "code-points", "jamo"])
def test_words_are_read_as_the_setting_says(characters):
    text = [["눈이", "온다"], ["배를", "탄다"]] * 20
    settings = {**SETTINGS, "epochs": 1, "characters": characters}
    assert symvec.train(text, **settings).characters.kind == characters


def test_text_keeps_its_case_and_the_file_says_how_it_was_cut(tmp_path):
    text = tmp_path / "tea.txt"
    text.write_text("Green tea!\nBlack tea?\n" * 30)
    encoder = symvec.train(text, **{**SETTINGS, "epochs": 1})
    assert encoder.provenance["tokeniser"]["lowercase"] is False
    assert encoder.provenance["corpus"]["distinct_words"] == 3


def test_a_loss_that_is_not_finite_is_an_error(sentences, monkeypatch):
    from symvec.layers.torch.elmo import Learner, Losses

    monkeypatch.setattr(Learner, "step", lambda *_: Losses(float("nan"), 1.0))
    with pytest.raises(symvec.SymvecError, match=r"the loss is nan after 0 words, at alpha=0\.003"):
        symvec.train(sentences, **SETTINGS)


def test_a_card_that_is_not_there_is_told_of_before_text_is_read(tmp_path):
    import torch

    if torch.cuda.is_available():
        pytest.skip("there is a graphics card")
    told = []
    with pytest.raises(InputError, match="device='cuda' needs a graphics card"):
        symvec.train(tmp_path / "none", algorithm="elmo", device="cuda", progress=told.append)
    assert not told


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"size": "huge"}, "size must be 'tiny' or 'small' or 'medium' or 'original', got 'huge'"),
        ({"minutes": 0}, "minutes must be more than 0, got 0"),
        ({"dropout": 1.0}, "dropout must be below 1, got 1.0"),
        ({"batch_words": 3}, "batch_words must be from 16 to 16777216, got 3"),
        ({"min_count": 3}, "min_count is not used with algorithm='elmo', only with skipgram and"),
        ({"held_out": 0.0, "early_stop": 2}, "early_stop is not used with held_out=0; leave it"),
        ({"held_out": 0.6}, "held_out must be 0.5 or less, got 0.6"),
    ],
)
def test_settings_that_cannot_be(sentences, given, message):
    with pytest.raises(InputError) as caught:
        symvec.train(sentences, **{"algorithm": "elmo", **given})
    assert message in str(caught.value)


def test_the_sizes_are_those_of_the_published_models():
    assert {name: size.projection_size for name, size in SIZES.items() if name != "tiny"} == {
        "small": 128, "medium": 256, "original": 512,
    }  # fmt: skip
    original = SIZES["original"].architecture(261)
    assert (original.filter_count, original.highways, original.cell_size) == (2048, 2, 4096)


def test_the_rate_rises_then_falls_with_the_share_that_is_done():
    settings = ElmoSettings(alpha=1.0, epochs=4, minutes=2)
    assert rate(settings, 0, 0.0) < rate(settings, 10, 0.1) < rate(settings, 60, 0.2)
    assert rate(settings, 60, 0.2) > rate(settings, 90, 0.9) > rate(settings, 99, 1.0) > 0
    assert share_done(settings, ElmoPlace(epoch=1, seconds=90.0), 7) == 0.75
    assert share_done(settings, ElmoPlace(epoch=4), 7) == 1


def test_looks_that_lower_nothing_end_it():
    looks = tuple(Look(n, 1.0, loss, loss) for n, loss in enumerate((3.0, 2.0, 2.5, 2.0)))
    place = ElmoPlace(looks=looks)
    assert place.best == 1
    assert [has_stalled(patience, place) for patience in (None, 1, 2, 3)] == [
        False, True, True, False,
    ]  # fmt: skip
    assert not has_stalled(1, ElmoPlace(looks=(Look(1, 1.0),)))


def test_settings_are_recorded_flat():
    settings = Settings("elmo", (ElmoSettings(device="cpu"), ElmoMonitoring(held_out=0.0)))
    recorded = settings.to_metadata()
    assert not {"device", "precision"} & set(recorded)
    assert "early_stop" not in recorded
    assert recorded["alpha"] == 0.003
