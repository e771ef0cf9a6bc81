"""ELMo: words/s of training and of encoding, beside a plain implementation and the arithmetic.

The plain implementation is written for this benchmark, as the reference programs go about it:
characters are encoded for every token, once for each direction; the directions are two stacks of
``torch.nn.LSTM`` with projections; the softmax is over all classes, or 8,192 sampled ones. Its
products are PyTorch's own, float32 on a processor unless a peer says bfloat16; ours are what
``--precision`` says. Both see the same batches, in turns of three steps, in one run; for the same
words the loss over all classes is told, of batches that none learned from. Encoding is compared
with a loop over steps and tokens in PyTorch, with the clipped cell of the published models, which
AllenNLP runs, in float32 on both sides unless ``--precision bfloat16``; with ``--threads 1`` the
processor's time is the one to compare. The machine's measured products of matrices stand beside
it.

    python benchmarks/elmo.py TEXT [--sizes tiny small] [--steps 30] [--peers sampled full]
    python benchmarks/elmo.py TEXT --precision float32 --peers sampled sampled-bfloat16
    python benchmarks/elmo.py TEXT --encode [--sizes tiny] [--sentences 256] [--threads 1]
    python benchmarks/elmo.py TEXT --device cuda --places 16384 --sizes tiny original
    python benchmarks/elmo.py TEXT --everything    # what results/elmo.md shows, under ten minutes

``--minutes`` is how long ``--everything`` trains for the perplexity that it tells at the end.
``--seconds`` ends the steps of a size early, the fewer steps are told.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from machine import description
from symvec.contextual import Architecture, ContextualEncoder, Weights
from symvec.contextual.characters import ByteCharacters
from symvec.layers.torch.elmo import IGNORED, Batch, BatchArrays, Device, Learner, device_named
from symvec.layers.torch.elmo.batch import flipped_steps
from symvec.text.tokenisers import Tokeniser
from symvec.training.elmo.batches import BatchMaker
from symvec.training.elmo.sentences import Sentences
from symvec.training.elmo.sizes import SIZES
from symvec.vocabulary.counting import encode_text

CLASSES, PLACES, LONGEST, RATE, MOST_NORM = 50_000, 2048, 32, 1e-3, 1.0
SAMPLED = 8192  # classes of bilm-tf's sampled softmax
WARM_UP = 2
UNSEEN = 2  # batches that the loss is told of at the end
ROUND = 3  # steps of one before it is the next one's turn: each alone, but close together
PEERS = ("sampled", "full", "sampled-bfloat16")  # by their softmax, and products on processors


class PlainWords(nn.Module):
    """Words by their characters, each token by itself."""

    def __init__(self, sizes: Architecture) -> None:
        super().__init__()
        self.characters = nn.Embedding(sizes.characters, sizes.character_size)
        self.filters = nn.ModuleList(
            nn.Conv1d(sizes.character_size, number, width) for width, number in sizes.filters
        )
        count = sizes.filter_count
        self.highways = nn.ModuleList(nn.Linear(count, 2 * count) for _ in range(sizes.highways))
        self.projection = nn.Linear(count, sizes.projection_size)

    def forward(self, ids: Tensor) -> Tensor:
        characters = self.characters(ids).transpose(1, 2)
        x = torch.cat([f(characters).max(dim=2).values for f in self.filters], dim=1).relu()
        for highway in self.highways:
            gate, transformed = highway(x).chunk(2, dim=1)
            gate = gate.sigmoid()
            x = gate * transformed.relu() + (1 - gate) * x
        return self.projection(x)


class PlainElmo(nn.Module):
    """Two language models as they are usually written."""

    def __init__(self, sizes: Architecture, frequencies: np.ndarray, is_sampled: bool) -> None:
        super().__init__()
        size, cell = sizes.projection_size, sizes.cell_size
        self.words = PlainWords(sizes)
        self.directions = nn.ModuleList(
            nn.ModuleList(nn.LSTM(size, cell, proj_size=size) for _ in range(sizes.layers))
            for _ in range(2)
        )
        self.softmax = nn.Linear(size, len(frequencies))
        nn.init.zeros_(self.softmax.bias)
        self.is_sampled = is_sampled

    def forward(self, batch: Batch) -> tuple[Tensor, Tensor]:
        flipped = flipped_steps(batch.lengths, len(batch.places))
        known_as = torch.from_numpy(batch.arrays.classes).to(batch.places.device)
        losses = []
        for layers, order in zip(self.directions, (None, flipped), strict=True):
            places, classes = (
                each if order is None else torch.gather(each, 0, order)
                for each in (batch.places, known_as)
            )
            tokens = batch.characters[places]  # (steps, sentences, characters): every token
            x = self.words(tokens.flatten(0, 1)).unflatten(0, places.shape)
            for n, layer in enumerate(layers):
                own, _ = layer(x)
                x = own + x if n else own
            known = classes[1:] != IGNORED
            losses.append(self._loss(x[:-1][known], classes[1:][known]))
        return losses[0], losses[1]

    def _loss(self, outputs: Tensor, classes: Tensor) -> Tensor:
        if not self.is_sampled:
            return nn.functional.cross_entropy(self.softmax(outputs), classes, reduction="sum")
        drawn = torch.randint(len(self.softmax.bias), (SAMPLED,), device=classes.device)
        chosen = torch.cat([classes, drawn]).unique()
        scores = nn.functional.linear(
            outputs, self.softmax.weight[chosen], self.softmax.bias[chosen]
        )
        return nn.functional.cross_entropy(
            scores, torch.searchsorted(chosen, classes), reduction="sum"
        )


class PlainCell(nn.Module):
    """The published cell, a step at a time, over the sentences that have one, as AllenNLP does."""

    def __init__(self, sizes: Architecture) -> None:
        super().__init__()
        size, self.cell = sizes.projection_size, sizes.cell_size
        self.inputs = nn.Linear(size, 4 * self.cell, bias=False)
        self.state = nn.Linear(size, 4 * self.cell)
        self.projection = nn.Linear(self.cell, size, bias=False)

    def forward(self, x: Tensor, active: list[int]) -> Tensor:
        h, c = torch.zeros_like(x[0]), x.new_zeros(x.shape[1], self.cell)
        outputs = torch.zeros_like(x)
        for number, many in enumerate(active):
            step, h, c = x[number, :many], h[:many], c[:many]
            i, f, j, o = (self.inputs(step) + self.state(h)).chunk(4, dim=1)
            c = (i.sigmoid() * j.tanh() + f.sigmoid() * c).clamp(-3, 3)
            h = self.projection(o.sigmoid() * c.tanh()).clamp(-3, 3)
            outputs[number, :many] = h
        return outputs


class PlainEncoder(nn.Module):
    """Encodes as AllenNLP does: every token's characters, a loop over steps."""

    def __init__(self, sizes: Architecture) -> None:
        super().__init__()
        self.words = PlainWords(sizes)
        self.directions = nn.ModuleList(
            nn.ModuleList(PlainCell(sizes) for _ in range(sizes.layers)) for _ in range(2)
        )

    @torch.no_grad()
    def forward(self, characters: Tensor, lengths: Tensor) -> Tensor:
        order = lengths.argsort(descending=True)
        characters, lengths = characters[:, order], lengths[order]
        active = [int((lengths > step).sum()) for step in range(len(characters))]
        x = self.words(characters.flatten(0, 1)).unflatten(0, characters.shape[:2])
        flipped = flipped_steps(lengths, len(x))[..., None].expand_as(x)
        found = [torch.cat([x, x], dim=2)]
        both = [x, torch.gather(x, 0, flipped)]
        for n in range(len(self.directions[0])):
            own = [
                layers[n](inputs, active)
                for layers, inputs in zip(self.directions, both, strict=True)
            ]
            both = [o + i if n else o for o, i in zip(own, both, strict=True)]
            found.append(torch.cat([both[0], torch.gather(both[1], 0, flipped)], dim=2))
        return torch.stack(found)[:, :, order.argsort()]


