"""What a character does to a word: the codes that tokenisers write into tables and kernels read.

A tokeniser gives each code point one of these classes. The rules follow the spirit of Unicode
Standard Annex #29, "Unicode Text Segmentation", section 4; where they differ is written in
``docs/decisions/0002-words-of-the-default-tokeniser.md``.
"""

from __future__ import annotations

from typing import Final

SEPARATOR: Final = 0
"""Ends a word and belongs to none."""
LINE_END: Final = 1
"""Ends a word and its sentence."""
LETTER: Final = 2
"""Makes words, together with letters and digits."""
DIGIT: Final = 3
"""Makes words, together with letters and digits."""
KATAKANA: Final = 4
"""Makes words, together with its like only."""
IDEOGRAPH: Final = 5
"""Is a word of its own."""
MARK: Final = 6
"""Belongs to the word before it; where there is none it is a separator."""
IGNORED: Final = 7
"""Is dropped, as if it were not there."""
JOINS_LETTERS: Final = 8
"""Belongs to the word when it stands between two letters."""
JOINS_DIGITS: Final = 9
"""Belongs to the word when it stands between two digits."""
JOINS_LIKE: Final = 10
"""Belongs to the word when it stands between two letters or between two digits."""
JOINS_ALL: Final = 11
"""Belongs to the word when it stands between letters or digits, in any mixture."""
JOINS_SHAPES: Final = 12
"""As ``JOINS_ALL``, and a mark may follow as well: the zero-width joiner and non-joiner."""

CLASS_BITS: Final = 0x7F
"""Selects the class of a table's entry."""
IRREGULAR: Final = 0x80
"""Set beside the class: how a word with this character is spelled (normal form, lower case)
depends on its neighbours or changes its length, so no table of single characters can say it."""

FIRST_INVALID: Final = 0xDC00
"""An invalid byte ``b`` is the code point ``FIRST_INVALID + b``, a lone surrogate (PEP 383)."""
CODE_POINTS: Final = 0x110000
LOWERED_CODE_POINTS: Final = 0x20000
"""No code point from here on has a lower-case form."""
