"""DEPTHWISE_CONV_2D for Helium whose weights have a zero point, as uint8 models have them: they are int16."""

from dataclasses import replace
from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.data import Constants, array
from depthwise.codegen.kernels.kernel import Layer, LayerData, Struct
from depthwise.codegen.kernels.plain.scaling import taps_refusal
from depthwise.codegen.kernels.weighted import multiplier_refusal, weights_of, without_offset

from .depthwise_conv_2d import DEPTHWISE_CONV_2D_MVE, HEADERS, by_sixteen, constants_of

WIDE: Final = ("dw_mve_depthwise_wide.h", "dw_mve_depthwise_wide_asm.h", "dw_mve_depthwise_wide_twin.h")
# Channels of sixteen as instructions that widen bytes take them apart.
EVEN_FIRST: Final = (*range(0, 16, 2), *range(1, 16, 2))


def _refusal(graph: Graph, node: Node) -> str | None:
    return without_offset(graph, node) or multiplier_refusal(node) or taps_refusal(graph, node)


def _constants(layer: Layer) -> Constants:
    blocks = by_sixteen(weights_of(layer.graph, layer.node))[:, :, EVEN_FIRST]
    return constants_of(layer, array("int16_t", "weights", "weights [C / 16][KH][KW][16], even channels first", blocks))


DEPTHWISE_CONV_2D_WIDE_MVE: Final = replace(
    DEPTHWISE_CONV_2D_MVE,
    name="depthwise_conv_2d_wide_mve",
    refusal=_refusal,
    data=LayerData(Struct("dw_mve_wide", template=None), _constants),
    headers=(*HEADERS, *WIDE),
)
