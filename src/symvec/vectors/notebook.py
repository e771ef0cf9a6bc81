"""How vectors show themselves in a notebook."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

import numpy as np

from symvec.vectors.cosine import SHORTEST

if TYPE_CHECKING:
    from symvec.vectors.vectors import Vectors

_WORDS: Final = 5
_NEIGHBOURS: Final = 5
# Looked at for a sample only: a table of millions must show at once.
_AMONG: Final = 5_000


def vectors_html(vectors: Vectors) -> str:
    """Return size and a few frequent words with their neighbours, as HTML.

    Words are text and nothing else: whatever a file holds, nothing of it acts.
    """
    among = min(_AMONG, len(vectors))
    norms = vectors.norms[:among]
    usable = np.flatnonzero(np.isfinite(norms) & (norms >= SHORTEST))[:_WORDS]
    words = [vectors.vocabulary.word(word_id) for word_id in usable.tolist()]
    answers = vectors.most_similar(words, _NEIGHBOURS, restrict_to=among) if words else []
    rows = [
        f"<tr><td>{_text(word)}</td><td>{', '.join(_text(near) for near, _ in answer)}</td></tr>"
        for word, answer in zip(words, answers, strict=True)
    ]
    head = "<tr><th>word</th><th>near it, among frequent words</th></tr>"
    table = f"<table><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>" if rows else ""
    return f"<div><p>{escape(repr(vectors))}</p>{table}</div>"


def _text(word: str) -> str:
    """Return a word as HTML; what does not print is written as an escape."""
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in word)
    return escape(shown)
