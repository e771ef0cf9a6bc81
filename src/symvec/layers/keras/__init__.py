"""The Embedding layer for Keras 3, on each of its backends."""

from symvec.optional import require

require("keras", extra="keras")

from symvec.layers.keras.embedding import Embedding  # noqa: E402 - after the extra is explained

__all__ = ["Embedding"]
