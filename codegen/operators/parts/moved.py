"""Checks of operators that move elements: all that is moved is of one type and of one quantization."""

from depthwise.codegen.errors import ModelError, UnsupportedError
from depthwise.codegen.graph import DType, Graph, Node

from .moves import Count
from .quantization import activation
from .shapes import Check


def check_moved(count: Count) -> Check:
    """What the first `count` operands and the output are: int8 of one quantization, int32 of shapes, or float32."""

    def check(graph: Graph, node: Node) -> None:
        out = graph.output_of(node)
        for tensor in graph.inputs_of(node)[: count(node)]:
            if tensor.dtype is not out.dtype:
                raise ModelError(
                    f"{node} moves {tensor.dtype.value} tensor {tensor.index} into one of {out.dtype.value}"
                )
            if out.dtype in (DType.INT32, DType.FLOAT32):
                continue
            activation(node, tensor)
            activation(node, out)
            if tensor.quantization != out.quantization:
                was, becomes = tensor.quantization, out.quantization
                raise UnsupportedError(
                    f"{node} changes the quantization of tensor {tensor.index}: {was} to {becomes}",
                    "TensorFlow Lite Micro wants them equal: convert the model again, or put a QUANTIZE in between",
                )

    return check


def axis_of(what: str, axis: int, rank: int) -> int:
    """An axis, counted from the front. Raises ModelError if there is no such axis."""
    if not -rank <= axis < rank:
        raise ModelError(f"{what} works along axis {axis}, its input has {rank} axes")
    return axis % rank
