"""Rows that lie channel after channel, [C][W]: written by a CONV_2D, read by depthwise layers alone."""

from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.weighted import multiplier_refusal, offset_refusal, taps_of
from depthwise.codegen.operators import Conv2D, DepthwiseConv2D

from .dots import dot_refusal
from .padded_rows import padded_rows_of
from .row_walk import walk_of
from .scaling import steep_refusal, steepest_refusal

LARGEST_IMMEDIATE: Final = 4095  # what an instruction adds, or reaches over
WIDEST_KERNEL: Final = 8  # columns of a kernel over padded rows
MOST_BLOCKS: Final = 255


def is_planar(graph: Graph, node: Node) -> bool:
    """Tell whether a node's output is written channel after channel."""
    if not isinstance(node.op, Conv2D) or dot_refusal(graph, node) is not None or node.output in graph.lasting:
        return False
    readers = [n for n in graph.nodes if node.output in n.inputs]
    return bool(readers) and all(_reads_columns(graph, n) for n in readers)


def output_steps(graph: Graph, node: Node) -> tuple[int, int]:
    """Elements from pixel to pixel and from channel to channel of a CONV_2D's output row."""
    _, _, width, channels = graph.output_of(node).shape
    return (1, width) if is_planar(graph, node) else (channels, 1)


def input_refusal(graph: Graph, node: Node) -> str | None:
    """Why a node's input does not lie channel after channel."""
    writer = next((n for n in graph.nodes if n.output == node.inputs[0]), None)
    if writer is not None and is_planar(graph, writer):
        return None
    return "its input is not written channel after channel: only a fast CONV_2D does so, for such layers alone"


def columns_refusal(graph: Graph, node: Node) -> str | None:
    """Why a DEPTHWISE_CONV_2D cannot be computed by columns of rows [C][W], wherever they come from."""
    assert isinstance(node.op, DepthwiseConv2D)
    height, width = taps_of(graph, node)
    if (height, width) != (3, 3) or node.op.dilation != (1, 1):
        return f"its kernel is {height}x{width} with dilation {node.op.dilation}, 3x3 without is supported"
    if (reason := multiplier_refusal(node)) is not None:
        return reason
    if walk_of(graph, node) is None:
        columns, stride = graph.inputs_of(node)[0].shape[2], node.op.stride[1]
        return f"rows of {columns} columns with stride {stride} and {node.op.pads.left} of padding cannot be walked"
    return _immediate_refusal(graph, node) or steep_refusal(graph, node)


def padded_refusal(graph: Graph, node: Node) -> str | None:
    """Why a DEPTHWISE_CONV_2D cannot be computed over padded rows of one channel."""
    assert isinstance(node.op, DepthwiseConv2D)
    height, width = taps_of(graph, node)
    if width > WIDEST_KERNEL or node.op.dilation != (1, 1):
        return f"its kernel is {height}x{width} with dilation {node.op.dilation}, {WIDEST_KERNEL} columns are supported"
    if node.op.stride[1] not in {1, 2}:
        return f"its stride along a row is {node.op.stride[1]}, 1 and 2 are supported"
    if not _sees_the_image(graph, node):
        return f"{node.op.pads.top} and {node.op.pads.bottom} rows of padding hide the image from a window"
    strips = (height, width) == (3, 3) and multiplier_refusal(node) is None  # faster where inputs would be doubled
    steep = steep_refusal(graph, node) if strips else steepest_refusal(graph, node)
    return _padded_sizes_refusal(graph, node) or offset_refusal(node) or steep


def _sees_the_image(graph: Graph, node: Node) -> bool:
    """Tell whether every window has a row inside of the image."""
    assert isinstance(node.op, DepthwiseConv2D)
    height, rows = graph.inputs_of(node)[0].shape[1], graph.output_of(node).shape[1]
    last = (rows - 1) * node.op.stride[0] - node.op.pads.top
    return node.op.pads.top < taps_of(graph, node)[0] and last < height


def _padded_sizes_refusal(graph: Graph, node: Node) -> str | None:
    """Why sizes cannot stand in instructions."""
    rows, channels = padded_rows_of(graph, node), graph.output_of(node).shape[3]
    if channels > LARGEST_IMMEDIATE:
        return f"it has {channels:,} channels, {LARGEST_IMMEDIATE:,} are supported"
    if rows.pitch > LARGEST_IMMEDIATE or rows.blocks > MOST_BLOCKS:
        return f"its rows take {rows.pitch:,} bytes, {LARGEST_IMMEDIATE:,} are supported"
    return None


def _immediate_refusal(graph: Graph, node: Node) -> str | None:
    """Why a row's sizes cannot stand in instructions: both are immediates, of a pixel's bytes and of a row's."""
    _, _, width, channels = graph.inputs_of(node)[0].shape
    if channels > LARGEST_IMMEDIATE:
        return f"it has {channels:,} channels, {LARGEST_IMMEDIATE:,} are supported"
    if width > LARGEST_IMMEDIATE:
        return f"it has {width:,} columns, {LARGEST_IMMEDIATE:,} are supported"
    return None


def _reads_columns(graph: Graph, node: Node) -> bool:
    if not isinstance(node.op, DepthwiseConv2D):
        return False
    return columns_refusal(graph, node) is None or padded_refusal(graph, node) is None
