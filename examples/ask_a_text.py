"""Learn from a text file, save, load and ask.

python examples/ask_a_text.py corpus.txt
"""

import sys

import symvec


def main(path: str) -> None:
    vectors = symvec.train(path, vector_size=50, epochs=5, min_count=5)
    vectors.save("text.safetensors")

    vectors = symvec.load("text.safetensors")
    frequent = vectors.index_to_key[:5]
    for word, neighbours in zip(frequent, vectors.most_similar(frequent, topn=3), strict=True):
        print(word, "->", ", ".join(neighbour for neighbour, _ in neighbours))


if __name__ == "__main__":
    main(sys.argv[1])
