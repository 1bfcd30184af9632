"""Index arithmetic that Keras leaves behind: int32 vectors that depend on no input, folded before code is made."""

from collections.abc import Callable

from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.flatbuffer.writing import Field, Fields
from depthwise.codegen.graph import DType, Graph, Node

from .shapes import Check
from .writing import Coded, Write


def check(then: Check) -> Check:
    """An int32 scalar or vector is written, and `then` holds."""

    def checked(graph: Graph, node: Node) -> None:
        out = graph.output_of(node)
        if out.dtype is not DType.INT32 or len(out.shape) > 1:
            raise UnsupportedError(
                f"{node} writes {out.dtype.value} {out.shape}, only int32 vectors are folded",
                "convert the model with a fixed input shape",
            )
        then(graph, node)

    return checked


def write(options_type: int, fields: Callable[[Graph, Node], dict[int, Field]]) -> Write:
    """Options of an operator that has one version."""
    return lambda graph, node: Coded(1, options_type, Fields(fields(graph, node)))
