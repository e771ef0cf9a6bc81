"""The network that ELMo is trained as: its gradients, its two directions, its softmax."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from symvec.contextual import Architecture, ContextualEncoder, Weights  # noqa: E402
from symvec.contextual.characters import ByteCharacters  # noqa: E402
from symvec.layers.torch.elmo import (  # noqa: E402
    IGNORED,
    Batch,
    BatchArrays,
    Device,
    Learner,
    device_named,
    torch_threads,
)
from symvec.layers.torch.elmo.batch import flipped_steps  # noqa: E402
from symvec.layers.torch.elmo.card_recurrence import card_recurrence  # noqa: E402
from symvec.layers.torch.elmo.cross_entropy import LinearCrossEntropy  # noqa: E402
from symvec.layers.torch.elmo.models import BOTH  # noqa: E402
from symvec.layers.torch.elmo.recurrence import ProjectedLstm  # noqa: E402
from symvec.layers.torch.elmo.softmax import AdaptiveSoftmax, whole_loss  # noqa: E402
from symvec.layers.torch.elmo.tensors import filed_tensors  # noqa: E402
from symvec.layers.torch.elmo.windows import strongest  # noqa: E402
from symvec.layers.torch.elmo.word_recurrence import WordLstm  # noqa: E402

SIZES = Architecture(
    characters=261, character_size=4, filters=((1, 3), (3, 5)), highways=1, cell_size=7,
    projection_size=6, cell_clip=None, projection_clip=None,
)  # fmt: skip
FREQUENCIES = np.full(9, 1 / 9, np.float32)
CPU = device_named("cpu", "float32")
SENTENCES = [["green", "tea", "is", "good"], ["tea"], ["a", "bank"], ["the", "green", "bank"]]


def learner(dropout=0.0, seed=1, **more):
    return Learner(SIZES, FREQUENCIES, dropout, seed, CPU, **more)


def batch_of(sentences):
    """Return a batch whose classes are numbered as words come; 0 is a boundary."""
    words = {word: 0 for sentence in sentences for word in sentence}
    words = {word: 2 + number for number, word in enumerate(words)}
    characters = ByteCharacters()
    marks, inner = characters.sentence_marks(50), characters.ids(list(words), 50)
    lengths = np.array([len(sentence) + 2 for sentence in sentences])
    places = np.zeros((max(lengths), len(sentences)), np.int64)
    classes = np.full_like(places, IGNORED)
    for column, sentence in enumerate(sentences):
        row = [0, *(words[word] for word in sentence), 1]
        places[: len(row), column] = row
        classes[: len(row), column] = [0, *(words[word] - 1 for word in sentence), 0]
    return BatchArrays(np.concatenate([marks, inner]), places, lengths, classes)


def layer_outputs(models, batch):
    """Return the outputs of both directions, side by side."""
    on_device = Batch.of(batch, CPU.torch)
    return models.layer_outputs(models.words(on_device.characters), on_device, BOTH)


def lstm_case(*front):
    generator = torch.Generator().manual_seed(0)
    shapes = [(4, 3, 2), (2, 12), (2, 12), (1, 12), (3, 2)]
    return [
        torch.randn(*front, *shape, generator=generator, dtype=torch.float64, requires_grad=True)
        for shape in shapes
    ]


@pytest.mark.parametrize("front", [(), (2,)], ids=["one direction", "two at once"])
def test_the_gradients_of_the_recurrent_layer_are_right(front):
    assert torch.autograd.gradcheck(ProjectedLstm.apply, lstm_case(*front))


def test_two_directions_at_once_are_each_by_itself():
    case = lstm_case(2)
    both = ProjectedLstm.apply(*case)
    for n in range(2):
        torch.testing.assert_close(both[n], ProjectedLstm.apply(*(each[n] for each in case)))


PLACES = torch.tensor([[3, 0, 3], [1, 1, 3], [4, 0, 1], [0, 0, 0]])  # of 5 words, none is 2


def word_case():
    _, *weights = lstm_case()
    generator = torch.Generator().manual_seed(1)
    vectors = torch.randn(5, 2, generator=generator, dtype=torch.float64, requires_grad=True)
    return [vectors, *weights]


def read_words(vectors, *weights):
    return WordLstm.apply(vectors, PLACES, *weights)


def test_the_gradients_of_the_layer_that_reads_words_are_right():
    assert torch.autograd.gradcheck(read_words, word_case())


@pytest.mark.parametrize(
    ("dtype", "allowed"), [(torch.float32, 2e-6), (torch.bfloat16, 0.04)], ids=str
)
def test_reading_words_is_reading_their_vectors(dtype, allowed):
    case = [each.detach().to(dtype).requires_grad_() for each in word_case()]
    answers = []
    for read in (
        read_words,
        lambda vectors, *weights: ProjectedLstm.apply(vectors[PLACES], *weights),
    ):
        found = read(*case)
        weights = torch.randn(found.shape, generator=torch.Generator().manual_seed(2)).to(dtype)
        answers.append([found, *torch.autograd.grad(found, case, weights)])
    for found, expected in zip(*answers, strict=True):
        assert found.dtype == dtype
        assert (found - expected).float().norm() <= allowed * expected.float().norm()


def test_the_recurrent_layer_is_that_of_torch():
    inputs, input_kernel, output_kernel, bias, projection = lstm_case()
    peer = torch.nn.LSTM(2, 3, proj_size=2, dtype=torch.float64)

    def filed(kernel):  # torch: input, forget, new, output; here: new, input, forget, output
        new, entered, forget, output = kernel.chunk(4, dim=-1)
        return torch.cat([entered, forget, new, output], dim=-1).T

    with torch.no_grad():
        peer.weight_ih_l0.copy_(filed(input_kernel))
        peer.weight_hh_l0.copy_(filed(output_kernel))
        peer.bias_ih_l0.copy_(filed(bias).squeeze(1))
        peer.bias_hh_l0.zero_()
        peer.weight_hr_l0.copy_(projection.T)
    found = ProjectedLstm.apply(inputs, input_kernel, output_kernel, bias, projection)
    torch.testing.assert_close(found, peer(inputs)[0])


def test_the_recurrent_layer_of_cards_is_the_same():
    case = lstm_case(2)
    found, expected = card_recurrence(*case), ProjectedLstm.apply(*case)
    torch.testing.assert_close(found, expected)
    towards = torch.randn(found.shape, dtype=torch.float64)
    for own, other in zip(
        torch.autograd.grad(found, case, towards),
        torch.autograd.grad(expected, case, towards),
        strict=True,
    ):
        torch.testing.assert_close(own, other)


def test_products_of_bfloat16_are_near_those_of_float32():
    case = [each.detach().float() for each in lstm_case()]
    exact = ProjectedLstm.apply(*case)
    near = ProjectedLstm.apply(*(each.bfloat16().requires_grad_() for each in case))
    near.sum().backward()
    assert near.dtype == torch.bfloat16
    torch.testing.assert_close(near.float(), exact, atol=0.05, rtol=0.05)


def test_compiled_cells_are_those_of_torch():
    case = [each.detach().float().requires_grad_() for each in lstm_case()]
    found = ProjectedLstm.apply(*case)
    exact = lstm_case()
    expected = ProjectedLstm.apply(*exact)  # float64: by PyTorch
    torch.testing.assert_close(found, expected.float(), atol=2e-6, rtol=2e-6)
    weights = torch.randn(found.shape, generator=torch.Generator().manual_seed(1))
    grads = torch.autograd.grad(found, case, weights)
    for grad, wanted in zip(
        grads, torch.autograd.grad(expected, exact, weights.double()), strict=True
    ):
        torch.testing.assert_close(grad, wanted.float(), atol=1e-5, rtol=1e-5)


def test_the_strongest_windows_and_their_gradients_are_those_of_torch():
    generator = torch.Generator().manual_seed(0)
    characters = torch.randn(4, 6, 3, generator=generator, dtype=torch.float64)
    filters = torch.randn(6, 5, generator=generator, dtype=torch.float64)
    answers = []
    for dtype in (torch.float32, torch.float64):  # compiled, and by PyTorch
        case = [each.to(dtype).requires_grad_() for each in (characters, filters)]
        found = strongest(*case, 2)
        answers.append([found, *torch.autograd.grad((found * found).sum(), case)])
    for found, expected in zip(*answers, strict=True):
        torch.testing.assert_close(found, expected.float(), atol=1e-5, rtol=1e-5)


def test_the_loss_and_its_gradients_are_those_of_cross_entropy():
    generator = torch.Generator().manual_seed(0)
    inputs, weight, bias = (
        torch.randn(*shape, generator=generator, dtype=torch.float64, requires_grad=True)
        for shape in ((5, 3), (3, 7), (7,))
    )
    classes = torch.tensor([0, 6, 3, 3, 1])
    assert torch.autograd.gradcheck(
        lambda *weights: LinearCrossEntropy.apply(*weights, classes)[0], (inputs, weight, bias)
    )
    expected = torch.nn.functional.cross_entropy(inputs @ weight + bias, classes, reduction="sum")
    total, each = LinearCrossEntropy.apply(inputs, weight, bias, classes)
    torch.testing.assert_close(total, expected)
    scores = inputs @ weight + bias
    torch.testing.assert_close(
        each, torch.nn.functional.cross_entropy(scores, classes, reduction="none")
    )
    assert not each.requires_grad


def test_blocks_of_rows_change_nothing(monkeypatch):
    generator = torch.Generator().manual_seed(0)
    inputs = torch.randn(20, 3, generator=generator, requires_grad=True)
    weight, bias = torch.randn(3, 7, generator=generator), torch.zeros(7)
    classes = torch.arange(20) % 7
    whole, _ = LinearCrossEntropy.apply(inputs, weight, bias, classes)
    (expected,) = torch.autograd.grad(whole, inputs)
    monkeypatch.setattr("symvec.layers.torch.elmo.cross_entropy._BLOCK", 21)
    cut, _ = LinearCrossEntropy.apply(inputs, weight, bias, classes)
    torch.testing.assert_close(cut, whole)
    torch.testing.assert_close(torch.autograd.grad(cut, inputs)[0], expected)


@pytest.mark.parametrize("half", [False, True])
def test_the_loss_of_cards_is_the_same(half):
    generator = torch.Generator().manual_seed(0)
    inputs, weight, bias = (
        torch.randn(*shape, generator=generator, requires_grad=True)
        for shape in ((50, 8), (8, 7), (7,))
    )
    classes, answers = torch.arange(50) % 7, []
    for loss in (whole_loss, LinearCrossEntropy.apply):
        with torch.autocast("cpu", torch.bfloat16, enabled=half and loss is whole_loss):
            total, each = loss(inputs, weight, bias, classes)
        grads = torch.autograd.grad(total, (inputs, weight, bias))
        answers.append([total.detach(), each, *grads])
        assert each.dtype == torch.float32
        assert not each.requires_grad
    for found, expected in zip(*answers, strict=True):
        assert (found - expected).norm() <= (0.02 if half else 1e-5) * expected.norm()


@pytest.mark.parametrize("cutoffs", [(), (4,), (4, 8), (4, 8, 30)])
def test_the_adaptive_softmax_is_one_distribution_over_all_classes(cutoffs):
    count = 20
    frequencies = torch.arange(count, 0, -1.0) / sum(range(count + 1))
    softmax = AdaptiveSoftmax(16, frequencies, torch.Generator().manual_seed(0), cutoffs)
    for inputs in (
        torch.randn(1, 16, generator=torch.Generator().manual_seed(1)),
        torch.zeros(1, 16),
    ):
        losses = [float(loss_of(softmax, inputs, [n])[0].detach()) for n in range(count)]
        assert sum(np.exp(-np.array(losses))) == pytest.approx(1, abs=1e-5)
    # It begins at the frequencies.
    np.testing.assert_allclose(np.exp(-np.array(losses)), frequencies.numpy(), rtol=1e-4)


def loss_of(softmax, inputs, classes):
    bands = softmax.by_band(np.array(classes))
    numbers = torch.from_numpy(bands.heads), torch.from_numpy(bands.inner)
    return softmax(inputs[torch.from_numpy(bands.order)], *numbers, bands.sizes)


def test_many_classes_of_the_adaptive_softmax_are_each_by_itself():
    softmax = AdaptiveSoftmax(16, torch.full((20,), 0.05), torch.Generator().manual_seed(0), (4, 8))
    inputs = torch.randn(6, 16, generator=torch.Generator().manual_seed(1))
    classes = [19, 3, 5, 8, 0, 7]
    total, each = loss_of(softmax, inputs, classes)
    alone = torch.stack([loss_of(softmax, inputs[[n]], [c])[0] for n, c in enumerate(classes)])
    torch.testing.assert_close(each, alone[softmax.by_band(np.array(classes)).order].detach())
    torch.testing.assert_close(total, alone.sum())


def test_sentences_are_flipped_within_their_lengths():
    assert flipped_steps(torch.tensor([4, 2]), 4).tolist() == [[3, 1], [2, 0], [1, 2], [0, 3]]


def test_the_outputs_are_those_of_the_encoder_of_numpy():
    models = learner().models
    encoder = ContextualEncoder(SIZES, Weights.from_tensors(filed_tensors(models), SIZES))
    batch = batch_of(SENTENCES)
    with torch.no_grad():
        layers = layer_outputs(models, batch)
    flipped = flipped_steps(torch.from_numpy(batch.lengths), len(batch.places))
    for column, expected in enumerate(encoder.encode(SENTENCES)):
        inner = slice(1, batch.lengths[column] - 1)
        found = [
            torch.cat([forward[:, column], backward[flipped[:, column], column]], dim=1)[inner]
            for forward, backward in layers
        ]
        np.testing.assert_allclose(torch.stack(found), expected, atol=1e-5)


def test_what_follows_is_not_seen():
    models = learner().models
    with torch.no_grad():
        one, other = (
            layer_outputs(models, batch_of([words]))[-1]
            for words in (["a", "bank", "of"], ["a", "bank", "is"])
        )
    torch.testing.assert_close(one[0][:3], other[0][:3])
    assert not torch.allclose(one[0][3], other[0][3])
    assert not torch.allclose(one[1][2], other[1][2])


def test_places_are_counted_by_direction():
    batch = batch_of([["a", "b"], ["c"]])
    assert batch.predictions == (5, 5)
    classes = batch.classes.copy()
    classes[0, 0] = IGNORED  # a sentence that was cut: its begin is not to be known
    assert batch._replace(classes=classes).predictions == (5, 4)


def test_what_is_predicted_is_the_next_place_in_the_order_of_reading():
    batch = batch_of([["a", "b"], ["c"]])  # classes 1, 2 and 3 between boundaries, 0
    assert [each.tolist() for each in batch.predicted(0)] == [[0, 1, 2, 3, 4], [1, 3, 2, 0, 0]]
    assert [each.tolist() for each in batch.predicted(1)] == [[0, 1, 2, 3, 4], [2, 3, 1, 0, 0]]
    places, classes = batch.predicted(BOTH)
    assert places.tolist() == [0, 1, 2, 3, 4, 8, 9, 10, 11, 12]
    assert classes.tolist() == [1, 3, 2, 0, 0, 2, 3, 1, 0, 0]


def test_parts_of_a_batch_have_their_own_words():
    batch = batch_of([["a", "b"], ["c"], ["b"]])
    part = batch.part(1, 2)
    assert part.lengths.tolist() == [3]
    np.testing.assert_array_equal(part.characters, batch.characters[[0, 1, 4]])
    assert part.places[:3, 0].tolist() == [0, 2, 1]
    assert part.classes[:, 0].tolist() == [0, 3, 0, IGNORED]


def test_words_that_stand_nowhere_change_nothing():
    batch = batch_of(SENTENCES)
    filled = batch.filled(16)
    assert (len(batch.characters), len(filled.characters)) == (9, 16)
    assert batch.filled(9).characters.tolist() == batch.characters.tolist()
    one, other = learner(), learner()
    np.testing.assert_allclose(one.step(filled, 0.01, 0), other.step(batch, 0.01, 0), rtol=1e-6)
    for name, array in one.state().items():
        if name.endswith("exp_avg"):
            np.testing.assert_allclose(array, other.state()[name], atol=1e-8, err_msg=name)


@pytest.mark.parametrize("half", [False, True])
def test_shapes_are_kept_alike_where_that_keeps_memory(monkeypatch, half):
    seen = []
    pupil = Learner(SIZES, FREQUENCIES, 0.0, 1, Device("cpu", half))
    words = pupil.models.words.forward
    monkeypatch.setattr(
        pupil.models.words, "forward", lambda ids: (seen.append(len(ids)), words(ids))[1]
    )
    pupil.losses(batch_of(SENTENCES))
    assert sum(seen) == (64 if half else 9)


def test_padding_changes_no_loss():
    together = learner().losses(batch_of(SENTENCES))
    whole = batch_of(SENTENCES)
    alone = []
    for column, length in enumerate(whole.lengths):
        rows = slice(0, length), slice(column, column + 1)
        part = BatchArrays(
            whole.characters, whole.places[rows], whole.lengths[rows[1]], whole.classes[rows]
        )
        alone.append(learner().losses(part))
    np.testing.assert_allclose(together, np.sum(alone, axis=0), rtol=1e-5)


def test_it_learns_what_it_sees():
    pupil, batch = learner(), batch_of(SENTENCES)
    before = sum(pupil.losses(batch))
    for number in range(60):
        pupil.step(batch, 0.01, number)
    after = pupil.losses(batch)
    assert sum(after) < 0.8 * before
    assert min(after) > 0


def test_the_same_seed_gives_the_same_numbers_and_another_one_others():
    batch = batch_of(SENTENCES)
    states = []
    for seed in (1, 1, 2):
        pupil = learner(dropout=0.3, seed=seed)
        for number in range(3):
            pupil.step(batch, 0.01, number)
        states.append(pupil.state())
    for name, array in states[0].items():
        np.testing.assert_array_equal(array, states[1][name])
    assert any((array != states[2][name]).any() for name, array in states[0].items())


def test_a_state_that_is_restored_goes_on_to_the_same():
    batch, pupil = batch_of(SENTENCES), learner(dropout=0.3)
    pupil.step(batch, 0.01, 0)
    kept = {name: array.copy() for name, array in pupil.state().items()}
    pupil.step(batch, 0.01, 1)
    other = learner(dropout=0.3)
    other.restore(kept, 1)
    other.step(batch, 0.01, 1)
    for name, array in pupil.state().items():
        np.testing.assert_array_equal(other.state()[name], array)


def test_short_memory_is_answered_by_parts_with_the_same_gradient(monkeypatch):
    batch, told = batch_of(SENTENCES), []
    whole = learner()
    expected = whole.step(batch, 0.01, 0)
    pupil = learner(on_shortage=told.append)
    compute = pupil.models.direction_loss

    def short(vectors, part, direction, dropped):
        if part.places.shape[1] > 1:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return compute(vectors, part, direction, dropped)

    monkeypatch.setattr(pupil.models, "direction_loss", short)
    np.testing.assert_allclose(pupil.step(batch, 0.01, 0), expected, rtol=1e-5)
    assert told == [2, 4]
    for name, array in whole.state().items():
        if name.endswith("exp_avg"):  # Adam's own step divides by numbers that are hardly there
            np.testing.assert_allclose(pupil.state()[name], array, atol=1e-6)


def test_memory_that_is_short_for_any_part_is_an_error(monkeypatch):
    pupil = learner()

    def short(*_):
        raise RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory")

    monkeypatch.setattr(pupil.models, "direction_loss", short)
    with pytest.raises(Exception, match="not enough memory even for a part of a batch; take a sm"):
        pupil.step(batch_of(SENTENCES), 0.01, 0)
    monkeypatch.setattr(
        pupil.models, "direction_loss", lambda *_: (_ for _ in ()).throw(RuntimeError("x"))
    )
    with pytest.raises(RuntimeError, match=r"^x$"):
        pupil.losses(batch_of(SENTENCES))


def test_half_precision_learns_alike():
    batch = batch_of(SENTENCES)
    pupils = [Learner(SIZES, FREQUENCIES, 0.0, 1, Device("cpu", half)) for half in (False, True)]
    exact, near = (pupil.step(batch, 0.0, 0) for pupil in pupils)
    np.testing.assert_allclose(near, exact, rtol=0.02)
    for (name, one), other in zip(
        pupils[0].models.named_parameters(), pupils[1].models.parameters(), strict=True
    ):
        assert other.grad.dtype == torch.float32
        if "transform" in name:  # a score near 0 may be rectified on one side only
            continue
        assert (one.grad - other.grad).norm() < 0.03 * one.grad.norm(), name
    half = pupils[1]
    before = sum(half.losses(batch))
    for number in range(20):
        half.step(batch, 0.01, number)
    assert sum(half.losses(batch)) < before


def test_a_card_that_is_not_there():
    if torch.cuda.is_available():
        pytest.skip("there is a graphics card")
    assert str(device_named("auto", "float32")) == "cpu, float32"
    with pytest.raises(Exception, match="needs a graphics card that this PyTorch can use"):
        device_named("cuda")


@pytest.mark.parametrize(
    ("instructions", "expected"),
    [
        (["avx512_bf16"], "bfloat16"),
        (["amx_bf16"], "bfloat16"),
        (["avx2"], "float32"),
        ([], "float32"),
    ],
)
def test_precision_is_what_the_processor_multiplies_by_itself(monkeypatch, instructions, expected):
    known = dict.fromkeys(["avx512_bf16", "amx_bf16", "avx2"], False)
    told = known | dict.fromkeys(instructions, True)
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: told, raising=False)
    assert str(device_named("cpu")) == f"cpu, {expected}"
    assert str(device_named("cpu", "float32")) == "cpu, float32"
    assert str(device_named("cpu", "bfloat16")) == "cpu, bfloat16"


def test_a_pytorch_that_cannot_tell_multiplies_float32(monkeypatch):
    monkeypatch.delattr(torch.cpu, "get_capabilities", raising=False)
    assert str(device_named("cpu")) == "cpu, float32"


def test_two_threads_learn_what_one_learns():
    states = []
    for threads in (1, 2):
        with torch_threads(threads):
            pupil = learner(dropout=0.3)
            pupil.step(batch_of(SENTENCES), 0.01, 0)
            states.append(pupil.state())
    for name, array in states[0].items():
        np.testing.assert_allclose(states[1][name], array, atol=1e-6, err_msg=name)


def test_one_graph_of_both_directions_has_the_same_losses_and_gradients():
    pupil, batch = learner(), batch_of(SENTENCES)
    losses = pupil.losses(batch)
    pupil.step(batch, 0.0, 0)
    norm = torch.cat([w.grad.flatten() for w in pupil.models.parameters()]).norm()
    both = learner().models
    found = both(Batch.of(batch, CPU.torch))
    (found.total / sum(batch.predictions)).backward()
    torch.nn.utils.clip_grad_norm_(both.parameters(), 1.0)
    np.testing.assert_allclose([float(loss) for loss in found.by_direction], losses, rtol=1e-5)
    assert norm > 0
    for mine, other in zip(pupil.models.parameters(), both.parameters(), strict=True):
        wanted = torch.zeros_like(other) if other.grad is None else other.grad
        torch.testing.assert_close(mine.grad, wanted, atol=1e-6, rtol=1e-4)
