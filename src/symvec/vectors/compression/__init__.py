"""Tables made smaller, and what that costs."""

from symvec.vectors.compression.buckets import fewer_buckets, unseen_word_cosines
from symvec.vectors.compression.codecs import CODECS, Codec, decode, encode
from symvec.vectors.compression.dimensions import fewer_dimensions
from symvec.vectors.compression.loss import CompressionLoss, compression_loss

__all__ = [
    "CODECS",
    "Codec",
    "CompressionLoss",
    "compression_loss",
    "decode",
    "encode",
    "fewer_buckets",
    "fewer_dimensions",
    "unseen_word_cosines",
]
