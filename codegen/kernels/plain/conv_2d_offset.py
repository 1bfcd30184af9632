"""CONV_2D whose weights have a zero point, as uint8 models have them, by the dot products of all others."""

from dataclasses import replace
from math import prod
from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.cycles import WINDOW_CALL, counted
from depthwise.codegen.kernels.kernel import Kernel, Layer, LayerData
from depthwise.codegen.kernels.offset import parted, parted_refusal
from depthwise.codegen.kernels.weighted import larger_refusal
from depthwise.codegen.operators import Conv2D, Pads

from .constants import Stored, lined_constants, plain_constants
from .conv_2d import conv_2d
from .fully_connected import DENSE, LINED
from .layouts import BY_ROWS, LINES, OFFSET, OFFSET_LINES, Layout
from .lines import is_on_lines, unlined
from .pixels import Pixels, lined_pixels, pixels_of
from .scaling import sums_refusal

POINTWISE: Final = "pointwise_"


def conv_2d_offset(layout: Layout) -> Kernel:
    """Any kernel, stride, dilation."""
    name = f"conv_2d_{layout.name}_offset"
    return replace(
        conv_2d(layout),
        name=name,
        refusal=_refusal,
        shape=lambda layer: _with_common(layer, pixels_of(layer)),
        data=LayerData(DENSE, lambda layer: plain_constants(layer, _stored(layer, layout))),
        headers=(*layout.headers, *OFFSET[layout.name]),
        events=counted(name, WINDOW_CALL),
    )


def conv_2d_lines_offset() -> Kernel:
    """The layout by rows, sums scaled by lines."""
    return replace(
        conv_2d_offset(BY_ROWS),
        name="conv_2d_lines_offset",
        refusal=lambda graph, node: _refusal(graph, node) or unlined(graph, node),
        shape=lambda layer: _with_common(layer, lined_pixels(layer)),
        data=LayerData(LINED, lambda layer: lined_constants(layer, _stored(layer, BY_ROWS))),
        headers=(*BY_ROWS.headers, *LINES, *OFFSET[BY_ROWS.name], *OFFSET_LINES),
        proves=is_on_lines,
    )


def pointwise(kernel: Kernel) -> Kernel:
    """The same for 1x1 without padding, any stride."""
    name = f"{POINTWISE}{kernel.name}"
    rated = name.replace("_lines_", "_rows_")
    return replace(
        kernel,
        name=name,
        refusal=lambda graph, node: kernel.refusal(graph, node) or larger_refusal(graph, node),
        events=counted(rated, WINDOW_CALL),
    )


def _refusal(graph: Graph, node: Node) -> str | None:
    return parted_refusal(graph, node) or sums_refusal(graph, node)


def _with_common(layer: Layer, shape: Pixels) -> Pixels:
    return replace(shape, common=parted(layer.graph, layer.node).common)


def _stored(layer: Layer, layout: Layout) -> Stored:
    op, weights = layer.node.op, parted(layer.graph, layer.node).weights
    assert isinstance(op, Conv2D)
    outside = prod(weights.shape[2:]) if op.pads != Pads() else 0
    return Stored(weights=layout.packed(weights), outside=outside, inputs=prod(weights.shape[1:]))
