"""What a training run is told: small parts, of which each algorithm takes those that it uses."""

from symvec.training.settings.corpus import CorpusLimits
from symvec.training.settings.elmo import ElmoMonitoring, ElmoSettings
from symvec.training.settings.glove import GloveSettings
from symvec.training.settings.monitoring import MonitoringSettings
from symvec.training.settings.pairs import GlovePairs, PairSettings
from symvec.training.settings.part import Part, setting
from symvec.training.settings.phrases import PhraseSettings
from symvec.training.settings.position_weights import PositionWeights
from symvec.training.settings.settings import Settings, compose
from symvec.training.settings.subwords import SubwordSettings
from symvec.training.settings.svd import SvdSettings
from symvec.training.settings.word2vec import Word2VecSettings

__all__ = [
    "CorpusLimits",
    "ElmoMonitoring",
    "ElmoSettings",
    "GlovePairs",
    "GloveSettings",
    "MonitoringSettings",
    "PairSettings",
    "Part",
    "PhraseSettings",
    "PositionWeights",
    "Settings",
    "SubwordSettings",
    "SvdSettings",
    "Word2VecSettings",
    "compose",
    "setting",
]
