"""One quantization for what TensorFlow Lite Micro joins or compares as it is: CONCATENATION, PACK, MAXIMUM, MINIMUM.

Where a layer that only the joining one reads may write any scale, it writes the joint one; else a QUANTIZE comes in
between, as TensorFlow Lite's converter does it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from depthwise.codegen.graph import Graph, Node, Tensor
from depthwise.codegen.operators import Quantize, operator_of
from depthwise.codegen.operators.parts.quantization import OutputScale
from depthwise.codegen.passes.rewire import sole_reader, writer_of

from .observers import ValueRange


def joins(node: Node) -> bool:
    """Tell whether a node works on values of several tensors in one quantization."""
    return operator_of(node.op).output_quantization is OutputScale.JOINED


def with_conversions(graph: Graph) -> Graph:
    """The float graph with a QUANTIZE, which changes no real number, before each join where one may be needed."""
    tensors, nodes = list(graph.tensors), list[Node]()
    for node in graph.nodes:
        reads = dict[int, int]()
        if joins(node):
            reads = {i: len(tensors) + at for at, i in enumerate(_fixed(graph, node))}
        for given, made in reads.items():
            like = graph.tensors[given]
            tensors.append(Tensor(made, f"{like.name}/joined_{made}", like.shape, like.dtype))
            nodes.append(Node(node.layer, Quantize(), (given,), made))
        nodes.append(replace(node, inputs=tuple(reads.get(i, i) for i in node.inputs)))
    return replace(graph, tensors=tuple(tensors), nodes=tuple(nodes))


def _fixed(graph: Graph, node: Node) -> Iterator[int]:
    """Operands whose scale is not free: others read them too, or their layer has none to choose."""
    for i in dict.fromkeys(node.inputs):
        writer = writer_of(graph, i)
        rule = None if writer is None else operator_of(writer.op).output_quantization
        free = rule is OutputScale.CALIBRATED and sole_reader(graph, i) is node
        if graph.tensors[i].data is None and not free:
            yield i


def joint_spans(graph: Graph, spans: Mapping[int, ValueRange]) -> dict[int, ValueRange]:
    """Spans with one for all that a node joins, constants included."""
    found = dict(spans)
    for node in graph.nodes:
        if joins(node):
            members = [*node.inputs, node.output]
            reached = [_span(graph.tensors[i], found) for i in members]
            hull = ValueRange(min(r.low for r in reached), max(r.high for r in reached))
            found |= {i: hull for i in members if graph.tensors[i].data is None}
    return found


def _span(tensor: Tensor, spans: Mapping[int, ValueRange]) -> ValueRange:
    if tensor.data is None:
        return spans[tensor.index]
    return ValueRange(float(tensor.data.min()), float(tensor.data.max()))
