"""Strips conversions at the ends: the lowered network takes and gives int8, in the model's own quantization."""

from dataclasses import replace

from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.graph import DType, Graph, Node
from depthwise.codegen.operators import Dequantize, Quantize
from depthwise.codegen.operators.float_scores import float_scores
from depthwise.codegen.operators.parts.hints import QUANTIZE_FIRST


def strip_ends(graph: Graph) -> Graph:
    """Drop QUANTIZE behind an input that is not int8, DEQUANTIZE and QUANTIZE before such an output.

    Functions in float32 that keep the order of the last scores go with the DEQUANTIZE. int32 leaves as it is: places
    that ARG_MAX found; so does int16: scores of SOFTMAX.
    """
    graph = _without_float_scores(graph)
    inputs = tuple(_inner(graph, i, [n for n in graph.nodes if i in n.inputs], of_input=True) for i in graph.inputs)
    writers = {n.output: n for n in graph.nodes}
    outputs = tuple(_inner(graph, o, [writers[o]] if o in writers else [], of_input=False) for o in graph.outputs)
    replaced = {i for i, inner in zip(graph.inputs, inputs, strict=True) if inner != i}
    kept = tuple(n for n in graph.nodes if not (replaced & set(n.inputs)))
    dropped = {o for o, inner in zip(graph.outputs, outputs, strict=True) if inner != o}
    return replace(graph, nodes=tuple(n for n in kept if n.output not in dropped), inputs=inputs, outputs=outputs)


def _without_float_scores(graph: Graph) -> Graph:
    """Let what DEQUANTIZE writes leave the network, not what is made of it."""
    chains = {o: float_scores(graph, o) for o in graph.outputs}
    gone = [node for chain in chains.values() for node in chain[:-1]]
    outputs = tuple(chains[o][-1].output if chains[o] else o for o in graph.outputs)
    return replace(graph, nodes=tuple(n for n in graph.nodes if not any(n is g for g in gone)), outputs=outputs)


def _inner(graph: Graph, tensor: int, around: list[Node], *, of_input: bool) -> int:
    """int8 tensor that stands for a network's input or output."""
    dtype, inner_types = graph.tensors[tensor].dtype, (DType.INT8,) if of_input else (DType.INT8, DType.INT16)
    if dtype is DType.INT8:
        return tensor
    if len(around) == 1 and isinstance(around[0].op, Quantize | Dequantize):
        inner = around[0].output if of_input else around[0].inputs[0]
        if graph.tensors[inner].dtype in inner_types:
            return inner
    if dtype in (DType.INT16, DType.INT32) and not of_input:
        return tensor
    what = "input" if of_input else "output"
    raise UnsupportedError(
        f"{what} tensor {tensor} is {dtype.value} and no QUANTIZE or DEQUANTIZE makes it int8",
        QUANTIZE_FIRST,
    )
