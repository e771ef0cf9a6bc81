"""The settings of a model of fastText or floret, as symvec calls them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from symvec.errors import InputError
from symvec.training.algorithms import ALGORITHMS, settings_of

SOURCES: Final = ("fastText model", "floret model")
# fastText draws noise words by the square root of their counts, and keeps that nowhere.
_NS_EXPONENT: Final = 0.5
_FLORET_MODE: Final = 2
_OBJECTIVES: Final = {
    "negative sampling": "negative-sampling",
    "hierarchical softmax": "hierarchical-softmax",
}
_NUMBERS: Final = {"vector_size": "dim", "window": "ws", "epochs": "epoch", "sample": "t"}


def is_fasttext(provenance: Mapping[str, object]) -> bool:
    """Return whether vectors come from a model of fastText or floret."""
    return provenance.get("source_format") in SOURCES


def settings_of_fasttext(provenance: Mapping[str, object]) -> tuple[str, dict[str, Any]]:
    """Return the algorithm and all of its settings that are those of a model.

    The learning rate is in no such file.

    Args:
        provenance: of the vectors, as they were read.

    Raises:
        InputError: the model is none of skip-gram or CBOW.

    Example:
        >>> told = {"model": "cbow", "loss": "negative sampling", "dim": 300, "ws": 5, "neg": 10,
        ...         "epoch": 5, "min_count": 5, "minn": 5, "maxn": 5, "bucket": 2000, "t": 1e-4}
        >>> algorithm, settings = settings_of_fasttext({"settings": told})
        >>> algorithm, settings["negative"], settings["subwords"], settings["ns_exponent"]
        ('cbow', 10, 'chars', 0.5)
    """
    told: Mapping[str, Any] = provenance["settings"]  # type: ignore[assignment]  # as it was read
    algorithm, objective = str(told["model"]), _OBJECTIVES.get(told["loss"])
    if algorithm not in ALGORITHMS or objective is None:
        raise InputError(
            f"a {algorithm} model with the loss {told['loss']!r} cannot be continued from, only "
            "skipgram or cbow with negative sampling or hierarchical softmax; --init-from "
            "(init_from=) starts from the vectors of any file"
        )
    settings = {name: told[theirs] for name, theirs in _NUMBERS.items()}
    settings |= {"objective": objective, "min_count": max(1, told["min_count"]), **_subwords(told)}
    if objective == "negative-sampling":
        settings |= {"negative": told["neg"], "ns_exponent": _NS_EXPONENT}
    known = settings_of(algorithm, settings).to_metadata()
    return algorithm, {name: value for name, value in known.items() if name != "algorithm"}


def _subwords(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return what words are made of; files of models without n-grams have buckets all the same."""
    is_hashed = told.get("mode") == _FLORET_MODE
    if not is_hashed and (told["maxn"] == 0 or told["bucket"] == 0):
        return {"subwords": "none"}
    settings = {
        "subwords": "chars",
        "min_n": max(1, told["minn"]),
        "max_n": told["maxn"],
        "bucket": told["bucket"],
    }
    if is_hashed:
        settings |= {"ngram_rows": "hashed", "hash_count": told["hash_count"]}
    return settings
