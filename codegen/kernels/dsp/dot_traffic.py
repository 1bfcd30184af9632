"""What dot products read from flash: streams of pairs of channels, once for each block of pixels or copied once."""

from typing import Final

from depthwise.codegen.kernels.flash import Fetched, FlashTraffic, swept
from depthwise.codegen.kernels.kernel import Layer
from depthwise.codegen.schedule.reads import calls_of

from .dots import BLOCK, COPIED, LINES, UNROLLED, UNROLLED_REST, Weights, form_of
from .known_rows import GROUP_BYTES, KnownRow, block_bytes, ends_bytes, group_bytes, row_bytes

WORD: Final = 4
BIASES: Final = 2  # words of a pair


def pair_bytes(layer: Layer, groups: int, read: Weights) -> int:
    """Bytes of a pair of channels in the stream: biases, weights, scales."""
    scales = 2 if form_of(layer.graph, layer.node) in LINES else 6
    return WORD * (BIASES + scales) + groups * GROUP_BYTES * (2 if read == "wide" else 1)


def dot_constants(layer: Layer, pairs: int, size: int, passes: float, blocks: float) -> Fetched:
    """Streams of so many pairs, `size` bytes each, in so many passes through them of so many blocks of pixels."""
    whole, calls = pairs * size, calls_of(layer.graph, layer.node)
    return Fetched(((whole, whole * calls), *swept(size, pairs * passes, blocks).levels))


def known_traffic(layer: Layer, row: KnownRow, passes: int, channels: int) -> FlashTraffic:
    """What rows of known sizes and so many channels read."""
    blocks, pairs = row.blocks + (row.rest > 0), -(-channels // 2)
    size = pair_bytes(layer, row.groups, row.weights)
    constants = dot_constants(layer, pairs, size, passes, 1 if row.weights in COPIED else blocks)
    return FlashTraffic(constants=(constants,), code=(row_code(layer, row, passes * pairs),))


def row_code(layer: Layer, row: KnownRow, pairs: int) -> Fetched:
    """Code of rows, which is gone through once for each of so many pairs of channels.

    Where the cache does not hold it, that of a block is read again for each block, and that of a loop's round for each
    round, unless it holds those.
    """
    whole, more = row_bytes(row), max(row.blocks - 1, 0)
    block, one_round = block_bytes(row)
    rounds = (row.groups - row.loop.head) // row.loop.unrolled - 1 if row.loop.unrolled else 0
    calls = calls_of(layer.graph, layer.node)
    return Fetched(
        (
            (whole, calls * whole),
            (block, pairs * whole),
            (one_round, pairs * (whole + more * block)),
            (0.0, pairs * (whole + more * block + row.blocks * rounds * one_round)),
        )
    )


def dot_traffic(layer: Layer, groups: int, read: Weights, *, rows: float, width: int, most: int) -> FlashTraffic:
    """What rows of any size read, of which `most` pixels are gathered at once."""
    passes, blocks = rows * -(-width // most), -(-min(width, most) // BLOCK)
    calls, rest = calls_of(layer.graph, layer.node), width % BLOCK
    loops = ((BLOCK, UNROLLED[rest]), (rest, UNROLLED_REST[rest]))
    own = sum(min(n, groups) * group_bytes(read, pixels) for pixels, n in loops if pixels)
    own += ends_bytes(read, form_of(layer.graph, layer.node), rest)
    pairs = -(-layer.output.shape[-1] // 2)
    constants = dot_constants(layer, pairs, pair_bytes(layer, groups, read), passes, blocks)
    rounds = passes * pairs
    return FlashTraffic(constants=(constants,), code=(swept(own, calls, max(rounds / calls, 1)),))
