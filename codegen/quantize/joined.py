"""Tensors that must share one quantization: what an operator joins, and what keeps the quantization of those."""

from collections.abc import Mapping

from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.graph import DType, Graph, Node, Quantization
from depthwise.codegen.operators import operator_of
from depthwise.codegen.operators.parts.quantization import OutputScale

from .observers import ValueRange


def joined(graph: Graph, spans: Mapping[int, ValueRange]) -> dict[int, ValueRange]:
    """Ranges in which tensors that are joined have one that holds them all, constants among them.

    Raises UnsupportedError where one of them has a quantization that is not to be chosen.
    """
    known = {**spans, **_constants(graph)}
    root = {t: t for t in known}

    def root_of(tensor: int) -> int:
        while root[tensor] != tensor:
            tensor = root[tensor]
        return tensor

    meeting: dict[int, Node] = {}
    for node in graph.nodes:
        rule, reads = operator_of(node.op).output_quantization, [i for i in node.inputs if i in known]
        if rule is OutputScale.JOINED:
            meeting[node.output] = node
        for read in reads if rule is OutputScale.JOINED else reads[:1] if rule is OutputScale.KEPT else ():
            root[root_of(node.output)] = root_of(read)
    together = {root_of(t): node for t, node in meeting.items()}
    _refuse_fixed(graph, {t: together[root_of(t)] for t in known if root_of(t) in together})
    members = {r: [known[t] for t in known if root_of(t) == r] for r in together}
    wide = {r: ValueRange(min(s.low for s in of), max(s.high for s in of)) for r, of in members.items()}
    return {t: wide.get(root_of(t), span) for t, span in spans.items()}


def _constants(graph: Graph) -> dict[int, ValueRange]:
    """Ranges of constants that are joined with tensors."""
    joining = (n for n in graph.nodes if operator_of(n.op).output_quantization is OutputScale.JOINED)
    tensors = {t.index: t for n in joining for t in graph.inputs_of(n) if t.dtype is DType.FLOAT32}
    return {i: ValueRange(float(t.data.min()), float(t.data.max())) for i, t in tensors.items() if t.data is not None}


def _refuse_fixed(graph: Graph, joining: Mapping[int, Node]) -> None:
    """`joining`: for each tensor that is joined with others, where."""
    for node in graph.nodes:
        if node.output in joining and isinstance(operator_of(node.op).output_quantization, Quantization):
            raise UnsupportedError(
                f"{joining[node.output]} joins what {node} writes, whose int8 form has a scale of its own",
                "join before it, or leave that layer out",
            )
