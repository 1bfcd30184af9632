"""RAM of a float network once its activations are int8: whole tensors, and the least that rows need."""

from dataclasses import dataclass, replace

from depthwise.codegen.graph import DType, Graph, Quantization
from depthwise.codegen.passes.fold_shuffles import fold_shuffles
from depthwise.codegen.schedule import choose, state_bytes


@dataclass(frozen=True, slots=True)
class Ram:
    """Bytes for activations, the image left out: layer after layer, and in the best mixture of rows and layers."""

    whole: int
    rows: int


def deployed_ram(graph: Graph) -> Ram:
    """Plan a graph as it will run behind its quantization, a byte for each activation."""
    planned = fold_shuffles(_in_bytes(graph))
    return Ram(state_bytes(choose(planned, "whole")), state_bytes(choose(planned)))


def _in_bytes(graph: Graph) -> Graph:
    """Every activation as int8, of one scale: only places are asked for."""
    one = Quantization((1.0,), (0,))
    tensors = (
        replace(t, dtype=DType.INT8, quantization=one) if t.data is None and t.dtype is DType.FLOAT32 else t
        for t in graph.tensors
    )
    return replace(graph, tensors=tuple(tensors))
