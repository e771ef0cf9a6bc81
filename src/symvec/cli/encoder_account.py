"""What there is to tell of an ELMo that was learned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from symvec.contextual import ContextualEncoder


@dataclass(frozen=True)
class EncoderAccount:
    """What there is to tell of an ELMo; see ``symvec.cli.accounts``.

    Args:
        encoder: it.
    """

    encoder: ContextualEncoder

    def facts(self) -> Mapping[str, object]:
        """Return the sizes."""
        sizes = self.encoder.architecture
        return {"layers": sizes.layers + 1, "vector_size": sizes.vector_size}

    def lines(self, reading: Mapping[str, Any]) -> Sequence[str]:
        """Return what was predicted, and how well."""
        told = cast("Mapping[str, Any]", self.encoder.provenance)
        lines = [
            f"vocabulary  {reading['distinct_words']:,} words are read, "
            f"{told['softmax_classes']:,} classes are predicted",
            f"trained     {told['words_trained']:,} words on {told['device']}; loss "
            f"{told['losses_before_looks'][-1]:.3f} of a prediction",
        ]
        if "perplexity" in told:
            found = told["perplexity"]
            both = ", ".join(f"{name} {found[name]:.1f}" for name in ("forward", "backward"))
            lines.append(f"perplexity  {both}: text that was held out, over all classes")
        return lines

    def next_commands(self, path: str) -> Sequence[str]:
        """Return the way to what the file holds, and to questions about words in sentences."""
        return [
            f"symvec info {path}",
            f"symvec contexts VECTORS.safetensors --encoder {path} --corpus TEXT",
        ]
