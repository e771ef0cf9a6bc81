"""``symvec similar``: the words that are used alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from symvec.cli.in_sentence import (
    ContextsOption,
    EncoderOption,
    SentencesOption,
    refuse_without_sentence,
    sentence_reader,
)
from symvec.cli.notes import complain, note
from symvec.cli.options import (
    AmongOption,
    AmongWordsOption,
    AnswersOption,
    FormatOption,
    ModelArgument,
    VerifyOption,
)
from symvec.cli.output import Output, write
from symvec.cli.tables import Table
from symvec.cli.why import AlsoOption, BootstrapsOption, CorpusOption, why_output
from symvec.cli.words import asked_words, restriction
from symvec.errors import InputError, UnknownSymbolError

if TYPE_CHECKING:
    from symvec.vectors import Answer, SearchSpace, Vectors
    from symvec.vectors.formula import Search, Term

EXAMPLES = """Examples:

\b
  symvec similar city.safetensors tübingen
  symvec similar city.safetensors "king - man + woman"
  symvec similar city.safetensors coffee tea -k 5 --format json
  symvec similar city.safetensors sea --in "ships sail the sea" --in "the king's sea"
  symvec similar city.safetensors tea --why --corpus corpus.txt
  echo coffee | symvec similar city.safetensors - --format tsv
"""

WordsArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="WORD",
        help="Words, or formulas such as 'king - man + woman'; '-' reads them from standard input.",
    ),
]
EngineOption = Annotated[
    Literal["exact", "usearch", "faiss"],
    typer.Option(
        help="Compare with all words, or look them up in an index, which is built once, kept "
        "in the cache folder, and misses some."
    ),
]
WhyOption = Annotated[
    bool, typer.Option("--why", help="Show what supports each neighbour, not only its cosine.")
]


def similar(
    model: ModelArgument,
    words: WordsArgument,
    k: AnswersOption = 10,
    restrict_vocabulary: AmongOption = None,
    restrict_to: AmongWordsOption = None,
    engine: EngineOption = "exact",
    sentences: SentencesOption = None,
    contexts: ContextsOption = None,
    encoder: EncoderOption = None,
    why: WhyOption = False,
    corpus: CorpusOption = None,
    also: AlsoOption = None,
    bootstraps: BootstrapsOption = 0,
    format: FormatOption = "table",  # noqa: A002 - as the option is called
    verify: VerifyOption = False,
) -> None:
    """Find the words nearest to each WORD, by the cosine of their vectors.

    A WORD may be a formula: words with + and - between them, in spaces. Words that are not there
    are named on standard error; the others are answered all the same, and the exit code is 4.
    With --in, WORD is what it means in that sentence. With --why, each neighbour is shown with what
    supports it: see 'symvec why'.
    """
    from symvec.formats import load
    from symvec.vectors.formula import answer_questions

    vectors = load(model, verify=verify)
    asked = asked_words(words)
    space = vectors.search_space(restriction(restrict_vocabulary, restrict_to))
    search, about = _search(space, engine, k)
    if why and sentences:
        raise InputError("--why explains the neighbours of a word by itself: leave --in out")
    if sentences:
        from symvec.cli.similar_in import neighbours_in_sentences, similar_in_output

        reader = sentence_reader(vectors, model, contexts, encoder)
        there = neighbours_in_sentences(reader, asked, sentences, k, search)
        write(similar_in_output(there, about), format)
        return
    refuse_without_sentence(contexts, encoder)
    if not why and (corpus or also or bootstraps):
        raise InputError("--corpus, --also and --bootstraps say why: add --why")
    known, unknown = _questions(vectors, asked)
    answers = answer_questions(vectors, list(known.values()), k, search)
    found = dict(zip(known, answers, strict=True))
    if why and known:
        _refuse_formulas(known)
        near = {word: [name for name, _ in answer] for word, answer in found.items()}
        write(why_output(vectors, near, corpus, also or (), bootstraps), format)
    elif known or format == "json":
        write(similar_output(vectors, found, unknown, about), format)
    for error in unknown:
        complain(str(error))
    if unknown:
        raise typer.Exit(UnknownSymbolError.exit_code)


def _refuse_formulas(known: Mapping[str, tuple[Term, ...]]) -> None:
    formula = next((text for text, terms in known.items() if len(terms) > 1), None)
    if formula is not None:
        raise InputError(f"--why explains the neighbours of words, and {formula!r} is a formula")


def _questions(
    vectors: Vectors, asked: Sequence[str]
) -> tuple[dict[str, tuple[Term, ...]], list[UnknownSymbolError]]:
    """Return what can be answered, and what is not there, each once."""
    from symvec.vectors.formula import question_terms

    known: dict[str, tuple[Term, ...]] = {}
    unknown: dict[str, UnknownSymbolError] = {}
    for text in dict.fromkeys(asked):
        try:
            known[text] = question_terms(vectors, text)
        except UnknownSymbolError as error:
            unknown[text] = UnknownSymbolError(
                error.symbol,
                vectors.vocabulary.suggestions(vectors.resolve(error.symbol)),
                reason=error.reason,
            )
    return known, list(unknown.values())


def _search(space: SearchSpace, engine: str, k: int) -> tuple[Search, dict[str, Any]]:
    """Return how neighbours are found, and what is to be said of it."""
    if engine == "exact":
        from symvec.vectors import nearest

        return partial(nearest, space), {}
    from symvec.vectors.engines import approximate_neighbours

    def tell() -> None:
        words = len(space.norms)
        note(f"building an index of {words:,} words with {engine}; it is kept for the next time")

    index = approximate_neighbours(space, engine, before_building=tell)
    about = {"name": engine, "from_cache": index.from_cache, "recall": index.recall(max(k, 1))}
    return index.nearest, about


def similar_output(
    vectors: Vectors,
    answers: dict[str, Answer],
    unknown: list[UnknownSymbolError],
    about: Mapping[str, Any] | None = None,
) -> Output:
    """Return neighbours, by the word that was asked for, to be written.

    ``about`` holds name and recall of the engine, where it is not the exact one.
    """
    from symvec.vectors.formula import question_terms, words_made_of_ngrams

    found = {word: vectors.resolve(word) for word in answers}
    made = {word: words_made_of_ngrams(vectors, question_terms(vectors, word)) for word in answers}
    document = {
        "answers": [
            {
                "word": word,
                "found_as": found[word],
                "made_of_ngrams": made[word],
                "neighbours": [
                    {"word": neighbour, "similarity": similarity}
                    for neighbour, similarity in answer
                ],
            }
            for word, answer in answers.items()
        ],
        "unknown": [
            {"word": error.symbol, "suggestions": list(error.suggestions)} for error in unknown
        ],
        **({"engine": about} if about else {}),
    }
    records = [
        {"word": word, "rank": rank, "neighbour": neighbour, "similarity": similarity}
        for word, answer in answers.items()
        for rank, (neighbour, similarity) in enumerate(answer, start=1)
    ]
    tables = [
        Table([found[word] + _unseen(word, made[word]), "similarity"], answer)
        for word, answer in answers.items()
    ]
    if about:
        tables.append(Table(["engine", "recall against exact"], [[about["name"], about["recall"]]]))
    return Output(document, records, tables)


def _unseen(asked: str, made: Sequence[str]) -> str:
    """Return what is to be said of words that the model never saw."""
    if not made:
        return ""
    return " (by its n-grams)" if made == [asked] else f" ({', '.join(made)}: by n-grams)"
