"""Claim: phrases are learned many times as fast as by gensim, and without a copy of the corpus.

Each run is a process of its own, from a file of words to the corpus with its phrases joined: as ids
in a file for symvec, for gensim as text in a file, which its Word2Vec would then read. The seconds
of symvec's first pass over the text, which counts words and writes ids, are told apart. Both
programs choose the same pairs: gensim's threshold is symvec's in gensim's unit. The text is cut
into lines of 1,000 words. Seconds are those of the processor, which other work on the machine
hardly changes; gensim uses one thread, symvec one and another that reads.

    python benchmarks/phrases.py --corpus text8like.xz [--runs 3]
"""

from __future__ import annotations

import argparse
import json
import lzma
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from machine import description

LINE_WORDS = 1000
NPMI_THRESHOLD = 0.5


def in_lines(corpus: Path, to: Path, words: int | None) -> int:
    with lzma.open(corpus, "rt") if corpus.suffix == ".xz" else corpus.open() as text:
        tokens = text.read().split()[:words]
    with to.open("w") as out:
        for start in range(0, len(tokens), LINE_WORDS):
            out.write(" ".join(tokens[start : start + LINE_WORDS]) + "\n")
    return len(tokens)


def run_symvec(path: Path, passes: int, folder: Path) -> dict[str, float]:
    from symvec.text.phrases import PhraseRules
    from symvec.text.tokenisers import Tokeniser
    from symvec.vocabulary import counting

    learn, seconds = counting.learn_phrases, 0.0

    def timed(*arguments: object) -> object:
        nonlocal seconds
        started = time.process_time()
        found = learn(*arguments)  # type: ignore[arg-type]
        seconds += time.process_time() - started
        return found

    counting.learn_phrases = timed  # type: ignore[assignment]
    rules = PhraseRules(scoring="npmi", threshold=NPMI_THRESHOLD, passes=passes)
    started = time.process_time()
    encoding = counting.encode_text(
        [path], Tokeniser("whitespace"), phrases=rules, directory=folder
    )
    everything = time.process_time() - started
    found = encoding.phrases
    return {
        "all": everything,
        "phrases alone": seconds,
        "phrases": 0 if found is None else len(found),
        "words": encoding.report.raw_words,
    }


def run_gensim(path: Path, passes: int, folder: Path) -> dict[str, float]:
    from gensim.models import Phrases
    from gensim.models.word2vec import LineSentence

    started = time.process_time()
    learned = words = 0
    for number in range(passes):
        model = Phrases(
            LineSentence(str(path), max_sentence_length=LINE_WORDS),
            min_count=5, threshold=NPMI_THRESHOLD, scoring="npmi",
            max_vocab_size=10**9,  # at the default of 40 M it would prune, and miscount
        ).freeze()  # fmt: skip
        learned += len(model.phrasegrams)
        joined, words = folder / f"joined-{number}", 0
        with joined.open("w") as out:
            for sentence in LineSentence(str(path), max_sentence_length=LINE_WORDS):
                tokens = model[sentence]
                words += len(tokens)
                out.write(" ".join(tokens) + "\n")
        path = joined
    seconds = time.process_time() - started
    return {"all": seconds, "phrases alone": seconds, "phrases": learned, "words": words}


def peak_megabytes() -> float:
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def one_run(arguments: argparse.Namespace) -> None:
    program = run_symvec if arguments.one == "symvec" else run_gensim
    with tempfile.TemporaryDirectory() as folder:
        result = program(arguments.corpus, arguments.passes, Path(folder))
    print(json.dumps({**result, "MB": peak_megabytes()}))


def measured(program: str, passes: int, path: Path, runs: int) -> dict[str, float]:
    """Return the medians of several runs."""
    command = [sys.executable, __file__, "--one", program, "--passes", str(passes)]
    found = []
    for _ in range(runs):
        ended = subprocess.run(
            [*command, "--corpus", str(path)], capture_output=True, text=True, check=True
        )
        found.append(json.loads(ended.stdout.splitlines()[-1]))
    return {name: statistics.median(run[name] for run in found) for name in found[0]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--words", type=int)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--passes", type=int, default=1)
    parser.add_argument("--one", choices=["symvec", "gensim"])
    arguments = parser.parse_args()
    if arguments.one:
        one_run(arguments)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "lines.txt")
        words = in_lines(arguments.corpus, path, arguments.words)
        run_symvec(path, 1, Path(folder))  # compiles
        print("| program | passes | phrases | words left | all, s | phrases, M words/s | peak MB |")
        print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
        for passes in (1, 2):
            for program in ("symvec", "gensim"):
                found = measured(program, passes, path, arguments.runs)
                speed = words * passes / found["phrases alone"] / 1e6
                print(
                    f"| {program} | {passes} | {found['phrases']:,.0f} | {found['words']:,.0f} | "
                    f"{found['all']:.1f} | {speed:.2f} | {found['MB']:.0f} |"
                )
    print(json.dumps({"words": words, "runs": arguments.runs, **description()}))


if __name__ == "__main__":
    main()
