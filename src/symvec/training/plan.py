"""From settings and counts to the numbers that the kernels work with."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import ceil
from typing import Final

import numpy as np
import numpy.typing as npt

from symvec.arrays import Double1, Float1, Ids64, RaggedRows
from symvec.kernels.noise import AliasTable, fill_alias_table
from symvec.kernels.paths import Tree
from symvec.kernels.tile_space import ALL_THE_WAY, GROUP, Shape, Shares
from symvec.kernels.tiles import LANES
from symvec.training.damping import (
    USUAL_CONTEXTS,
    Damping,
    Round,
    even_damping,
    input_damping,
    node_damping,
    node_uses,
    output_damping,
    row_scales,
)
from symvec.training.huffman import huffman_tree
from symvec.training.schedules import BLOCKS_A_ROUND, FEW_BLOCKS_A_ROUND, TURNS
from symvec.training.settings import Word2VecSettings
from symvec.training.tile_shares import contexts_a_position, tile_shares
from symvec.vocabulary.corpus import EncodedCorpus

# Measured on 17 million words; see docs/decisions/0005-rounds-of-blocks.md and 0006.
POSITIONS_A_BLOCK: Final = {  # expected, after subsampling
    ("negative-sampling", "skipgram"): 512,
    ("negative-sampling", "cbow"): 256,
    ("hierarchical-softmax", "cbow"): 256,
}
# Blocks of a round do not see each other's changes of a word. The more positions of a round hold
# the same word, the farther their sum goes too far. Measured: from 20 of them on the vectors of
# small or uneven vocabularies grow without bound; text thinned out as usual has 3.
ALIKE_A_ROUND: Final = 6
LEAST_POSITIONS_A_BLOCK: Final = 4
# In a round nobody learns from the others: little text wants shorter ones. Measured: decision 5.
LEAST_ROUNDS: Final = 3000  # of all epochs
LEAST_TILES_A_BLOCK: Final = 2
LEAST_POSITIONS_A_PIECE: Final = 16  # of hierarchical softmax, where tiles share nothing but inputs
# Rows that words share move all of these words by the whole change of each, so that blocks see
# too little of each other much sooner. Measured: see docs/decisions/0010-subwords.md.
SHARED_ALIKE_A_ROUND: Final = 2
LEAST_SHARED_POSITIONS_A_ROUND: Final = 128
SHARED_RATE: Final = 0.025  # at which these hold; at higher ones blocks of a round are shorter
CENTRES_A_TILE: Final = {"skipgram": 36, "cbow": 24}
NOISE_A_NEGATIVE: Final = 16 / 5
LEAST_NOISE, MOST_NOISE = 8, 32
NOISE_WORDS_A_BLOCK: Final = 96
USES_OF_A_RECORD: Final = 1.0  # of a node by a block, expected; measured: decision 8
_TOKENS_A_POSITION: Final = 16  # at most, where subsampling leaves little
_WHOLE: Final = 2**32


@dataclass(frozen=True, eq=False)
class Plan:
    """How a corpus is trained.

    Args:
        shape: sizes of the tiles.
        block_tokens: tokens of the corpus in a block, sentence ends included.
        keep_thresholds: (words,) uint32, subsampling: keep-probability * 2^32 - 1.
        objective: the distribution of the noise words, or the tree of hierarchical softmax.
        input_damping: of the changes of words that are inputs.
        output_damping: of the changes of output rows.
        weighted: how many numbers of a context the place of a context weighs, 0 for none.
        row_scales: of the changes of each input row of each word; see ``damping.row_scales``.
        blocks: of a round, which do not see each other's changes.
        pieces: into which the last of them is cut.
        recorded: nodes of a tree, from the root on, whose changes a block keeps to itself until
            it ends; it moves the others in the table.
        shares: how far a tile goes with what its pairs add up to.
    """

    shape: Shape
    block_tokens: int
    keep_thresholds: npt.NDArray[np.uint32]
    objective: AliasTable | Tree
    input_damping: Damping
    output_damping: Damping
    weighted: int = 0
    row_scales: Float1 = field(default_factory=lambda: np.zeros(0, np.float32))
    blocks: int = BLOCKS_A_ROUND
    pieces: int = 1
    recorded: int = 0
    shares: Shares = ALL_THE_WAY

    @property
    def places(self) -> int:
        """Places of contexts that have a vector."""
        return 2 * self.shape.window if self.weighted else 0

    @property
    def round_tokens(self) -> int:
        """Tokens of the corpus in a round."""
        return self.block_tokens * self.blocks

    @property
    def records(self) -> int:
        """Blocks of a round, its last one counted by its pieces."""
        return Round(self.blocks, self.pieces).records

    @property
    def bounds(self) -> Ids64:
        """Where the blocks of a round begin and end, (records + 1,) tokens from its start."""
        whole = np.arange(self.blocks) * self.block_tokens
        cuts = np.arange(1, self.pieces + 1) * self.block_tokens // self.pieces
        bounds: Ids64 = np.append(whole, whole[-1] + cuts)
        return bounds


def plan(
    settings: Word2VecSettings,
    counts: Ids64,
    corpus: EncodedCorpus,
    weighted: int = 0,
    rows: RaggedRows | None = None,
    counts_so_far: Ids64 | None = None,
) -> Plan:
    """Return the plan for words with these counts.

    Args:
        settings: what to learn.
        counts: (words,) int64, occurrences in the corpus.
        corpus: what is trained on.
        weighted: how many numbers of a context its place weighs.
        rows: which rows each word has; None: one each.
        counts_so_far: (words,) int64, occurrences in all text that there was, where the corpus
            is not the first: words that it does not have are noise words, and have paths, too.
    """
    probabilities = keep_probabilities(counts, settings.sample)
    kept_counts = probabilities * counts
    kept = float(kept_counts.sum()) / max(len(corpus.ids), 1)
    shape = tile_shape(replace(settings, window=_window(settings, corpus)))
    turns = TURNS[settings.schedule]
    most = POSITIONS_A_BLOCK.get((settings.objective, settings.algorithm), turns.path_positions)
    is_shared = rows is not None and len(rows.row_ids) > len(rows)
    is_tree = settings.objective == "hierarchical-softmax"
    blocks = turns.few_blocks if is_shared or is_tree else turns.blocks
    if not (is_shared or is_tree) and blocks > 1:
        trained = settings.epochs * float(kept_counts.sum())
        least = LEAST_TILES_A_BLOCK * shape.centres
        most = min(most, max(int(trained / (blocks * LEAST_ROUNDS)), least))
    unseen = FEW_BLOCKS_A_ROUND if is_shared or is_tree else BLOCKS_A_ROUND
    positions = positions_a_block(kept_counts, most, unseen)
    scales = np.zeros(0, np.float32)
    if rows is not None and is_shared:
        rate = settings.learning_rate if blocks > 1 else SHARED_RATE
        shared = shared_positions_a_block(rows, kept_counts, turns.shared_blocks, rate)
        positions = min(positions, shared)
        shape = shape._replace(pool=min(shape.pool, shape.noise * ceil(positions / shape.centres)))
        scales = row_scales(rows, kept_counts, positions * blocks)
    pieces = pieces_of_a_block(positions, _least_piece(settings, shape), turns.pieces)
    block_tokens = min(ceil(positions / kept), _TOKENS_A_POSITION * most)
    thresholds = np.maximum(np.floor(probabilities * _WHOLE), 1) - 1
    told = counts if counts_so_far is None else counts_so_far
    objective = huffman_tree(told) if is_tree else alias_table(_noise(settings, told))
    contexts = contexts_a_position(settings, corpus)
    return Plan(
        shape,
        block_tokens,
        thresholds.astype(np.uint32),
        objective,
        *_dampings(
            settings,
            objective,
            told,
            kept_counts,
            positions,
            contexts,
            Round(blocks, pieces),
            shape,
        ),
        weighted,
        scales,
        blocks,
        pieces,
        _recorded(objective, kept_counts, positions, blocks),
        _shares(settings, told, kept_counts, contexts, shape),
    )


def _noise(settings: Word2VecSettings, counts: Ids64) -> Double1:
    """Return how likely a noise word is each word, (words,) float64."""
    weights: Double1 = counts.astype(np.float64) ** settings.ns_exponent
    shares: Double1 = weights / weights.sum()
    return shares


def _shares(
    settings: Word2VecSettings,
    counts: Ids64,
    kept_counts: Double1,
    contexts: float,
    shape: Shape,
) -> Shares:
    """Return how far a tile goes; others than these add up less, or move nodes one by one."""
    if (settings.objective, settings.algorithm) != ("negative-sampling", "skipgram"):
        return ALL_THE_WAY
    return tile_shares(settings, kept_counts, _noise(settings, counts), contexts, shape)


def _dampings(
    settings: Word2VecSettings,
    objective: AliasTable | Tree,
    counts: Ids64,
    kept_counts: Double1,
    positions: int,
    contexts: float,
    round_: Round,
    shape: Shape,
) -> tuple[Damping, Damping]:
    """Return the damping of the inputs and that of the outputs.

    Args:
        settings: how is trained.
        objective: what the outputs are.
        counts: of the words, for the noise.
        kept_counts: of the words, after subsampling.
        positions: of a block.
        contexts: of a position, on average.
        round_: its blocks.
        shape: of the tiles.
    """
    alpha, contexts = settings.learning_rate, max(contexts, USUAL_CONTEXTS)
    if isinstance(objective, Tree):
        outputs = node_damping(objective, kept_counts, positions, round_)
        return even_damping(len(counts), round_), outputs
    inputs = input_damping(kept_counts, positions, alpha, round_, contexts)
    noise, noise_words = _noise(settings, counts), positions / shape.centres * shape.noise
    return inputs, output_damping(
        kept_counts, noise, positions, noise_words, alpha, round_, contexts
    )


def _recorded(
    objective: AliasTable | Tree, kept_counts: Double1, positions: int, blocks: int
) -> int:
    """Return how many nodes of a tree, from the root on, have a record of what a block changes.

    Blocks of a round must not see each other's changes. Where blocks go into the tables at once,
    the record of a node that a block uses once or twice only costs time, but threads that change
    the nodes near the root in the same cache lines would wait for each other.
    """
    if not isinstance(objective, Tree):
        return 0
    if blocks > 1:
        return len(kept_counts)
    uses = node_uses(objective, kept_counts, positions)
    return int(np.count_nonzero(uses >= USES_OF_A_RECORD))


def _window(settings: Word2VecSettings, corpus: EncodedCorpus) -> int:
    """Return how far windows have to reach: no farther than a sentence."""
    if settings.shrink_windows:  # by how much is drawn from the whole window
        return settings.window
    return max(min(settings.window, corpus.longest_sentence - 1), 1)


def positions_a_block(kept_counts: Double1, most: int, blocks: int = BLOCKS_A_ROUND) -> int:
    """Return how many positions a block should have: as a rule the most.

    Args:
        kept_counts: (words,) float64, occurrences of each word that subsampling leaves.
        most: for words that seldom come again.
        blocks: of a round.

    Example:
        >>> positions_a_block(np.ones(20), 512), positions_a_block(np.ones(20_000), 512)
        (15, 512)
    """
    shares = kept_counts / kept_counts.sum()
    alike = float(shares @ shares)  # how likely two positions hold the same word
    few_alike = round(ALIKE_A_ROUND / (blocks * alike))
    return min(max(few_alike, LEAST_POSITIONS_A_BLOCK), most)


def _least_piece(settings: Word2VecSettings, shape: Shape) -> int:
    """Return how many positions a piece needs: two tiles, where what a tile shares costs most."""
    is_shared = settings.objective == "negative-sampling"
    return 2 * shape.centres if is_shared else LEAST_POSITIONS_A_PIECE


def pieces_of_a_block(positions: int, least: int, most: int) -> int:
    """Return into how many pieces a block can be cut, none of them shorter than the least.

    Example:
        >>> pieces_of_a_block(512, 72, 4), pieces_of_a_block(100, 72, 4)
        (4, 1)
    """
    return max(min(positions // least, most), 1)


def shared_positions_a_block(
    rows: RaggedRows,
    kept_counts: Double1,
    blocks: int = FEW_BLOCKS_A_ROUND,
    rate: float = SHARED_RATE,
) -> int:
    """Return how many positions a block should have where words share rows.

    Args:
        rows: which rows each word has.
        kept_counts: (words,) float64, occurrences of each word that subsampling leaves.
        blocks: to divide the positions of a round by.
        rate: the learning rate: twice as high a one goes as far in half as many positions.

    Example:
        >>> apart = RaggedRows(np.arange(2_000), np.arange(0, 2_001, 2))
        >>> shared_positions_a_block(apart, np.ones(1_000))
        500
    """
    shares = kept_counts / kept_counts.sum()
    touching = np.bincount(rows.row_ids, np.repeat(shares, rows.lengths))
    # Of a position's rows, how many another position has as well, on average.
    alike = float(
        np.repeat(shares / np.maximum(rows.lengths, 1), rows.lengths) @ touching[rows.row_ids]
    )
    most = max(SHARED_ALIKE_A_ROUND / alike, LEAST_SHARED_POSITIONS_A_ROUND)
    return max(round(most / blocks * (SHARED_RATE / max(rate, SHARED_RATE))), 1)


def tile_shape(settings: Word2VecSettings) -> Shape:
    """Return the sizes of the tiles.

    With 5 negatives a pair, a tile has 16 noise words. With 24 skip-gram was an eighth slower and,
    after five epochs on 17 million words, no better.
    """
    centres = CENTRES_A_TILE[settings.algorithm]
    reach = up_to_multiple(GROUP + 2 * settings.window, LANES)
    noise = round(settings.negative * NOISE_A_NEGATIVE / LANES) * LANES
    return Shape(
        window=settings.window,
        least_reach=1 if settings.shrink_windows else settings.window,
        negative=settings.negative,
        centres=centres,
        reach=reach,
        positions=up_to_multiple(centres - GROUP + reach, LANES),
        noise=min(max(noise, LEAST_NOISE), MOST_NOISE),
        pool=NOISE_WORDS_A_BLOCK,
        dimensions=up_to_multiple(settings.vector_size, LANES),
    )


def keep_probabilities(counts: Ids64, sample: float) -> Double1:
    """Return how likely subsampling keeps an occurrence of each word, (words,) float64.

    The formula is word2vec.c's, sqrt(t / f) + t / f for a word of frequency f; the paper
    (Mikolov et al. 2013, section 2.3) has only the first term.

    Example:
        >>> keep_probabilities(np.array([900, 100]), 0.1).round(3).tolist()
        [0.444, 1.0]
    """
    if sample == 0:
        return np.ones(len(counts))
    ratio = sample * counts.sum() / np.maximum(counts, 1)
    probabilities: Double1 = np.minimum(np.sqrt(ratio) + ratio, 1.0)
    return probabilities


def alias_table(weights: Double1) -> AliasTable:
    """Return the table that draws each word in proportion to its weight.

    Args:
        weights: (words,) float64, none negative, one positive.
    """
    table = AliasTable(np.empty(len(weights), np.uint32), np.empty(len(weights), np.int32))
    fill_alias_table(weights / weights.mean(), np.empty(len(weights), np.int64), table)
    return table


def up_to_multiple(number: int, of: int) -> int:
    """Return the least multiple that is not smaller.

    Example:
        >>> up_to_multiple(100, 8)
        104
    """
    return -(-number // of) * of
