"""How PPMI and singular values learn: the numbers of a truncated factorisation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from symvec.errors import InputError
from symvec.training.settings.checks import check_number, check_positive, check_whole
from symvec.training.settings.part import Part, setting

_MOST_VECTOR_SIZE: Final = 1 << 12  # the work grows with its square
_MOST_ITERATIONS: Final = 1000


@dataclass(frozen=True, kw_only=True)
class SvdSettings(Part):
    """The settings of PPMI and its truncated singular value decomposition.

    Source of the defaults: Levy, Goldberg, Dagan 2015, "Improving distributional similarity with
    lessons learned from word embeddings", section 7.

    Args:
        vector_size: dimensions of a vector.
        eigenvalue_weight: vectors are the left singular vectors times the singular values to this
            power, below 1: "never" take 1, the textbook's, says the article, which measured it
            far behind 0.5 and 0.
        context_smoothing: contexts count by their frequency to this power.
        ppmi_shift: k of shifted PPMI, max(0, PMI - log k); the article found 1 best for SVD.
        iterations: how often the matrix is gone through both ways; more are more exact.
        seed: the same seed gives the same bytes, at any number of threads.

    Raises:
        InputError: a value that cannot work.

    Example:
        >>> SvdSettings(eigenvalue_weight=1)
        Traceback (most recent call last):
        symvec.errors.InputError: eigenvalue_weight must be below 1, got 1; ...
    """

    heading: ClassVar[str] = "PPMI and singular values"

    vector_size: int = setting(100, "Numbers in a vector.", "D")
    eigenvalue_weight: float = setting(0.5, "Singular values count to the power P, below 1.", "P")
    context_smoothing: float = setting(0.75, "Contexts count by their frequency to the P.", "P")
    ppmi_shift: float = setting(1.0, "K of shifted PPMI: log K is taken off.", "K")
    iterations: int = setting(4, "How often the matrix is gone through both ways.", "N")
    seed: int = setting(1, "The same seed, the same bytes.", "N")

    def __post_init__(self) -> None:
        """Check each value."""
        check_whole("vector_size", self.vector_size, 1, _MOST_VECTOR_SIZE)
        check_whole("iterations", self.iterations, 0, _MOST_ITERATIONS)
        check_whole("seed", self.seed, 0, 2**63 - 1)
        check_number("eigenvalue_weight", self.eigenvalue_weight, least=0)
        if self.eigenvalue_weight >= 1:
            raise InputError(
                f"eigenvalue_weight must be below 1, got {self.eigenvalue_weight}; words are far "
                "apart only in the few largest directions otherwise (Levy, Goldberg, Dagan 2015); "
                "take 0.5 or 0"
            )
        check_number("context_smoothing", self.context_smoothing, least=0)
        check_positive("ppmi_shift", self.ppmi_shift)
