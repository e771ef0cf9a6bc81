"""The model that training starts from, if it does not start from nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from symvec.arrays import Float2
from symvec.errors import InputError
from symvec.training.advice import advise
from symvec.training.inherited_rows import InheritedRows, inherited_rows
from symvec.training.position_vectors import position_vectors
from symvec.training.settings import Settings, Word2VecSettings
from symvec.training.settings.checks import check_switch
from symvec.vectors import Vectors
from symvec.vectors.digest import digest
from symvec.vocabulary import Rows, WordRows

KEY: Final = "started_from"
"""The name in a model's provenance."""
INHERITED: Final = "inherited"


@dataclass(frozen=True, eq=False)
class Start:
    """A model whose vectors are where those of its words begin.

    Args:
        vectors: of the model.
        freeze: whether the rows that come from it stay as they are.
        continues: whether training goes on with new text where that of the model ended: its
            words and its outputs are kept, too.
    """

    vectors: Vectors
    freeze: bool = False
    continues: bool = False

    @cached_property
    def sha256(self) -> str:
        """What the vectors are; see ``symvec.vectors.digest``."""
        return digest(self.vectors)

    def to_metadata(self) -> dict[str, object]:
        """Return what goes into the file."""
        told: dict[str, object] = {
            "how": "continue" if self.continues else "init",
            "sha256": self.sha256,
            "freeze": self.freeze,
        }
        if self.continues:
            told["corpora"] = earlier_corpora(self.vectors.provenance)
        return told

    def check(self, settings: Settings) -> None:
        """Check that an algorithm can begin from these vectors, before all text is read.

        Raises:
            InputError: it cannot.
        """
        if not settings.has(Word2VecSettings):
            raise InputError(
                "a model to start from is for skipgram and cbow, which move vectors from wherever "
                f"they begin; {settings.algorithm} does not begin with vectors of words: leave "
                "init_from out"
            )
        wanted, found = settings.part(Word2VecSettings).vector_size, self.vectors.vector_size
        if wanted != found:
            raise InputError(
                f"vector_size={wanted}, but the model to start from has {found} dimensions; train "
                f"with vector_size={found}"
            )

    def rows(self, rows: Rows) -> InheritedRows:
        """Return what rows take over from the model.

        Raises:
            InputError: it has nothing that could be taken over, or nothing is left to learn.
        """
        found = inherited_rows(rows, self.vectors)
        if self.freeze:
            _check_freezing(found)
        return found

    def fill_outputs(self, rows: Rows, outputs: Float2) -> None:
        """Write the outputs of the model's words over zeros, where they go on.

        Raises:
            InputError: one holds NaN or infinity.
        """
        if not self.continues:
            return
        kept = self.vectors.outputs
        if kept is None:
            return
        if not np.isfinite(kept).all():
            raise InputError(
                "the outputs of the model to continue from hold NaN or infinity; the file was "
                "changed, or training had failed"
            )
        word_ids = rows.vocabulary.find(self.vectors.vocabulary)
        outputs[word_ids, : kept.shape[1]] = kept

    def fill_places(self, places: Float2) -> None:
        """Write what the model learned of places, where it goes on and weighs them."""
        if self.continues and len(places):
            learned = position_vectors(self.vectors.provenance)
            places[:, : learned.shape[1]] = learned

    def advise(self) -> None:
        """Tell what the model does not have, and what that means."""
        if self.continues and self.vectors.outputs is None:
            advise(
                "the model to continue from holds no outputs, which --keep-outputs "
                "(keep_outputs=True) keeps where there is no tree: they begin at zero, so that old "
                "words move more than they would"
            )


def start_from(
    init_from: Vectors | None, continue_from: Vectors | None, freeze: bool
) -> Start | None:
    """Return what training starts from; None where that is nothing.

    Raises:
        InputError: these contradict each other, or are no vectors.
    """
    check_switch("freeze", freeze)
    for name, given in (("init_from", init_from), ("continue_from", continue_from)):
        if given is not None and not isinstance(given, Vectors):
            raise InputError(
                f"{name} must be vectors, got {given!r}; open a file with symvec.load(path)"
            )
    if init_from is not None and continue_from is not None:
        raise InputError("give init_from or continue_from, not both")
    model = init_from if continue_from is None else continue_from
    if model is None:
        if freeze:
            raise InputError("freeze needs a model to start from: init_from or continue_from")
        return None
    return Start(model, freeze, continue_from is not None)


def earlier_corpora(provenance: Mapping[str, object]) -> list[object]:
    """Return what was read to train a model, the first text first, as its provenance tells."""
    before = provenance.get(KEY)
    corpora = list(before.get("corpora", [])) if isinstance(before, dict) else []
    return [*corpora, provenance["corpus"]] if "corpus" in provenance else corpora


def _check_freezing(found: InheritedRows) -> None:
    if found.frozen().all():
        raise InputError(
            "freeze leaves nothing to learn: all rows come from the model to start from"
        )
    if len(found.target_words) and not isinstance(found.rows, WordRows):
        advise(
            "freeze keeps the rows of words as they are, but not their n-grams: the model to "
            "start from has none like these, so that they are learned, and words move with them"
        )
