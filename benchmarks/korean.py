"""Claim: for Korean, n-grams of jamo learn more than n-grams of syllables, and these than words.

Skip-gram on Korean Wikipedia and film reviews, three times on the same text: words alone,
characters (which are syllables) and jamo. Scored by word pairs (WS-353 in Korean), by analogies,
and by misspelled words: those of the reviews that are too rare to be in the vocabulary and that
one letter parts from a single frequent word, which should be among their ten nearest words.

Analogies are scored twice: by the share that is right, and as Park et al. 2018 do, by the mean
cosine distance of b - a + c from d, of questions whose words are all in the vocabulary and of all
that have vectors. That distance is small, too, where all vectors point one way: beside it stands
the distance from the d of another question.

    python benchmarks/korean.py --wikipedia wikipedia.txt.xz --reviews nsmc.tsv.xz --data FOLDER
"""

from __future__ import annotations

import argparse
import lzma
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import numpy as np

import symvec
from machine import description
from symvec.evaluation.analogies import AnalogiesScore
from symvec.text.jamo import decomposed

MODELS = {
    "words": {"subwords": "none"},
    "characters, 1-4": {"subwords": "chars", "min_n": 1, "max_n": 4},
    "characters, 3-6": {"subwords": "chars", "min_n": 3, "max_n": 6},
    "jamo, 3-5, and 1-4 syllables": {"subwords": "jamo"},
}
LEAST_REVIEW_COUNT = 50  # of the word that was meant
MOST_RARE = 4  # of the misspelled one
LEAST_JAMO = 9
ASKED = 1000


def reviews_of(path: Path, size: int) -> list[str]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        next(lines)
        text = lines.read(size)
    return [line.rsplit("\t", 1)[-1] for line in text.split("\n")[:-1]]


def jamo_of(word: str) -> str:
    return "".join(map(decomposed, word))


def one_letter_replaced(jamo: str) -> list[str]:
    return [f"{jamo[:place]}*{jamo[place + 1 :]}" for place in range(len(jamo))]


def misspelled(reviews: list[str], vocabulary: symvec.Vectors) -> list[tuple[str, str]]:
    """Return words that are not in the vocabulary, each with the one that was meant."""
    tokeniser = symvec.Tokeniser()
    counts = Counter(word for review in reviews for word in tokeniser.tokens(review))
    meant: dict[str, set[str]] = {}
    for word, count in counts.items():
        if count >= LEAST_REVIEW_COUNT and word in vocabulary.key_to_index:
            for pattern in one_letter_replaced(jamo_of(word)):
                meant.setdefault(pattern, set()).add(word)
    pairs = []
    for word, count in sorted(counts.items()):
        jamo = jamo_of(word)
        if count > MOST_RARE or len(jamo) < LEAST_JAMO or word in vocabulary.key_to_index:
            continue
        found = set().union(*(meant.get(pattern, ()) for pattern in one_letter_replaced(jamo)))
        if len(found) == 1:
            pairs.append((word, found.pop()))
    return random.Random(1).sample(pairs, min(ASKED, len(pairs)))


def share_found(vectors: symvec.Vectors, pairs: list[tuple[str, str]]) -> float:
    asked = [(word, wanted) for word, wanted in pairs if word in vectors]
    answers = vectors.most_similar([word for word, _ in asked], 10) if asked else []
    hits = sum(
        wanted in (word for word, _ in answer)
        for (_, wanted), answer in zip(asked, answers, strict=True)
    )
    return hits / len(pairs)


def section_share(score: AnalogiesScore, prefix: str) -> float:
    parts = [part for part in score.sections if part.name.startswith(prefix)]
    return sum(part.correct["3cosadd"] for part in parts) / max(1, sum(p.asked for p in parts))


