"""Small dense products and row updates at the speed of the processor's vector unit.

The NumPy twin, which reads like the formulas, is `symvec.kernels.reference.tiles`; it takes the
place of the vector code where nothing is compiled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from symvec.kernels.compiling import UNCOMPILED
from symvec.kernels.emission import LANES, SIDE

if TYPE_CHECKING or UNCOMPILED:
    from symvec.kernels.reference.tiles import (
        add_path_changes,
        add_product,
        add_scaled_row,
        copy_row,
        dot_rows,
        logistic_gradient,
        prefetch_row,
        set_path_scores,
        set_product,
        sum_rows,
        transpose,
    )
else:
    from symvec.kernels.logistic_gradients import logistic_gradient
    from symvec.kernels.path_changes import add_path_changes
    from symvec.kernels.path_scores import set_path_scores
    from symvec.kernels.products import add_product, set_product
    from symvec.kernels.table_rows import (
        add_scaled_row,
        copy_row,
        dot_rows,
        prefetch_row,
        sum_rows,
    )
    from symvec.kernels.transposition import transpose

__all__ = [
    "LANES",
    "SIDE",
    "add_path_changes",
    "add_product",
    "add_scaled_row",
    "copy_row",
    "dot_rows",
    "logistic_gradient",
    "prefetch_row",
    "set_path_scores",
    "set_product",
    "sum_rows",
    "transpose",
]
