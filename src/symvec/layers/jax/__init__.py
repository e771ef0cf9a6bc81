"""The Embedding layer for JAX: pure functions, and a thin module that holds a table.

Ids that are there when the function is called are checked at once. Inside ``jit`` they are checked
as the compiled function runs: a bad id raises JAX's runtime error with the same text, and reads a
row of NaN, never a row that was not asked for. A graphics card is not waited for: see
`raise_bad_ids`.
"""

from symvec.optional import require

require("jax", extra="jax")

from symvec.layers.jax.bags import bag  # noqa: E402 - after the extra is explained
from symvec.layers.jax.embedding import Embedding, lookup  # noqa: E402
from symvec.layers.jax.ids import raise_bad_ids  # noqa: E402

__all__ = ["Embedding", "bag", "lookup", "raise_bad_ids"]