def questions_of(path: Path) -> list[list[str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    parts = (line.split() for line in lines if not line.startswith(":"))
    return [words for words in parts if len(words) == 4]


def mean_distances(vectors: symvec.Vectors, questions: list[list[str]]) -> tuple[float, float]:
    """Return the mean cosine distance of b - a + c, of unit vectors, from d and another's d."""
    words = sorted({word for question in questions for word in question})
    table = vectors[words]
    units = table / np.linalg.norm(table, axis=1, keepdims=True)
    place = {word: number for number, word in enumerate(words)}
    a, b, c, d = (units[[place[q[n]] for q in questions]] for n in range(4))
    made = b - a + c
    made /= np.maximum(np.linalg.norm(made, axis=1, keepdims=True), 1e-12)
    others = d[np.random.default_rng(1).permutation(len(d))]
    return tuple(float(1 - (made * wanted).sum(axis=1).mean()) for wanted in (d, others))


def distances(vectors: symvec.Vectors, questions: list[list[str]]) -> str:
    known = [q for q in questions if all(word in vectors.key_to_index for word in q)]
    vectored = [q for q in questions if all(word in vectors for word in q)]
    shown = (f"{d:.3f} / {other:.3f}" for d, other in
             (mean_distances(vectors, asked) for asked in (known, vectored)))  # fmt: skip
    return ", ".join(shown) + f" ({len(vectored):,})"


def scored(vectors: symvec.Vectors, args: argparse.Namespace, pairs: list) -> list[str]:
    judged = symvec.evaluate_pairs(vectors, args.data / "WS353_korean.csv")
    score = symvec.evaluate_analogies(
        vectors, args.data / "word_analogy_korean.txt", restrict_vocabulary=None
    )
    return [
        f"{judged.spearman or 0:.3f} ({judged.found})",
        f"{100 * section_share(score, 'sem'):.1f}",
        f"{100 * section_share(score, 'syn'):.1f}",
        f"{100 * (score.all.accuracy('3cosadd') or 0):.1f} ({score.all.asked:,})",
        distances(vectors, questions_of(args.data / "word_analogy_korean.txt")),
        f"{100 * share_found(vectors, pairs):.1f}",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wikipedia", type=Path, required=True)
    parser.add_argument("--reviews", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help="folder of the evaluation sets")
    parser.add_argument("--characters", type=int, default=8_000_000, help="of each text")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--bucket", type=int, default=500_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--models", nargs="+", choices=MODELS, default=list(MODELS))
    parser.add_argument("--output", type=Path, help="write the table here")
    args = parser.parse_args()
    reviews = reviews_of(args.reviews, args.characters)
    with lzma.open(args.wikipedia, "rt", encoding="utf-8") as text:
        wikipedia = text.read(args.characters)
    rows, words = [], 0
    pairs: list[tuple[str, str]] = []
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder, "korean.txt")
        corpus.write_text("\n".join([wikipedia, *reviews]), encoding="utf-8")
        for name in args.models:
            subwords = MODELS[name]
            bucket = {} if name == "words" else {"bucket": args.bucket}
            started = time.process_time()
            vectors = symvec.train(
                corpus, epochs=args.epochs, sample=1e-4, seed=args.seed, **subwords, **bucket
            )
            seconds = time.process_time() - started
            words = vectors.provenance["corpus"]["kept_words"]
            pairs = pairs or misspelled(reviews, vectors)
            cells = [name, *scored(vectors, args, pairs), f"{seconds:.0f}"]
            rows.append("| " + " | ".join(cells) + " |")
            print(rows[-1], file=sys.stderr, flush=True)
    machine = description()
    lines = [
        f"{machine['processor']}, {machine['cores']} cores; Python {machine['python']}.", "",
        f"{words:,} words of Korean Wikipedia and of film reviews (NSMC); skip-gram, 100 "
        f"dimensions, window 5, {args.epochs} epochs, sample 1e-4, {args.bucket:,} buckets, "
        f"seed {args.seed}. In brackets: pairs and questions of which each word has a vector. "
        f"Misspelled: of {len(pairs):,} words that are not in the vocabulary, the share whose "
        "meant word is among the ten nearest.", "",
        "| units | WS-353 (pairs) | semantic % | syntactic % | analogies % (asked) "
        "| distance / from another's d: known, all (all) | misspelled % | text to vectors, CPU s |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
        *rows,
    ]  # fmt: skip
    text = "\n".join(lines) + "\n"
    print(text)
    if args.output:
        args.output.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
