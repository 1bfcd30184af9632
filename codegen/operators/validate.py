"""Every node against the tensors it joins, as its operator's room asks; and whether a network computes in floats."""

from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.graph import DType, Graph

from .registry import operator_of


def validate(graph: Graph) -> None:
    """Refuse a graph whose layers do not fit together. Raises ModelError or UnsupportedError, naming the layer."""
    for index in (*graph.inputs, *graph.outputs):
        if graph.tensors[index].shape[:1] != (1,):
            raise UnsupportedError(
                f"tensor {index} has shape {graph.tensors[index].shape}, batch must be 1",
                "convert the model with batch size 1",
            )
    for node in graph.nodes:
        operator = operator_of(node.op)
        operator.check(graph, node)
        operator.check_quantization(graph, node)


def is_float(graph: Graph) -> bool:
    """Tell whether a network computes in float32 throughout (int32 index arithmetic aside)."""
    computed = {graph.output_of(n).dtype for n in graph.nodes} - {DType.INT32}
    return {graph.tensors[i].dtype for i in graph.inputs} | computed == {DType.FLOAT32}
