"""The Embedding layers for Keras 3, on each of its backends."""

from symvec.optional import require

require("keras", extra="keras")

import keras as _keras  # noqa: E402 - after the extra is explained

from symvec.layers.keras.embedding import Embedding  # noqa: E402
from symvec.layers.keras.ids import raise_bad_ids  # noqa: E402

__all__ = ["Embedding", "raise_bad_ids"]

if hasattr(_keras.layers, "ReversibleEmbedding"):  # since Keras 3.12
    from symvec.layers.keras.reversible import ReversibleEmbedding

    __all__ += ["ReversibleEmbedding"]
