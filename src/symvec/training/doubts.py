"""Settings that can be, but are unlikely to be what is wanted: found out before training."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from symvec.training.plan import keep_probabilities
from symvec.training.settings import CorpusLimits, Settings, Word2VecSettings
from symvec.vocabulary.counting import Encoding

# Judgements, not measurements: where a warning is worth more than the silence.
LEAST_WORDS_TRAINED: Final = 100_000
LEAST_SHARE_KEPT: Final = 0.02
LEAST_SHARE_FREQUENT: Final = 0.5
MOST_ALPHA: Final = {"skipgram": 0.2, "cbow": 0.5}
_LEAST_SENTENCES: Final = 10


def doubts(settings: Settings, encoding: Encoding) -> Iterator[str]:
    """Go through what the user should think about, a sentence or two each.

    Args:
        settings: of the run.
        encoding: what it is run on.
    """
    yield from _of_the_vocabulary(settings, encoding)
    if settings.has(Word2VecSettings):
        yield from _of_word2vec(settings.part(Word2VecSettings), encoding)


def _of_the_vocabulary(settings: Settings, encoding: Encoding) -> Iterator[str]:
    report, words = encoding.report, len(encoding.vocabulary)
    known = settings.to_metadata()
    if settings.has(CorpusLimits) and report.kept_words < LEAST_SHARE_FREQUENT * report.raw_words:
        share = 100 * (1 - report.kept_words / report.raw_words)
        yield (
            f"min_count={known['min_count']} and max_vocabulary={known['max_vocabulary']} drop "
            f"{share:.0f} % of the text and leave {words:,} words; lower or raise them"
        )
    size = known.get("vector_size")
    if isinstance(size, int) and size > words:
        yield (
            f"vector_size={size} is more than the {words:,} words that are learned: they can be "
            "told apart in fewer dimensions"
        )


def _of_word2vec(settings: Word2VecSettings, encoding: Encoding) -> Iterator[str]:
    report = encoding.report
    counts = encoding.occurrences
    kept = float((keep_probabilities(counts, settings.sample) * counts).sum())
    if kept < LEAST_SHARE_KEPT * report.kept_words:
        yield (
            f"sample={settings.sample} leaves {100 * kept / report.kept_words:.1f} % of the words "
            "to train on; raise it, or give 0 to keep all"
        )
    elif kept * settings.epochs < LEAST_WORDS_TRAINED:
        yield (
            f"{round(kept):,} words in {settings.epochs} epoch{'s' * (settings.epochs > 1)} are "
            "few to learn from: more epochs may help, more text will"
        )
    longest = encoding.corpus.longest_sentence
    if report.sentences >= _LEAST_SENTENCES and settings.window >= 2 * max(longest, 1):
        yield (
            f"window={settings.window} reaches far beyond the longest sentence, of {longest} "
            "words: it is as good as one of that length"
        )
    if settings.learning_rate > MOST_ALPHA[settings.algorithm]:
        yield (
            f"alpha={settings.learning_rate} is large for {settings.algorithm}: vectors may grow "
            f"without bound; above {MOST_ALPHA[settings.algorithm]} it seldom helps"
        )
