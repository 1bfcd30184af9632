"""What CONV_2D and FULLY_CONNECTED share: dot products channel after channel (dw_mac16_dot.h) and their constants.

Weights are lanes of int16, or stay bytes: then they become lanes on the way, for twice the time at most.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from depthwise.codegen.graph import Array, Graph, Node
from depthwise.codegen.kernels.data import Constants, array, number_fields
from depthwise.codegen.kernels.kernel import Layer, LayerData, Struct
from depthwise.codegen.kernels.weighted import folded_bias, form_refusal, parameters_of, patch_inputs, weights_of

from .scaling import scales_of, scaling_refusal

LANE_BYTES: Final = 2
HEADERS: Final = (
    *("dw_asm.h", "dw_mac16.h", "dw_mac16_scale_asm.h"),
    *(
        "dw_mac16_dot.h",
        "dw_mac16_dot_asm.h",
        "dw_mac16_dot_twin.h",
        "dw_mac16_dot_bytes_asm.h",
        "dw_mac16_dot_bytes_twin.h",
    ),
)
BEHIND: Final = 1  # words that are read behind the last
RAISED: Final = 128  # what is added to inputs that meet weights kept as bytes


def dot_refusal(graph: Graph, node: Node) -> str | None:
    """Why a layer cannot be computed by dot products of lanes."""
    return form_refusal(graph, node) or scaling_refusal(graph, node)


def is_turned(graph: Graph, node: Node) -> bool:
    """Tell whether bytes become lanes four at a time, of which 0 and 2 come first: pixels are whole words."""
    return graph.tensors[node.inputs[1]].shape[-1] % 4 == 0


def _constants(layer: Layer) -> Constants:
    p = parameters_of(layer)
    weights = _padded(layer)
    fields = {"channels": len(weights), "fours": weights.shape[1] // 4, "minimum": p.minimum, "maximum": p.maximum}
    stream = array("uint32_t", "stream", "see dw_mac16_dot.h", _stream(layer, weights))
    return Constants((stream,), number_fields(fields))


DOT: Final = LayerData(Struct("dw_mac16_dot", template=None), _constants)


def _padded(layer: Layer) -> Array:
    """Weights [O, K], padded with zeros."""
    weights = weights_of(layer.graph, layer.node)
    rows = weights.reshape(len(weights), -1)
    padded = np.zeros((len(rows), patch_inputs(layer.graph, layer.node)), weights.dtype)
    padded[:, : rows.shape[1]] = rows
    return padded


def _stream(layer: Layer, weights: Array) -> Iterator[int]:
    """Scale and weights of each channel, and a word behind the last."""
    words = _lanes(layer, weights) if layer.int16_weights else _bytes(layer, weights)
    raised = np.int64(0 if layer.int16_weights else RAISED) * weights.sum(axis=1, dtype=np.int64)
    biases = (np.array(folded_bias(layer), np.int64) - raised).tolist()
    for scale, row in zip(scales_of(layer, biases), words, strict=True):
        yield from scale
        yield from row
    yield from (0,) * BEHIND


def _lanes(layer: Layer, weights: Array) -> list[list[int]]:
    """Weights [O, K] as lanes in the order of the inputs', two a word."""
    lanes = weights.astype("<i2").reshape(len(weights), -1, 2, 2)
    ordered = lanes.transpose(0, 1, 3, 2) if is_turned(layer.graph, layer.node) else lanes
    return _words(ordered, len(weights))


def _bytes(layer: Layer, weights: Array) -> list[list[int]]:
    """Weights [O, K] as bytes, of which 0 and 2, then 1 and 3 of a word meet the next two lanes of the inputs."""
    halves = weights.astype("<i1").reshape(len(weights), -1, 2, 2)
    ordered = halves if is_turned(layer.graph, layer.node) else halves.transpose(0, 1, 3, 2)
    return _words(ordered, len(weights))


def _words(ordered: Array, channels: int) -> list[list[int]]:
    words: list[list[int]] = np.ascontiguousarray(ordered).reshape(channels, -1).view("<u4").tolist()
    return words
