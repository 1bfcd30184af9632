"""Movers whose output has another quantization than what they move: TFLite copies the bytes all the same.

Only CONCATENATION asks for one quantization (tflite-micro, `kernels/concatenation.cc`). DeepLab's files of 2018 resize
into another scale. Here a table of the same values stands in front of the mover, and says the new quantization.
"""

from dataclasses import replace
from typing import Final

from depthwise.codegen.graph import DType, Graph, Node, Quantization, Tensor
from depthwise.codegen.operators import Concatenation, Table, operator_of
from depthwise.codegen.operators.moving import is_mover
from depthwise.codegen.operators.resize_bilinear import ResizeBilinear

SAME: Final = Table(tuple(range(-128, 128)))
EIGHT_BITS: Final = (DType.INT8, DType.UINT8)


def with_new_quantizations(graph: Graph) -> Graph:
    """The graph with a table in front of such movers, and a note for each; tensors are added behind all others."""
    tensors, nodes, notes = list(graph.tensors), list[Node](), list(graph.notes)
    for node in graph.nodes:
        if not _copies_bytes(node):
            nodes.append(node)
            continue
        reads, out = list(node.inputs), graph.output_of(node)
        for place in range(operator_of(node.op).activations(node)):
            source = graph.tensors[reads[place]]
            if not _differs(source, out):
                continue
            made = replace(source, index=len(tensors), quantization=out.quantization)
            tensors.append(made)
            reads[place] = made.index
            if source.data is None:
                nodes.append(Node(node.layer, SAME, (source.index,), made.index))
            notes.append(f"{node} copies the bytes of tensor {source.index} into another quantization, as TFLite does")
        nodes.append(replace(node, inputs=tuple(reads)))
    return replace(graph, tensors=tuple(tensors), nodes=tuple(nodes), notes=tuple(notes))


def _copies_bytes(node: Node) -> bool:
    return isinstance(node.op, ResizeBilinear) or (is_mover(node.op) and not isinstance(node.op, Concatenation))


def _differs(source: Tensor, out: Tensor) -> bool:
    """Tell whether two tensors of 8 bits, one scale each, mean different numbers by the same byte."""
    one, other = source.quantization, out.quantization
    same_type = source.dtype is out.dtype and out.dtype in EIGHT_BITS
    return same_type and one is not None and other is not None and _numbers(one) != _numbers(other)


def _numbers(quantization: Quantization) -> tuple[tuple[float, ...], tuple[int, ...]]:
    return quantization.scales, quantization.zero_points
