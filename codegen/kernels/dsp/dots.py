"""What CONV_2D and FULLY_CONNECTED share: dot products of blocks of pixels (dw_dsp_dot.h), their constants and time."""

from collections.abc import Iterator
from math import prod
from typing import Final

import numpy as np

from depthwise.codegen.graph import Array, Graph, Node
from depthwise.codegen.kernels.data import ArrayView, FieldView, array, number_fields
from depthwise.codegen.kernels.kernel import Events, Layer, Struct
from depthwise.codegen.kernels.weighted import FULL, folded_bias, form_refusal, is_signed, parameters_of
from depthwise.codegen.operators.parameters import ConvParameters

from .cycles import GROUP, INT16_GROUP, LOOP_GROUPS
from .scaling import channel_scale, scaling_refusal, with_silent

BLOCK: Final = 3
LANE_BYTES: Final = 2
# What the compiler is told of arrays of bytes that are read by words.
WORDS: Final = "__attribute__((aligned(4)))"
DOT: Final = Struct("dw_dot", template=None)
HEADERS: Final = ("dw_asm.h", "dw_dsp.h", "dw_dsp_dot.h", "dw_dsp_dot_asm.h", "dw_dsp_dot_twin.h")


def dot_refusal(graph: Graph, node: Node) -> str | None:
    """Why a layer cannot be computed by dot products of blocks."""
    return form_refusal(graph, node) or scaling_refusal(graph, node)


def patch_inputs(graph: Graph, node: Node) -> int:
    """Inputs of one output, weights of 0 included: a multiple of four."""
    return -(-prod(graph.tensors[node.inputs[1]].shape[1:]) // 4) * 4


def block_suffix(layer: Layer) -> str:
    """Ending of the names of `dw_block_…` for a layer's weights and scaling."""
    p = parameters_of(layer)
    wide = "_wide" if layer.int16_weights else ""
    if (p.minimum, p.maximum) != FULL:
        return f"{wide}_clamped"
    return f"{wide}_signed" if is_signed(p) else wide


def stream(layer: Layer, weights: Array) -> ArrayView:
    """Biases, weights [O, …] in the order of a patch, and scales, in the order in which the loops read them."""
    words = _packed(weights, patch_inputs(layer.graph, layer.node), int16=layer.int16_weights)
    return array(
        "uint32_t",
        "stream",
        "see dw_dsp_dot.h",
        _stream(with_silent(layer.graph, layer.node), folded_bias(layer), words),
    )


def dot_fields(layer: Layer) -> tuple[FieldView, ...]:
    """Numbers of `struct dw_dot`."""
    p = parameters_of(layer)
    groups = patch_inputs(layer.graph, layer.node) // 4
    numbers = {"channels": len(p.multipliers), "groups": groups, "minimum": p.minimum, "maximum": p.maximum}
    return number_fields(numbers)


def dot_events(layer: Layer, rows: int, width: int) -> Events:
    """Inner loops, in cycles already, and what comes between two of them."""
    groups = patch_inputs(layer.graph, layer.node) // 4
    table = INT16_GROUP if layer.int16_weights else GROUP
    pairs = -(-layer.output.shape[-1] // 2)
    how = _scaling(parameters_of(layer))
    found: Events = {"inner": 0.0}
    for pixels, blocks in ((BLOCK, width // BLOCK), (width % BLOCK, 1)):
        if pixels and blocks:
            each = pairs * rows * blocks
            found["inner"] += each * (groups * table[pixels] + 5 * (-(-groups // LOOP_GROUPS) - 1))
            found[f"pair of {pixels} {how}"] = each
    return found


def _scaling(p: ConvParameters) -> str:
    if (p.minimum, p.maximum) != FULL:
        return "clamped"
    return "signed" if is_signed(p) else "scaled"


def _packed(weights: Array, patch: int, *, int16: bool) -> list[list[int]]:
    """Weights [O, …], padded with zeros, as words [O/2][K/4 * 2] of four bytes, or doubled lanes."""
    rows = weights.reshape(len(weights), -1)
    padded = np.zeros((-(-len(rows) // 2) * 2, patch), weights.dtype)
    padded[: len(rows), : rows.shape[1]] = rows
    grouped = padded.reshape(len(padded) // 2, 2, -1, 4).transpose(0, 2, 1, 3)
    if int16:
        lanes = grouped.reshape(*grouped.shape[:3], 2, 2).transpose(0, 1, 4, 2, 3)
        grouped = 2 * lanes.astype("<i2")
    words: list[list[int]] = np.ascontiguousarray(grouped).view("<u4").reshape(len(grouped), -1).tolist()
    return words


def _stream(p: ConvParameters, bias: tuple[int, ...], packed: list[list[int]]) -> Iterator[int]:
    """Biases, weights and scales of each pair of channels; the last channel stands for one that is missing."""
    for pair, words in enumerate(packed):
        both = [2 * pair, min(2 * pair + 1, len(bias) - 1)]
        yield from (2 * bias[i] % 2**32 for i in both)
        yield from words
        for i in both:
            yield from (number % 2**32 for number in channel_scale(p, i))
