"""The algorithms that there are: what each is told, and what learns by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from symvec.errors import InputError
from symvec.training.settings import (
    CorpusLimits,
    ElmoMonitoring,
    ElmoSettings,
    GlovePairs,
    GloveSettings,
    MonitoringSettings,
    PairSettings,
    Part,
    PhraseSettings,
    PositionWeights,
    Settings,
    SubwordSettings,
    SvdSettings,
    Word2VecSettings,
    compose,
)
from symvec.training.settings.part import described

if TYPE_CHECKING:
    from symvec.training.task import Learned, Task

    Learn: TypeAlias = Callable[[Task], Learned]


@dataclass(frozen=True, slots=True)
class Algorithm:
    """A way of learning vectors.

    Args:
        summary: what it does, in a few words.
        parts: the kinds of settings that it takes.
        learn: takes a `Task` and returns what was `Learned`; it imports what it needs.
        lowercase: whether text is lower-cased where nobody says so.
        extra: the package that it needs besides, which is also the name of symvec's extra.
        check: called before text is read; raises InputError where this machine has not what the
            settings ask for.
    """

    summary: str
    parts: tuple[type[Part], ...]
    learn: Learn
    lowercase: bool = True
    extra: str | None = None
    check: Callable[[Settings], None] = lambda _: None


def _word2vec(task: Task) -> Learned:
    from symvec.training.word2vec import learn

    return learn(task)


def _glove(task: Task) -> Learned:
    from symvec.training.glove import learn

    return learn(task)


def _svd(task: Task) -> Learned:
    from symvec.training.svd import learn

    return learn(task)


def _elmo(task: Task) -> Learned:
    from symvec.training.elmo.learning import learn

    return learn(task)


def _check_elmo(settings: Settings) -> None:
    from symvec.layers.torch.elmo import device_named

    elmo = settings.part(ElmoSettings)
    device_named(elmo.device, elmo.precision)


CORPUS_PARTS: Final = (CorpusLimits, PhraseSettings)
WORD2VEC_PARTS: Final = (
    Word2VecSettings,
    SubwordSettings,
    *CORPUS_PARTS,
    MonitoringSettings,
)
ALGORITHMS: Final[Mapping[str, Algorithm]] = {
    "skipgram": Algorithm("tells contexts by the word", WORD2VEC_PARTS, _word2vec),
    "cbow": Algorithm(
        "tells the word by its contexts", (*WORD2VEC_PARTS, PositionWeights), _word2vec
    ),
    "glove": Algorithm(
        "fits how often words meet",
        (GloveSettings, GlovePairs, *CORPUS_PARTS, MonitoringSettings),
        _glove,
    ),
    "svd": Algorithm(
        "factorises how much more often than by chance",
        (SvdSettings, PairSettings, *CORPUS_PARTS),
        _svd,
    ),
    "elmo": Algorithm(
        "tells each word by those before it, and by those after it",
        (ElmoSettings, ElmoMonitoring),
        _elmo,
        lowercase=False,  # as the published models: a capital tells a name
        extra="torch",
        check=_check_elmo,
    ),
}


def default_lowercase(algorithm: str | None) -> bool:
    """Return whether text is lower-cased where nobody says so.

    Example:
        >>> default_lowercase("skipgram"), default_lowercase("elmo")
        (True, False)
    """
    return algorithm is None or algorithm not in ALGORITHMS or ALGORITHMS[algorithm].lowercase


def settings_of(algorithm: str, given: Mapping[str, Any]) -> Settings:
    """Return the settings of an algorithm, by its name, from flat ones.

    Raises:
        InputError: there is no such algorithm or setting, or a value cannot work.

    Example:
        >>> settings_of("cbow", {"window": 3}).part(Word2VecSettings).window
        3
    """
    if algorithm not in ALGORITHMS:
        names = " or ".join(map(repr, ALGORITHMS))
        raise InputError(f"algorithm must be {names}, got {algorithm!r}")
    users: dict[str, list[str]] = {}
    for name, other in ALGORITHMS.items():
        for each in (each for part in other.parts for each in described(part)):
            users.setdefault(each, []).append(name)
    return compose(algorithm, ALGORITHMS[algorithm].parts, given, users)
