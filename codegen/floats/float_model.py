"""Runs a float graph on numpy arrays and returns every tensor it computes.

Sums of products are taken in float64 by BLAS and rounded to float32 once per tensor, so the result is closer to
the real numbers than any float32 kernel's, and the same on every machine to the last bits of a float32.
"""

from collections.abc import Iterator, Mapping

from depthwise.codegen.golden.case_by_case import over_cases
from depthwise.codegen.golden.model import checked_inputs
from depthwise.codegen.graph import Array, Graph, Node
from depthwise.codegen.operators import operator_of, weights_of
from depthwise.codegen.operators.parts import weighted
from depthwise.codegen.operators.parts.computing import Float64


def run(graph: Graph, inputs: Mapping[int, Array] | Array) -> dict[int, Array]:
    """Compute every tensor of a float graph, float32 by tensor index, the inputs included.

    `inputs` is one float32 array for a network with one input, or arrays by tensor index; each is [N, …] where
    the graph says [1, …]. Raises InputError for a wrong shape or type, UnsupportedError for a quantized layer.
    """
    values = checked_inputs(graph, inputs)
    values |= dict(steps(graph, values))
    return values


def steps(graph: Graph, inputs: Mapping[int, Array]) -> Iterator[tuple[int, Array]]:
    """Tensors of a float graph one by one, each dropped behind its last reader: memory stays small."""
    last = {i: node for node in graph.nodes for i in node.inputs}
    values = dict(inputs)
    for node in graph.nodes:
        values[node.output] = compute(graph, node, values)
        yield node.output, values[node.output]
        for read in node.inputs:
            if last[read] is node:
                values.pop(read, None)


def compute(graph: Graph, node: Node, values: Mapping[int, Array]) -> Array:
    """Compute one node for all cases of the values it reads; constants are taken from the graph.

    Raises UnsupportedError for a quantized layer.
    """
    operator = operator_of(node.op)
    return over_cases(graph, node, values, lambda operands: operator.compute_real(graph, node, operands))


def before_activation(graph: Graph, node: Node, image: Float64) -> Float64:
    """Sums and biases of a layer with weights, not yet clamped: [N, OH, OW, O], or [N, O]."""
    return weighted.before_activation(weights_of(node.op), graph, node, image)
