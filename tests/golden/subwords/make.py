"""Write the row ids that fastText and floret give to n-grams; see README.md for the command."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

WORDS = [
    "tübingen",
    "coffee",
    "a",
    "an",
    "the",
    "café",
    "서울",
    "대한민국",
    "日本語",
    "क्षत्रिय",
    "กำลัง",
    "👍🏽",
    "naïve",
    "x-ray",
    "antidisestablishmentarianism",
    "ß",
    "<",
    ">",
    "<>",
]
UNSEEN = ["", "ab", "unseen", "</s>", "서울시", "日本", "🇰🇷🇯🇵", "Ünïcödé"]
CASES = [(3, 6, 2_000_000), (1, 3, 1_000), (2, 2, 1_000_003), (1, 1, 77), (5, 6, 10_007)]


def trained(program, corpus: Path, model: str, **settings):
    return program.train_unsupervised(
        str(corpus), model=model, dim=1, minCount=1, epoch=1, thread=1, verbose=0, **settings
    )


def fasttext_cases(corpus: Path) -> list[dict]:
    import fasttext

    cases = []
    for min_n, max_n, bucket in CASES:
        model = trained(fasttext, corpus, "skipgram", minn=min_n, maxn=max_n, bucket=bucket)
        words = {}
        for word in [*WORDS, *UNSEEN]:
            ngrams, row_ids = model.get_subwords(word)
            words[word] = {"ngrams": list(ngrams), "row_ids": row_ids.tolist()}
        vocabulary = model.get_words(on_unicode_error="strict")
        cases.append(
            {"min_n": min_n, "max_n": max_n, "bucket": bucket, "vocabulary": vocabulary,
             "words": words}
        )  # fmt: skip
    return cases


def floret_cases(corpus: Path) -> list[dict]:
    import floret

    cases = []
    for min_n, max_n, bucket in CASES[:2] + CASES[4:]:
        for hash_count in (1, 2, 4):
            model = trained(
                floret, corpus, "cbow", minn=min_n, maxn=max_n, bucket=bucket, mode="floret",
                hashCount=hash_count,
            )  # fmt: skip
            words = {}
            for word in [*WORDS, *UNSEEN]:
                ngrams, row_ids = model.get_subwords(word)
                # In training it has unused rows of words before those that its files hold.
                row_ids = row_ids - len(model.words)
                words[word] = {"ngrams": list(ngrams), "row_ids": row_ids.tolist()}
            cases.append(
                {"min_n": min_n, "max_n": max_n, "bucket": bucket, "hash_count": hash_count,
                 "words": words}
            )  # fmt: skip
    return cases


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder, "words.txt")
        corpus.write_text((" ".join(WORDS) + "\n") * 3, encoding="utf-8")
        for name, cases in (("fasttext", fasttext_cases), ("floret", floret_cases)):
            path = Path(sys.argv[1], f"{name}.json")
            text = json.dumps(cases(corpus), ensure_ascii=False, separators=(",", ":"))
            path.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
