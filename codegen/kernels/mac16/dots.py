"""What CONV_2D and FULLY_CONNECTED share: dot products channel after channel (dw_mac16_dot.h) and their constants."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from depthwise.codegen.graph import Array, Graph, Node
from depthwise.codegen.kernels.data import Constants, array, number_fields
from depthwise.codegen.kernels.kernel import Layer, LayerData, Struct
from depthwise.codegen.kernels.weighted import folded_bias, form_refusal, parameters_of, patch_inputs, weights_of

from .scaling import channel_scale, scaling_refusal, with_silent

LANE_BYTES: Final = 2
HEADERS: Final = (
    *("dw_asm.h", "dw_mac16.h", "dw_mac16_scale_asm.h"),
    *("dw_mac16_dot.h", "dw_mac16_dot_asm.h", "dw_mac16_dot_twin.h"),
)
BEHIND: Final = 1  # words that are read behind the last


def dot_refusal(graph: Graph, node: Node) -> str | None:
    """Why a layer cannot be computed by dot products of lanes."""
    return form_refusal(graph, node) or scaling_refusal(graph, node)


def is_turned(graph: Graph, node: Node) -> bool:
    """Tell whether bytes become lanes four at a time, of which 0 and 2 come first: pixels are whole words."""
    return graph.tensors[node.inputs[1]].shape[-1] % 4 == 0


def _constants(layer: Layer) -> Constants:
    p = parameters_of(layer)
    lanes = _lanes(layer)
    fields = {"channels": len(lanes), "fours": lanes.shape[1] // 4, "minimum": p.minimum, "maximum": p.maximum}
    stream = array("uint32_t", "stream", "see dw_mac16_dot.h", _stream(layer, lanes))
    return Constants((stream,), number_fields(fields))


DOT: Final = LayerData(Struct("dw_mac16_dot", template=None), _constants)


def _lanes(layer: Layer) -> Array:
    """Weights [O, K], padded with zeros, in the order of the inputs' lanes."""
    weights = weights_of(layer.graph, layer.node)
    rows = weights.reshape(len(weights), -1)
    padded = np.zeros((len(rows), patch_inputs(layer.graph, layer.node)), np.int16)
    padded[:, : rows.shape[1]] = rows
    if not is_turned(layer.graph, layer.node):
        return padded
    return padded.reshape(len(rows), -1, 2, 2).transpose(0, 1, 3, 2).reshape(padded.shape)


def _stream(layer: Layer, lanes: Array) -> Iterator[int]:
    """Scale and weights of each channel, and a word behind the last."""
    p, bias = with_silent(layer.graph, layer.node), folded_bias(layer)
    words = np.ascontiguousarray(lanes.astype("<i2")).view("<u4")
    for channel, row in enumerate(words.tolist()):
        yield from channel_scale(p, channel, bias[channel])
        yield from row
    yield from (0,) * BEHIND
