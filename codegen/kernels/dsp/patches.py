"""What CONV_2D in groups and TRANSPOSE_CONV share: patches that are copied (dw_dsp_patches.h), streams of weights."""

from collections.abc import Iterable
from typing import Final

from depthwise.codegen.arithmetic.thresholds import FACTOR
from depthwise.codegen.graph import Array, Graph, Node
from depthwise.codegen.kernels.data import ArrayView
from depthwise.codegen.kernels.kernel import Events, Int16, Layer
from depthwise.codegen.kernels.weighted import offset_refusal, parameters_of

from .dots import (
    BLOCK,
    HEADERS,
    LANE_BYTES,
    LINES,
    UNROLLED,
    UNROLLED_REST,
    WORDS,
    Weights,
    ends,
    factors_of,
    form_of,
    group_cycles,
    lane_factors,
    lanes_of,
    most_pixels,
    moved_outputs,
    packed,
    round_cycles,
    stream_words,
    timed_as,
)
from .joint import is_steep
from .lines import moved_lines_of
from .scaling import DOUBLED, steepest_refusal

PATCH_HEADERS: Final = (*HEADERS, "dw_dsp_patches.h")
LARGEST_PATCH: Final = 8192  # inputs, of which a block's lanes lie in the scratch


def patch_refusal(graph: Graph, node: Node, inputs: int) -> str | None:
    """Why a layer of patches of so many inputs cannot be computed by dot products."""
    if inputs > LARGEST_PATCH:
        return f"an output sees {inputs:,} inputs, {LARGEST_PATCH:,} are supported"
    return offset_refusal(node) or steepest_refusal(graph, node)


def patch_int16(graph: Graph, node: Node) -> Int16:
    """Weights are bytes but where those of a channel that is shifted to the left are larger multiples."""
    return Int16.ONLY if is_steep(graph, node) else Int16.SAME


def read_as(layer: Layer) -> Weights:
    """How loops read a layer's weights."""
    return "wide" if layer.int16_weights else "narrow"


def expansion(layer: Layer) -> str:
    """Function that makes lanes of a layer's patches."""
    return f"dw_expand_patches_{lanes_of(layer, read_as(layer)).removeprefix('DW_LANES_').lower()}"


def border_of(layer: Layer, count: int) -> ArrayView:
    """Inputs outside of the image."""
    zeros = (parameters_of(layer).input_zero_point,) * count
    return ArrayView("int8_t", "border", "inputs outside of the image", values=zeros, attribute=WORDS)


def whole_words(inputs: int) -> int:
    """Inputs of a patch with those that meet weights of 0: a multiple of four."""
    return -(-inputs // 4) * 4


def lane_bytes(inputs: int, width: int) -> int:
    """Bytes of lanes that are gathered at once."""
    return min(most_pixels(inputs, width), width) * inputs * LANE_BYTES


def patch_scratch(inputs: int, width: int) -> int:
    """Bytes of lanes, and of a block of patches."""
    return lane_bytes(inputs, width) + min(BLOCK, width) * inputs


def stream_size(layer: Layer, inputs: int, channels: int) -> int:
    """Words of the stream of so many channels."""
    trailer = 2 if form_of(layer.graph, layer.node) in LINES else 6
    return -(-channels // 2) * (2 + (inputs if layer.int16_weights else inputs // 2) + trailer)


def streams(layer: Layer, parts: Iterable[tuple[slice, Array, Array]]) -> list[int]:
    """Streams of parts of a layer, one behind the other: channels, weights [O, …], Σ of the channels' other weights.

    The bias of a part is that of the layer without what its zero point has of other weights.
    """
    biases, scales = ends(layer, DOUBLED if moved_lines_of(layer.graph, layer.node) is None else FACTOR)
    factors, zero_point = factors_of(layer), parameters_of(layer).input_zero_point
    of_weights = lane_factors(layer) if layer.int16_weights else None
    words: list[int] = []
    for channels, weights, others in parts:
        each = zip(biases[channels], factors[channels], others, strict=True)
        own = [bias + factor * zero_point * int(more) for bias, factor, more in each]
        lanes = packed(weights, of_weights and of_weights[channels])
        words += stream_words(own, lanes, scales[channels])
    return words


def patch_dots(layer: Layer, pairs: int, width: int, inputs: int) -> Events:
    """Inner loops of so many rows of one pair of channels each, in cycles, and what comes between two of them."""
    groups, form, rest = inputs // 4, form_of(layer.graph, layer.node), width % BLOCK
    read = read_as(layer)
    found: Events = {"inner": 0.0, "pair of channels": pairs, "moved output": 0.0}
    for pixels, blocks, unrolled in ((BLOCK, width // BLOCK, UNROLLED[rest]), (rest, 1, UNROLLED_REST[rest])):
        if pixels and blocks:
            again = round_cycles(read, pixels) * (-(-groups // unrolled) - 1)
            found["inner"] += pairs * blocks * (groups * group_cycles(read, pixels) + again)
            found[f"block of {pixels} {timed_as(form)}"] = float(pairs * blocks)
            found["moved output"] += pairs * blocks * moved_outputs(form, pixels)
    return found
