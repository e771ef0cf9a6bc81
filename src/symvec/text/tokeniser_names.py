"""The names of tokenisers, apart from them: the command line's help needs no more."""

from typing import Literal

AnyTokeniserName = Literal["words", "whitespace", "kiwi", "fugashi", "jieba"]
