"""Spans of tensors that are compared: an int8 operator that keeps quantizations has one for all that it joins."""

from collections.abc import Iterator, Mapping

from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.graph import DType, Graph, Node, Quantization, Tensor
from depthwise.codegen.operators import operator_of
from depthwise.codegen.operators.parts.quantization import OutputScale

from .observers import ValueRange


def with_shared(graph: Graph, spans: Mapping[int, ValueRange]) -> dict[int, ValueRange]:
    """Spans in which tensors that MAXIMUM and its like compare have one, that of all together.

    Raises UnsupportedError where one of them has a quantization that is not to be chosen.
    """
    found = dict(spans)
    for members, comparing in _groups(graph):
        if comparing is None:
            continue
        _refuse_fixed(graph, comparing, members)
        ranges = [_span(graph.tensors[i], spans) for i in sorted(members)]
        together = ValueRange(min(r.low for r in ranges), max(r.high for r in ranges))
        found |= dict.fromkeys((i for i in members if i in spans), together)
    return found


def _groups(graph: Graph) -> Iterator[tuple[set[int], Node | None]]:
    """Tensors that have one quantization, and a node that joins several of them, if any does."""
    groups: list[tuple[set[int], Node | None]] = []
    for node in graph.nodes:
        if operator_of(node.op).output_quantization is not OutputScale.KEPT:
            continue
        reads = {i for i in node.inputs if graph.tensors[i].dtype is DType.FLOAT32}
        members, comparing = {node.output} | reads, node if len(reads) > 1 else None
        for other in [g for g in groups if g[0] & members]:
            groups.remove(other)
            members, comparing = members | other[0], comparing or other[1]
        groups.append((members, comparing))
    yield from groups


def _refuse_fixed(graph: Graph, comparing: Node, members: set[int]) -> None:
    for node in graph.nodes:
        if node.output in members and isinstance(operator_of(node.op).output_quantization, Quantization):
            raise UnsupportedError(
                f"{comparing} compares what {node} writes, whose int8 form has a scale of its own",
                "compare before it, or leave that layer out",
            )


def _span(tensor: Tensor, spans: Mapping[int, ValueRange]) -> ValueRange:
    if tensor.data is None:
        return spans[tensor.index]
    return ValueRange(float(tensor.data.min()), float(tensor.data.max()))
