"""Formulas over words, and lines that are about the same though they share few words.

python examples/compare_sentences.py corpus.txt
"""

import sys
from pathlib import Path

import symvec
from symvec.vectors.formula import similar_to_formulas
from symvec.vectors.texts import fit_sentence_encoder, soft_cosine, word_movers_distance


def main(path: str) -> None:
    vectors = symvec.train(path, vector_size=50, epochs=5, min_count=5)
    first, second, third = vectors.index_to_key[:3]
    formula = f"{first} - {second} + {third}"
    ((answer, cosine),) = similar_to_formulas(vectors, [formula], topn=1)[0]
    print(f"{formula} = {answer} ({cosine:.2f})")

    lines = [line for line in Path(path).read_text(encoding="utf-8").splitlines() if line][:100]
    encoder = fit_sentence_encoder(vectors, lines)
    encoded = encoder.encode(lines)
    nearest = int((encoded[1:] @ encoded[0]).argmax()) + 1
    print(lines[0], "->", lines[nearest])
    print("soft cosine:", soft_cosine(vectors, lines[0], lines[nearest]))
    print("Word Mover's Distance:", word_movers_distance(vectors, lines[0], lines[nearest]))


if __name__ == "__main__":
    main(sys.argv[1])
