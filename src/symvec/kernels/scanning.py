"""Raw text to word ids in one pass: bytes in, ids out, words counted on the way."""

from __future__ import annotations

from symvec.arrays import Bytes1, Ids, Ids64
from symvec.characters import CLASS_BITS, IDEOGRAPH, LETTER
from symvec.kernels.compiling import Scalar, inlined, kernel
from symvec.kernels.utf8 import decoded, is_cut
from symvec.kernels.word_table import FULL, NO_KEY, WordTable, intern
from symvec.kernels.words import (
    ENDS_LINE,
    INCOMPLETE,
    LOOK_CLOSER,
    CodePointTables,
    read_plain_word,
    read_word,
)

SENTENCE_END = -1

# The places in the array ``progress``.
POSITION, WRITTEN, IN_SENTENCE, WORDS, SENTENCES, INVALID_BYTES = range(6)
PROGRESS_SIZE = 6


@inlined
def _end_sentence(ids: Ids, progress: Ids64) -> None:
    if progress[IN_SENTENCE]:
        ids[progress[WRITTEN]] = SENTENCE_END
        progress[WRITTEN] += 1
        progress[SENTENCES] += 1
        progress[IN_SENTENCE] = 0


@inlined
def _put_word(word_id: Scalar, ids: Ids, progress: Ids64) -> None:
    ids[progress[WRITTEN]] = word_id
    progress[WRITTEN] += 1
    progress[WORDS] += 1
    progress[IN_SENTENCE] = 1


@kernel
def _skipped(text: Bytes1, position: Scalar, is_last: bool, classes: Bytes1) -> Scalar:
    """Return the width of a character that begins no word, 0 if it does or is cut."""
    if is_cut(text, position, is_last):
        return 0
    code_point, width = decoded(text, position)
    character_class = classes[code_point] & CLASS_BITS
    return 0 if LETTER <= character_class <= IDEOGRAPH else width


@inlined
def _next_word(
    text: Bytes1, is_last: bool, tables: CodePointTables, ids: Ids, progress: Ids64
) -> Scalar:
    """Return where the next word begins, or where the text ends or is cut."""
    position, width = progress[POSITION], 1
    while width > 0 and position < text.size:
        look = tables.first_look[text[position]]
        width = 1
        if look == ENDS_LINE:
            _end_sentence(ids, progress)
        elif look > LOOK_CLOSER:
            width = 0
        elif look == LOOK_CLOSER:
            width = _skipped(text, position, is_last, tables.classes)
        position += width
    return position


@inlined
def _read(
    text: Bytes1, position: Scalar, is_last: bool, tables: CodePointTables, words: WordTable
) -> Scalar:
    """Spell the word at ``position`` behind the words of the table; return as ``read_word``."""
    at = words.ends[words.size[0]]
    irregular, invalid = 0, 0
    if position == text.size:
        return INCOMPLETE, NO_KEY, NO_KEY, 0, irregular, invalid
    stop, key, earlier, length = read_plain_word(
        text, position, tables.first_look, words.spellings, at
    )
    if stop == INCOMPLETE:
        return read_word(text, position, is_last, tables, words.spellings, at)
    return stop, key, earlier, length, irregular, invalid


@kernel
def scan_text(
    text: Bytes1,
    is_last: bool,
    tables: CodePointTables,
    words: WordTable,
    ids: Ids,
    progress: Ids64,
) -> Scalar:
    """Encode ``text`` from ``progress[POSITION]`` on, adding to ``words`` what is new.

    Args:
        text: (bytes,) uint8.
        is_last: whether the source ends with ``text``; if not, a word at its end is left.
        tables: ``CodePointTables``.
        words: ``WordTable`` with room for ``2 * bytes`` bytes of spelling.
        ids: (more than bytes,) int32, where the ids go from ``progress[WRITTEN]`` on.
        progress: (PROGRESS_SIZE,) int64, read and advanced.

    Returns:
        False if it stopped because ``words`` has no room for another word.
    """
    word_id, stop = 0, 0
    while stop != INCOMPLETE and word_id != FULL:
        position = _next_word(text, is_last, tables, ids, progress)
        progress[POSITION] = position
        stop, key, earlier, length, irregular, invalid = _read(
            text, position, is_last, tables, words
        )
        if stop != INCOMPLETE:
            word_id = intern(words, key, earlier, length, 1)
            if word_id != FULL:
                if irregular:
                    words.irregular[word_id] = 1
                _put_word(word_id, ids, progress)
                progress[INVALID_BYTES] += invalid
                progress[POSITION] = stop
    if is_last and word_id != FULL:
        _end_sentence(ids, progress)
    return word_id != FULL


@kernel
def rewrite_ids(ids: Ids, start: Scalar, stop: Scalar, new_ids: Ids, progress: Ids64) -> None:
    """Put ``new_ids[id]`` for each id of ``ids[start:stop]``, in place and closing the gaps.

    A negative new id drops the word, and a sentence without words goes as well. Written is from
    ``progress[WRITTEN]`` on, never past what was read; WORDS, SENTENCES and IN_SENTENCE go on
    from call to call.
    """
    for place in range(start, stop):
        old_id = ids[place]
        if old_id == SENTENCE_END:
            _end_sentence(ids, progress)
        elif new_ids[old_id] >= 0:
            _put_word(new_ids[old_id], ids, progress)
