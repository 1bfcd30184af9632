"""CONV_2D as dot products of runs of bytes; 1x1 kernels read their pixels as they lie."""

from dataclasses import replace
from math import prod

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.cycles import WINDOW_CALL, counted
from depthwise.codegen.kernels.kernel import Kernel, Layer, LayerData
from depthwise.codegen.kernels.weighted import larger_refusal, weights_of
from depthwise.codegen.operators import Conv2D, Pads

from .constants import Stored, lined_constants, plain_constants
from .fully_connected import DENSE, LINED
from .layouts import BY_ROWS, LINES, Layout
from .lines import is_on_lines, lines_refusal
from .pixels import lined_pixels, pixels_of
from .scaling import scaling_refusal


def conv_2d(layout: Layout) -> Kernel:
    """Any kernel, stride, dilation."""
    name = f"conv_2d_{layout.name}"
    return Kernel(
        name=name,
        operators=(Conv2D,),
        refusal=scaling_refusal,
        shape=pixels_of,
        data=LayerData(DENSE, lambda layer: plain_constants(layer, _stored(layer, layout))),
        headers=layout.headers,
        scratch=None,
        position=False,
        planar=None,
        int16_weights=None,
        events=counted(name, WINDOW_CALL),
        proves=None,
        traffic=None,
    )


def pointwise_conv_2d(layout: Layout) -> Kernel:
    """1x1 without padding, any stride."""
    name = f"pointwise_conv_2d_{layout.name}"
    return replace(conv_2d(layout), name=name, refusal=_pointwise_refusal, events=counted(name, WINDOW_CALL))


def lined(kernel: Kernel, name: str) -> Kernel:
    """A kernel of the layout by rows, its sums scaled by lines."""
    return replace(
        kernel,
        name=name,
        refusal=lambda graph, node: kernel.refusal(graph, node) or lines_refusal(graph, node),
        shape=lined_pixels,
        data=LayerData(LINED, lambda layer: lined_constants(layer, _stored(layer, BY_ROWS))),
        headers=(*kernel.headers, *LINES),
        proves=is_on_lines,
    )


def _pointwise_refusal(graph: Graph, node: Node) -> str | None:
    return larger_refusal(graph, node) or scaling_refusal(graph, node)


def _stored(layer: Layer, layout: Layout) -> Stored:
    op, weights = layer.node.op, weights_of(layer.graph, layer.node)
    assert isinstance(op, Conv2D)
    outside = prod(weights.shape[2:]) if op.pads != Pads() else 0
    return Stored(weights=layout.packed(weights), outside=outside, inputs=prod(weights.shape[1:]))
