"""Takes movers that undo each other out, and makes one TRANSPOSE of two, as the ONNX route leaves them."""

from dataclasses import replace
from typing import Final

import numpy as np

from depthwise.codegen.golden.model import compute
from depthwise.codegen.graph import Array, DType, Graph, Node
from depthwise.codegen.operators import Transpose, operator_of
from depthwise.codegen.operators.moving import is_mover

from .rewire import exchanged, without, writer_of

LONGEST: Final = 5
FIRST_NUMBER: Final = 256  # larger than any value that is new


def compose_moves(graph: Graph) -> Graph:
    """Let readers read what lies before movers that together move nothing; read TRANSPOSEs past one another."""
    for node in graph.nodes:
        if not _moves_one(node) or graph.output_of(node).dtype is not DType.INT8:
            continue
        source = None if node.output in graph.outputs else _undone(graph, node)
        if source is not None:
            return compose_moves(without(graph, node, {node.output: source}))
        before = writer_of(graph, node.inputs[0])
        if isinstance(node.op, Transpose) and before is not None and isinstance(before.op, Transpose):
            turned = Transpose(tuple(before.op.permutation[axis] for axis in node.op.permutation))
            joined = replace(node, op=turned, inputs=(before.inputs[0], *node.inputs[1:]))
            return compose_moves(exchanged(graph, {node.output: joined}))
    return graph


def _undone(graph: Graph, node: Node) -> int | None:
    """Earlier tensor of the same elements in the same order, shape and quantization."""
    chain = [node]
    while len(chain) <= LONGEST:
        source, written = graph.tensors[chain[0].inputs[0]], graph.output_of(node)
        same = (source.shape, source.dtype, source.quantization) == (written.shape, written.dtype, written.quantization)
        if same and len(chain) > 1 and _gives_back(graph, chain):
            return source.index
        before = writer_of(graph, source.index)
        if before is None or not _moves_one(before):
            return None
        chain.insert(0, before)
    return None


def _moves_one(node: Node) -> bool:
    return is_mover(node.op) and operator_of(node.op).activations(node) == 1


def _gives_back(graph: Graph, chain: list[Node]) -> bool:
    source = graph.tensors[chain[0].inputs[0]]
    numbers: Array = np.arange(FIRST_NUMBER, FIRST_NUMBER + source.elements).reshape(source.shape)
    moved = numbers
    for node in chain:
        moved = compute(graph, node, {node.inputs[0]: moved})
    return bool((moved == numbers).all())
