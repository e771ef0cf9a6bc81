"""The Embedding layer for PyTorch, and optimisers for the rows that a batch touches.

:class:`Embedding` and :class:`EmbeddingBag` take the constructor arguments of their namesakes in
``torch.nn`` and are subclasses of them. Where a row optimiser trains their weight, its ``grad`` is
compact (a sparse tensor of distinct rows in rising order), and rows are read as the optimiser's
missed steps leave them. Use :func:`clip_grad_norm_` to clip such gradients, :meth:`flush
<RowOptimiser.flush>` before reading ``weight`` directly, and ``sparse=True`` under
``DistributedDataParallel``, which has to know beforehand.

On a graphics card a layer waits for nothing: an id that the table does not have is told at a later
call, or by :meth:`raise_bad_ids <RowLayer.raise_bad_ids>`.

:class:`ElmoEncoder` is an open ELMo as a module, and :class:`ScalarMix` learns for a task how much
each of its layers counts.
"""

from symvec.optional import require

require("torch", extra="torch")

from symvec.layers.torch.adagrad import (  # noqa: E402 - after the extra is explained
    RowAdagrad,
    RowWiseAdagrad,
)
from symvec.layers.torch.adam import RowAdam, RowAdamW  # noqa: E402
from symvec.layers.torch.bags import EmbeddingBag  # noqa: E402
from symvec.layers.torch.clipping import clip_grad_norm_, clip_grad_value_  # noqa: E402
from symvec.layers.torch.elmo_encoder import ElmoEncoder, ElmoOutput  # noqa: E402
from symvec.layers.torch.embedding import Embedding  # noqa: E402
from symvec.layers.torch.optimiser import RowOptimiser  # noqa: E402
from symvec.layers.torch.scalar_mix import ScalarMix  # noqa: E402
from symvec.layers.torch.sgd import RowSGD  # noqa: E402
from symvec.layers.torch.symbols import SymbolEmbedding  # noqa: E402

__all__ = [
    "ElmoEncoder",
    "ElmoOutput",
    "Embedding",
    "EmbeddingBag",
    "RowAdagrad",
    "RowAdam",
    "RowAdamW",
    "RowOptimiser",
    "RowSGD",
    "RowWiseAdagrad",
    "ScalarMix",
    "SymbolEmbedding",
    "clip_grad_norm_",
    "clip_grad_value_",
]