def flops_a_word(sizes: Architecture, distinct_share: float, softmax: float) -> float:
    """Return what one word of training multiplies and adds: forward once, backward twice."""
    size, cell, count = sizes.projection_size, sizes.cell_size, sizes.filter_count
    # The first layer multiplies distinct words, the others each place.
    inputs = (sizes.layers - 1 + distinct_share) * size * 4 * cell
    lstm = 2 * (inputs + sizes.layers * (size * 4 * cell + cell * size))
    places = 12  # of a word of eight characters, marks and some padding included
    words = places * sum(w * sizes.character_size * n for w, n in sizes.filters)
    words += 2 * sizes.highways * count * count + count * size
    return 6 * (lstm + distinct_share * words + softmax)


def softmax_flops(learner: Learner, frequencies: np.ndarray) -> float:
    """Return the multiplications of the adaptive softmax for one word, in both directions."""
    softmax = learner.models.softmax
    total = softmax.head.numel()
    for (begin, end), narrow, tail in zip(
        softmax._bands, softmax.narrowings, softmax.tails, strict=True
    ):
        total += float(frequencies[begin:end].sum()) * (narrow.numel() + tail.numel())
    return 2 * total


def gigaflops(device: Device) -> float:
    """Return the machine's products of large matrices, 10^9 operations a second."""
    size, is_card = (8192, True) if device.kind == "cuda" else (2048, False)
    kind = torch.bfloat16 if device.is_half else torch.float32
    left, right = (torch.randn(size, size, dtype=kind, device=device.kind) for _ in range(2))

    def product() -> None:
        left @ right
        if is_card:
            torch.cuda.synchronize()

    best = min(_times(product)[0] for _ in range(8))
    return 2 * size**3 / best / 1e9


