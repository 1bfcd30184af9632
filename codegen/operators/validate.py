"""Every node against the tensors it joins, as its operator's room asks; and whether a network computes in floats."""

from collections.abc import Sequence

from depthwise.codegen.errors import ModelError, UnsupportedError, together
from depthwise.codegen.graph import DType, Graph, Node, Tensor
from depthwise.codegen.graph.limits import check_limits, check_macs

from .registry import operator_of

# A layer and what is not done of it.
Refused = tuple[int, UnsupportedError]


def validate(graph: Graph) -> None:
    """Refuse a graph whose layers do not fit together.

    Raises ModelError for the first layer that is wrong, UnsupportedError for all that are right but not done.
    """
    check_limits(graph)
    _check_ends(graph)
    refused = refusals(graph, graph.nodes)
    if refused:
        raise together([error for _, error in refused])


def refusals(graph: Graph, nodes: Sequence[Node]) -> list[Refused]:
    """What is not done of some nodes of a graph, with their layers. Raises ModelError for the first that is wrong."""
    found = list[Refused]()
    for node in nodes:
        try:
            _check(graph, node)
        except UnsupportedError as error:
            found.append((node.layer, error))
    return found


def _check(graph: Graph, node: Node) -> None:
    operator = operator_of(node.op)
    operator.check(graph, node)
    operator.check_quantization(graph, node)
    check_macs(node, operator.macs(graph, node))


def _check_ends(graph: Graph) -> None:
    for index in graph.inputs:
        _check_batch(graph.tensors[index])
    constant = next((i for i in graph.outputs if graph.tensors[i].data is not None), None)
    if constant is not None:
        raise ModelError(f"output tensor {constant} is a constant", "the file is damaged: copy it again")


def _check_batch(tensor: Tensor) -> None:
    """What enters begins with the batch; what a first axis is behind it, operators know."""
    if tensor.shape[:1] != (1,):
        raise UnsupportedError(
            f"input tensor {tensor.index} has shape {tensor.shape}, batch must be 1",
            "convert the model with batch size 1",
        )


def is_float(graph: Graph) -> bool:
    """Tell whether a network computes in float32 throughout (int32 index arithmetic aside)."""
    computed = {graph.output_of(n).dtype for n in graph.nodes} - {DType.INT32}
    return {graph.tensors[i].dtype for i in graph.inputs} | computed == {DType.FLOAT32}
