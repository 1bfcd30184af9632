"""Tensors that must share one quantization: what an operator joins, and what keeps the quantization of those."""

from collections.abc import Mapping

from depthwise.codegen.graph import Graph
from depthwise.codegen.operators import operator_of
from depthwise.codegen.operators.parts.quantization import OutputScale

from .observers import ValueRange


def joined(graph: Graph, spans: Mapping[int, ValueRange]) -> dict[int, ValueRange]:
    """Ranges in which tensors that are joined have one that holds them all."""
    root = {t: t for t in spans}

    def root_of(tensor: int) -> int:
        while root[tensor] != tensor:
            tensor = root[tensor]
        return tensor

    meeting: set[int] = set()
    for node in graph.nodes:
        rule, reads = operator_of(node.op).output_quantization, [i for i in node.inputs if i in spans]
        if rule is OutputScale.JOINED:
            meeting.add(node.output)
        for read in reads if rule is OutputScale.JOINED else reads[:1] if rule is OutputScale.KEPT else ():
            root[root_of(node.output)] = root_of(read)
    together = {root_of(t) for t in meeting}
    members = {r: [spans[t] for t in spans if root_of(t) == r] for r in together}
    wide = {r: ValueRange(min(s.low for s in of), max(s.high for s in of)) for r, of in members.items()}
    return {t: wide.get(root_of(t), span) for t, span in spans.items()}
