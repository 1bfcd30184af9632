"""Floats in a quantized network are refused, but for scores at its end; and notes on what is computed otherwise."""

from dataclasses import replace
from typing import Final

from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.graph import DType, Graph, Node
from depthwise.codegen.operators import Dequantize, Relu6
from depthwise.codegen.operators.float_scores import float_scores
from depthwise.codegen.operators.parts.hints import CONVERT
from depthwise.codegen.operators.validate import is_float

NAMED: Final = 8


def refuse_floats_between(graph: Graph) -> None:
    """Raise UnsupportedError naming layers of a quantized network that compute in float32 before its ends."""
    quantized = any(graph.output_of(n).dtype in (DType.INT8, DType.UINT8) for n in graph.nodes)
    if is_float(graph) or not quantized:
        return
    last = {id(n) for o in graph.outputs for n in float_scores(graph, o)}
    floats = [n for n in graph.nodes if graph.output_of(n).dtype is DType.FLOAT32 and id(n) not in last]
    if floats:
        more = f" and {len(floats) - NAMED} more" if len(floats) > NAMED else ""
        raise UnsupportedError(f"in {graph.name} {', '.join(map(str, floats[:NAMED]))}{more} write float32", CONVERT)


def told(graph: Graph) -> Graph:
    """The graph with notes: on layers that are left to the caller, and on what tflite-micro does not compute."""
    notes = (*_left_out(graph), *_ignored(graph))
    return replace(graph, notes=(*graph.notes, *notes)) if notes else graph


def _left_out(graph: Graph) -> list[str]:
    left = [n for o in graph.outputs for n in float_scores(graph, o) if not isinstance(n.op, Dequantize)]
    names = ", ".join(map(str, left))
    return [f"{names} works in float32 on the last scores: left out, which keeps their order"] if left else []


def _ignored(graph: Graph) -> list[str]:
    changing = [n for n in graph.nodes if isinstance(n.op, Relu6) and _rescales(graph, n)]
    names = ", ".join(map(str, changing[:NAMED]))
    return [f"{names} changes the quantization, which TensorFlow Lite Micro ignores: so does this"] if changing else []


def _rescales(graph: Graph, node: Node) -> bool:
    before, after = graph.inputs_of(node)[0].quantization, graph.output_of(node).quantization
    return before is not None and after is not None and before != after