def _times(call: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds of the clock and of the processors."""
    started, used = time.perf_counter(), time.process_time()
    call()
    return time.perf_counter() - started, time.process_time() - used


class Case:
    """A text that is ready, and the batches of it that all see."""

    def __init__(self, text: str, places: int, steps: int, folder: Path) -> None:
        encoding = encode_text([text], Tokeniser(lowercase=False), min_count=1, directory=folder)
        self.vocabulary = encoding.vocabulary
        self.maker = BatchMaker.of(self.vocabulary, ByteCharacters(), 50, CLASSES)
        self.frequencies = self.maker.frequencies(
            self.vocabulary.counts, encoding.corpus.sentence_count
        )
        self.sentences = Sentences.of(encoding.corpus, LONGEST)
        self.pieces = self.sentences.batches(places, [0])[: steps + WARM_UP + UNSEEN]

    def batch(self, number: int) -> BatchArrays:
        return self.maker.batch(self.sentences, self.pieces[number])

    def words(self, number: int) -> int:
        return int(self.sentences.lengths[self.pieces[number]].sum())

    def texts(self, count: int) -> list[list[str]]:
        """Return sentences as words."""
        some = range(min(count, len(self.sentences)))
        return [
            [
                self.vocabulary.word(word_id)
                for word_id in self.sentences.ids[
                    self.sentences.starts[n] : self.sentences.starts[n] + self.sentences.lengths[n]
                ]
            ]
            for n in some
        ]


class Pupil:
    """A network that learns from batches, and what each of its steps took and told.

    Args:
        learn: learns from the batch of a number; returns the summed loss.
        look: returns the summed loss of a batch over all classes, learning nothing.
    """

    def __init__(
        self, learn: Callable[[BatchArrays, int], float], look: Callable[[BatchArrays], float]
    ) -> None:
        self._learn, self._look = learn, look
        self.seconds: list[float] = []
        self.losses: list[float] = []

    def step(self, batch: BatchArrays, number: int) -> None:
        started = time.perf_counter()
        loss = self._learn(batch, number)
        self.seconds.append(time.perf_counter() - started)
        self.losses.append(loss / sum(batch.predictions))

    def told(self, words: np.ndarray, unseen: Sequence[BatchArrays]) -> dict[str, float]:
        """Return the speed, the loss of the last third of the steps, and that of other batches."""
        last = slice(-max(len(words) // 3, 1), None)
        return {
            "words_per_second": float(np.median(words / np.array(self.seconds)[WARM_UP:])),
            "loss_at_the_end": float(np.mean(self.losses[last])),
            "loss_of_unseen_batches": sum(map(self._look, unseen))
            / sum(sum(batch.predictions) for batch in unseen),
        }


def training(
    case: Case, size: str, peers: Sequence[str], steps: int, seconds: float, device: Device
) -> dict[str, object]:
    """Train all on the same batches, some steps of one and then of the next."""
    sizes = SIZES[size].architecture(ByteCharacters.count)
    learner = Learner(sizes, case.frequencies, 0.0, 1, device)
    ours = Pupil(
        lambda batch, number: sum(learner.step(batch, RATE, number)),
        lambda batch: sum(learner.losses(batch)),
    )
    plain = {peer: plain_pupil(sizes, case.frequencies, peer, device.kind) for peer in peers}
    words, distinct, started = [], [], time.perf_counter()
    count = min(len(case.pieces) - UNSEEN, steps + WARM_UP)
    for first in range(0, count, ROUND):
        if first > WARM_UP and time.perf_counter() - started > seconds:
            break
        numbers = range(first, min(first + ROUND, count))
        batches = [case.batch(number) for number in numbers]
        for pupil in (ours, *plain.values()):
            for number, batch in zip(numbers, batches, strict=True):
                pupil.step(batch, number)
        words += [case.words(number) for number in numbers]
        distinct += [len(batch.characters) / int(batch.lengths.sum()) for batch in batches]
    counted = np.array(words)[WARM_UP:]
    unseen = [case.batch(len(case.pieces) - 1 - n) for n in range(UNSEEN)]
    share = float(np.mean(distinct))
    flops = flops_a_word(sizes, share, softmax_flops(learner, case.frequencies))
    return {
        "size": size,
        "device": str(device),
        "steps": len(counted),
        "words_a_step": float(counted.mean()),
        "distinct_share": share,
        **ours.told(counted, unseen),
        "megaflops_a_word": flops / 1e6,
        "plain": {
            peer: pupil.told(counted, unseen) | {"times_as_fast": _times_as_fast(ours, pupil)}
            for peer, pupil in plain.items()
        },
    }


def _times_as_fast(ours: Pupil, other: Pupil) -> float:
    """Return the median over the steps."""
    return float(np.median(np.divide(other.seconds, ours.seconds)[WARM_UP:]))


def plain_pupil(sizes: Architecture, frequencies: np.ndarray, peer: str, kind: str) -> Pupil:
    """Return a plain network; on a processor its products are PyTorch's own, float32."""
    is_half = peer.endswith("bfloat16") or kind == "cuda"
    device = device_named(kind, "bfloat16" if is_half else "float32")
    is_sampled = peer.startswith("sampled")
    torch.manual_seed(1)
    plain = PlainElmo(sizes, frequencies, is_sampled).to(device.torch)
    optimiser = torch.optim.Adam(plain.parameters(), betas=(0.9, 0.99), fused=True)
    return Pupil(
        lambda batch, _: _plain_step(plain, optimiser, batch, device),
        lambda batch: _plain_loss(plain, batch, device),
    )


@torch.no_grad()
def _plain_loss(plain: PlainElmo, arrays: BatchArrays, device: Device) -> float:
    """Return the loss over all classes, whatever it learns by."""
    is_sampled, plain.is_sampled = plain.is_sampled, False
    with device.products():
        loss = sum(plain(Batch.of(arrays, device.torch)))
    plain.is_sampled = is_sampled
    return float(loss)


def _plain_step(
    plain: PlainElmo, optimiser: torch.optim.Optimizer, arrays: BatchArrays, device: Device
) -> float:
    batch = Batch.of(arrays, device.torch)
    optimiser.zero_grad(set_to_none=True)
    for group in optimiser.param_groups:
        group["lr"] = RATE
    with device.products():
        loss = sum(plain(batch))
    (loss / sum(arrays.predictions)).backward()
    nn.utils.clip_grad_norm_(plain.parameters(), MOST_NORM)
    optimiser.step()
    return float(loss.detach())


def encoding(
    case: Case, size: str, sentences: int, runs: int, precision: str = "float32"
) -> dict[str, object]:
    """Encode the same sentences with NumPy and in AllenNLP's way."""
    sizes = SIZES[size].architecture(ByteCharacters.count)
    learner = Learner(sizes, case.frequencies, 0.0, 1, device_named("cpu", "float32"))
    exact = ContextualEncoder(sizes, Weights.from_tensors(learner.tensors(), sizes))
    encoder = exact.with_precision(precision)
    plain = PlainEncoder(sizes)
    texts = case.texts(sentences)
    words = sum(map(len, texts))
    encoder.encode(texts[:1])
    numbers = np.array(
        [
            [
                _times(lambda: encoder.encode(texts)),
                _times(lambda: _plain_encoding(plain, texts, batch=64)),
            ]
            for _ in range(runs)
        ]
    )
    (own, own_processor), (other, other_processor) = np.median(numbers, axis=0)
    return {
        "size": size,
        "precision": precision,
        "least_cosine": _least_cosine(exact.encode(texts[:64]), encoder.encode(texts[:64])),
        "sentences": len(texts),
        "words": words,
        "words_per_second": words / own,
        "plain_words_per_second": words / other,
        "times_as_fast": other / own,
        "words_per_processor_second": words / own_processor,
        "plain_words_per_processor_second": words / other_processor,
        "times_as_fast_by_processor": other_processor / own_processor,
    }


def _least_cosine(some: list[np.ndarray], others: list[np.ndarray]) -> float:
    """Return the cosine of the two vectors of a word in a layer that are farthest apart."""
    one, other = (np.concatenate(each, axis=1).astype(float) for each in (some, others))
    norms = np.linalg.norm(one, axis=2) * np.linalg.norm(other, axis=2)
    return float(((one * other).sum(axis=2) / norms).min())


def _plain_encoding(plain: PlainEncoder, texts: list[list[str]], batch: int) -> None:
    characters = ByteCharacters()
    marks = characters.sentence_marks(50)
    for start in range(0, len(texts), batch):
        some = texts[start : start + batch]
        lengths = torch.tensor([len(text) + 2 for text in some])
        ids = np.full((int(lengths.max()), len(some), 50), characters.padding, np.int32)
        for column, text in enumerate(some):
            own = [marks[:1], characters.ids(text, 50), marks[1:]]
            ids[: len(text) + 2, column] = np.concatenate(own)
        plain(torch.from_numpy(ids), lengths)


def perplexity(text: str, minutes: float) -> dict[str, object]:
    """Train tiny on a text for so many minutes, as the command does; tell how well it predicts."""
    from symvec.training import train

    encoder = train(text, algorithm="elmo", minutes=minutes, device="cpu")
    told = encoder.provenance
    names = ("words_trained", "perplexity", "softmax_classes", "saved_at_words")
    return {"size": "tiny", "minutes": minutes, **{name: told[name] for name in names}}


def everything(case: Case, text: str, minutes: float) -> Iterator[dict[str, object]]:
    """Go through all figures of ``results/elmo.md``; the slow sizes take a few steps."""
    device = device_named("cpu")
    yield training(case, "tiny", ("sampled", "full"), device=device, steps=12, seconds=75)
    yield training(case, "small", ("sampled", "full"), device=device, steps=4, seconds=50)
    yield training(case, "medium", [], device=device, steps=4, seconds=25)
    yield training(case, "original", [], device=device, steps=2, seconds=25)
    yield encoding(case, "tiny", sentences=512, runs=5)
    yield encoding(case, "small", sentences=128, runs=3)
    yield encoding(case, "medium", sentences=64, runs=1)
    yield encoding(case, "original", sentences=16, runs=1)
    yield perplexity(text, minutes)


def main() -> None:
    """Measure, and write JSON to standard output."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("text")
    parser.add_argument("--sizes", nargs="+", default=["tiny"], choices=list(SIZES))
    parser.add_argument("--steps", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--places", type=int, default=PLACES)
    parser.add_argument("--peers", nargs="*", default=["sampled"], choices=PEERS)
    parser.add_argument("--encode", action="store_true")
    parser.add_argument("--sentences", type=int, default=256)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--everything", action="store_true")
    parser.add_argument("--minutes", type=float, default=2.5)
    parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"])
    parser.add_argument("--precision", default="auto", choices=["auto", "float32", "bfloat16"])
    arguments = parser.parse_args()
    device = device_named(arguments.device, arguments.precision)
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    with tempfile.TemporaryDirectory() as folder:
        case = Case(arguments.text, arguments.places, arguments.steps, Path(folder))
        if arguments.everything:
            found = everything(case, arguments.text, arguments.minutes)
        elif arguments.encode:
            precision = "bfloat16" if arguments.precision == "bfloat16" else "float32"
            found = (
                encoding(case, size, arguments.sentences, arguments.runs, precision)
                for size in arguments.sizes
            )
        else:
            found = (
                training(case, size, arguments.peers, arguments.steps, arguments.seconds, device)
                for size in arguments.sizes
            )
        for each in found:
            print(json.dumps(each), flush=True)
    limit = gigaflops(device)
    print(json.dumps({"machine": description(), "gigaflops": limit}))


if __name__ == "__main__":
    main()
