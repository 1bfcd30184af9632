"""Folds what depends on no input: Keras' SHAPE, STRIDED_SLICE and PACK, and the shape operand of RESHAPE."""

from dataclasses import replace

from depthwise.codegen.golden.model import compute
from depthwise.codegen.graph import Array, DType, Graph, Node
from depthwise.codegen.operators import Reshape, Shape


def fold_constants(graph: Graph) -> Graph:
    """Compute nodes that read nothing but constants now; RESHAPE keeps its tensor alone, since all shapes are known."""
    values: dict[int, Array] = {}
    tensors = list(graph.tensors)
    kept: list[Node] = []
    for node in graph.nodes:
        if _is_constant(node, graph, values):
            value = compute(graph, node, values)
            values[node.output] = value
            tensors[node.output] = replace(tensors[node.output], data=value)
        elif isinstance(node.op, Reshape):
            kept.append(replace(node, inputs=node.inputs[:1]))
        else:
            kept.append(node)
    return replace(graph, tensors=tuple(tensors), nodes=tuple(kept))


def _is_constant(node: Node, graph: Graph, values: dict[int, Array]) -> bool:
    if isinstance(node.op, Shape):
        return True
    known = all(i in values or graph.tensors[i].data is not None for i in node.inputs)
    return known and graph.output_of(node).dtype is not DType.FLOAT32 and node.output not in graph.lasting
