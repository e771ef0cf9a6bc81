"""ELMo as a network that can be trained: two language models that share their words.

Arrays go in and come out; what a word or a file is, it does not know.
"""

from symvec.layers.torch.elmo.batch import IGNORED, Batch, BatchArrays
from symvec.layers.torch.elmo.devices import Device, device_named, torch_threads
from symvec.layers.torch.elmo.learner import Learner, Losses
from symvec.layers.torch.elmo.models import LanguageModels
from symvec.layers.torch.elmo.sizes import ElmoSizes

__all__ = [
    "IGNORED",
    "Batch",
    "BatchArrays",
    "Device",
    "ElmoSizes",
    "LanguageModels",
    "Learner",
    "Losses",
    "device_named",
    "torch_threads",
]
