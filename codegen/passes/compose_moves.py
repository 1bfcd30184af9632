"""Takes movers that undo each other out, and makes one TRANSPOSE of two, as the ONNX route leaves them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from depthwise.codegen.golden.model import compute
from depthwise.codegen.graph import Array, DType, Graph, Node
from depthwise.codegen.operators import ResizeNearestNeighbor, Transpose, operator_of
from depthwise.codegen.operators.moving import is_mover

from .rewire import exchanged, without, writer_of

LONGEST: Final = 6
FIRST_NUMBER: Final = 256  # larger than any value that is new


def compose_moves(graph: Graph) -> Graph:
    """Let readers read what lies before movers that together move nothing; make one of several where one can be.

    Two TRANSPOSEs are one. EXPAND_DIMS, TILE and RESHAPE that make each pixel larger are a RESIZE_NEAREST_NEIGHBOR,
    which rows stream through.
    """
    for node in graph.nodes:
        if not _moves_one(node) or graph.output_of(node).dtype is not DType.INT8:
            continue
        source = None if node.output in graph.outputs else _undone(graph, node)
        if source is not None:
            return compose_moves(without(graph, node, {node.output: source}))
        one = _transposed(graph, node) or _resized(graph, node)
        if one is not None:
            return compose_moves(exchanged(graph, {node.output: one}))
    return graph


def _transposed(graph: Graph, node: Node) -> Node | None:
    """A TRANSPOSE behind another as one."""
    before = writer_of(graph, node.inputs[0])
    if not isinstance(node.op, Transpose) or before is None or not isinstance(before.op, Transpose):
        return None
    turned = Transpose(tuple(before.op.permutation[axis] for axis in node.op.permutation))
    return replace(node, op=turned, inputs=(before.inputs[0], *node.inputs[1:]))


def _undone(graph: Graph, node: Node) -> int | None:
    """Earlier tensor of the same elements in the same order, shape and quantization."""
    written = graph.output_of(node)
    for chain in _chains(graph, node):
        source = graph.tensors[chain[0].inputs[0]]
        same = (source.shape, source.dtype, source.quantization) == (written.shape, written.dtype, written.quantization)
        if same and len(chain) > 1 and np.array_equal(*_moved(graph, chain)):
            return source.index
    return None


def _resized(graph: Graph, node: Node) -> Node | None:
    """The layers up to a node as one that makes each pixel of an image a block of pixels."""
    out = graph.output_of(node).shape
    for chain in _chains(graph, node):
        source = graph.tensors[chain[0].inputs[0]].shape
        images = len(out) == len(source) == 4 and out[0] == source[0] == 1 and out[3] == source[3]
        if len(chain) < 2 or not images or out == source or out[1] % source[1] or out[2] % source[2]:
            continue
        numbers, moved = _moved(graph, chain)
        larger = numbers.repeat(out[1] // source[1], axis=1).repeat(out[2] // source[2], axis=2)
        if np.array_equal(moved, larger):
            op = ResizeNearestNeighbor((out[1], out[2]), align_corners=False, half_pixel_centers=False)
            return replace(node, op=op, inputs=(chain[0].inputs[0],))
    return None


def _chains(graph: Graph, node: Node) -> Iterator[list[Node]]:
    """The node, the node and the mover before it, and so on."""
    chain = [node]
    while len(chain) <= LONGEST:
        yield chain
        before = writer_of(graph, chain[0].inputs[0])
        if before is None or not _moves_one(before):
            return
        chain = [before, *chain]


def _moves_one(node: Node) -> bool:
    return is_mover(node.op) and operator_of(node.op).activations(node) == 1


def _moved(graph: Graph, chain: list[Node]) -> tuple[Array, Array]:
    """Numbers of the elements that a chain reads, and where it moves them."""
    source = graph.tensors[chain[0].inputs[0]]
    numbers: Array = np.arange(FIRST_NUMBER, FIRST_NUMBER + source.elements).reshape(source.shape)
    moved = numbers
    for node in chain:
        moved = compute(graph, node, {node.inputs[0]: moved})
    return numbers, moved
