"""The strongest window of each filter over a word's characters, and its gradients.

Of all windows of a word only the strongest has a gradient; to multiply by those of the others
would be to multiply by zeros.
"""

from __future__ import annotations

from symvec.arrays import Float2, Float3, Ids2
from symvec.kernels.compiling import numeric_kernel


@numeric_kernel
def strongest_windows(scores: Float3, best: Float2, places: Ids2) -> None:
    """Find each filter's largest score over the places of a word.

    Args:
        scores: (words, places, filters) float32, one place at least.
        best: (words, filters) float32, out.
        places: (words, filters) int32, out: the first place that has it.
    """
    for word in range(scores.shape[0]):
        found, at = best[word], places[word]
        for k in range(scores.shape[2]):
            found[k] = scores[word, 0, k]
            at[k] = 0
        for place in range(1, scores.shape[1]):
            row = scores[word, place]
            for k in range(scores.shape[2]):
                is_better = row[k] > found[k]
                found[k] = row[k] if is_better else found[k]
                at[k] = place if is_better else at[k]


@numeric_kernel
def window_gradients(
    grads: Float2,
    places: Ids2,
    characters: Float3,
    filters: Float2,
    filter_grads: Float2,
    character_grads: Float2,
) -> None:
    """Add the gradients of filters and characters, where a filter was strongest.

    Args:
        grads: (words, filters) float32, of the strongest scores.
        places: (words, filters) int32, where those are.
        characters: (words, length, size) float32.
        filters: (filters, width * size) float32.
        filter_grads: the same shape, added to.
        character_grads: (words, length * size) float32, added to.
    """
    size, many = characters.shape[2], filters.shape[1]
    for word in range(grads.shape[0]):
        flat, flat_grads = characters[word].reshape(-1), character_grads[word]
        for k in range(grads.shape[1]):
            grad = grads[word, k]
            if grad != 0:
                start = places[word, k] * size
                # Slices: numbers that are counted from 0 can be read in vectors.
                window, window_grads = flat[start : start + many], flat_grads[start : start + many]
                own, own_grads = filters[k], filter_grads[k]
                for j in range(many):
                    own_grads[j] += grad * window[j]
                for j in range(many):
                    window_grads[j] += grad * own[j]
