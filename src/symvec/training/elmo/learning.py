"""ELMo: from a corpus of ids to an encoder."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from math import exp
from typing import Any, Final

from symvec.contextual import Architecture, learn_characters
from symvec.contextual.characters import Characters
from symvec.contextual.weights import DIRECTIONS
from symvec.training.advice import advise
from symvec.training.elmo.batches import BatchMaker
from symvec.training.elmo.course import Course, OnLook, OnStep, Watchers, train_elmo
from symvec.training.elmo.learned import LearnedEncoder
from symvec.training.elmo.place import ElmoPlace, Look
from symvec.training.elmo.sentences import Sentences
from symvec.training.elmo.sizes import SIZES
from symvec.training.epoch_report import EpochReport
from symvec.training.holding_out import hold_out
from symvec.training.settings.elmo import ElmoMonitoring, ElmoSettings
from symvec.training.task import Task
from symvec.vocabulary.corpus import EncodedCorpus

BATCH_WORDS: Final[Mapping[str, int]] = {"cpu": 2048, "cuda": 16_384}
_FEWEST_HELD_OUT: Final = 10
_LARGEST_SHARE: Final = 0.5


def learn(task: Task) -> LearnedEncoder:
    """Train two language models; see ``symvec.layers.torch.elmo``.

    Raises:
        InputError: the device that is asked for is not there.
        InterruptedTraining: the user pressed Ctrl-C.
        MissingExtraError: PyTorch is not installed.
        SymvecError: the loss is not finite, or memory is too short for any batch.
    """
    from symvec.layers.torch.elmo import device_named, torch_threads

    settings, vocabulary = task.settings.part(ElmoSettings), task.encoding.vocabulary
    device = device_named(settings.device, settings.precision)
    characters = learn_characters(settings.characters, vocabulary.words, vocabulary.counts.tolist())
    architecture = SIZES[settings.size].architecture(characters.count)
    with torch_threads(task.threads):
        course = _course(task, architecture, characters, device)
        watchers = Watchers(_on_step(task, course), _on_look(task), task.checkpoints)
        place, tensors = train_elmo(course, watchers)
    told = _told(place, course) | {"device": str(device), "torch": version("torch")}
    return LearnedEncoder(architecture, tensors, characters, told)


def _course(
    task: Task,
    architecture: Architecture,
    characters: Characters,
    device: Any,  # noqa: ANN401 - its type is PyTorch's to import
) -> Course:
    from symvec.layers.torch.elmo import Learner

    settings, vocabulary = task.settings.part(ElmoSettings), task.encoding.vocabulary
    maker = BatchMaker.of(
        vocabulary, characters, architecture.most_characters, settings.predicted_words
    )
    frequencies = maker.frequencies(vocabulary.counts, task.encoding.corpus.sentence_count)
    trained_on, held_out = _parts(task)
    return Course(
        Learner(architecture, frequencies, settings.dropout, settings.seed, device, _on_shortage),
        maker,
        Sentences.of(trained_on, settings.sentence_words),
        held_out,
        settings,
        task.settings.part(ElmoMonitoring),
        settings.batch_words or BATCH_WORDS[device.kind],
    )


def _parts(task: Task) -> tuple[EncodedCorpus, Sentences | None]:
    """Return what is trained on and what is held out."""
    settings, watching = task.settings.part(ElmoSettings), task.settings.part(ElmoMonitoring)
    corpus = task.encoding.corpus
    if not watching.held_out:
        return corpus, None
    least = _FEWEST_HELD_OUT / max(corpus.sentence_count, 1)
    share = max(watching.held_out, min(least, _LARGEST_SHARE))
    trained_on, held_out = hold_out(corpus, share, settings.seed, task.folder)
    pieces = Sentences.of(held_out, settings.sentence_words)
    return trained_on, pieces.first(watching.held_out_words)


def _on_shortage(parts: int) -> None:
    advise(
        f"memory is short: a batch is now computed in {parts} parts, which takes longer and "
        "learns the same; a smaller batch_words avoids it"
    )


def _on_step(task: Task, course: Course) -> OnStep:
    epochs, words = course.settings.epochs, course.sentences.word_count
    begun = False

    def on_step(place: ElmoPlace, done: float) -> None:
        nonlocal begun
        if not begun:
            begun = True
            task.reporter.training_begins(place.words)
            return
        total = round(place.words / done) if course.settings.minutes and done else words * epochs
        epoch = min(place.epoch, epochs - 1)
        task.reporter.training(place.words, total, epoch, epochs, place.mean_loss)

    return on_step


def _on_look(task: Task) -> OnLook:
    epochs = task.settings.part(ElmoSettings).epochs

    def on_look(place: ElmoPlace) -> None:
        look = place.looks[-1]
        task.reporter.epoch(
            EpochReport(
                min(place.epoch + (place.batch > 0), epochs),
                epochs,
                look.loss,
                look.held_out_loss,
                {},
                words=look.words,
                perplexities=perplexities(look),
            )
        )

    return on_look


def perplexities(look: Look) -> dict[str, float]:
    """Return the perplexity of what is held out by direction, over the whole vocabulary.

    Example:
        >>> perplexities(Look(10, 1.0, 0.0, 0.0))
        {'forward': 1.0, 'backward': 1.0}
    """
    losses = {name: getattr(look, name) for name in DIRECTIONS}
    return {name: exp(loss) for name, loss in losses.items() if loss is not None}


def _told(place: ElmoPlace, course: Course) -> dict[str, object]:
    told: dict[str, object] = {
        "words_trained": place.words,
        "batch_words": course.batch_words,
        "softmax_classes": course.maker.class_count,
        "looks": [look.words for look in place.looks],
        "losses_before_looks": [look.loss for look in place.looks],
    }
    if place.best is not None:
        best = place.looks[place.best]
        told["held_out_losses"] = [look.held_out_loss for look in place.looks]
        told["perplexity"] = perplexities(best)
        told["saved_at_words"] = best.words
    return told
