"""Reading analogy questions: ``a`` is to ``b`` as ``c`` is to what?"""

from __future__ import annotations

import os
from dataclasses import dataclass

from symvec.errors import FormatError
from symvec.evaluation.lines import BadLine, read_lines
from symvec.files import PathLike


@dataclass(frozen=True, slots=True)
class Questions:
    """Analogy questions in sections.

    Args:
        sections: name and questions of each section; a question is four words.
        bad_lines: lines that hold neither a question nor the name of a section.
    """

    sections: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]
    bad_lines: tuple[BadLine, ...]


def read_questions(path: PathLike) -> Questions:
    """Read a file of questions, as word2vec's ``questions-words.txt`` is.

    A line is four words, or ``: name``, which begins a section. Questions before the first
    section are in one without a name. Empty lines and comments are passed over.

    Raises:
        FileError: the file is not there or cannot be read.
        FormatError: it holds no question.
    """
    sections: list[tuple[str, list[tuple[str, ...]]]] = []
    bad_lines: list[BadLine] = []
    for number, line in read_lines(path):
        words = tuple(line.split())
        if line.startswith(":"):
            sections.append((line[1:].strip(), []))
        elif len(words) != 4:
            reason = f"expected four words, got {len(words)}: {line[:80]!r}"
            bad_lines.append(BadLine(number, reason))
        else:
            if not sections:
                sections.append(("", []))
            sections[-1][1].append(words)
    if not any(questions for _, questions in sections):
        example = f"; line {bad_lines[0].number}: {bad_lines[0].reason}" if bad_lines else ""
        raise FormatError(f"{os.fspath(path)} holds no analogy question{example}")
    return Questions(
        tuple((name, tuple(questions)) for name, questions in sections), tuple(bad_lines)
    )
