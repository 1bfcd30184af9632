"""Several inputs at once: a node that keeps cases apart along the first axis computes all together, others each alone.

Values are arrays of cases: [N, …] for a tensor [1, …], [N, *shape] for one whose first axis is no batch, so that
`value[n]` is always what input n makes of the tensor.
"""

from collections.abc import Callable, Mapping

import numpy as np

from depthwise.codegen.graph import Array, Graph, Node, Tensor
from depthwise.codegen.operators import operator_of
from depthwise.codegen.operators.parts.computing import Operands

Computed = Callable[[Operands], Array]


def over_cases(graph: Graph, node: Node, values: Mapping[int, Array], compute: Computed) -> Array:
    """What a node writes, for all cases; `compute` gets arrays [N, …], or one case after another of exact shapes."""
    reads, out = [t for t in graph.inputs_of(node) if t.data is None], graph.output_of(node)
    if all(map(_begins_with_batch, (*reads, out))) and operator_of(node.op).keeps_cases(graph, node):
        return compute(Operands(graph, node, values))

    def alone(case: int) -> Array:
        return compute(Operands(graph, node, {t.index: of_case(t, values[t.index], case) for t in reads}))

    count = max((len(values[t.index]) for t in reads), default=1)
    return stacked(out, [alone(case) for case in range(count)])


def of_case(tensor: Tensor, values: Array, case: int) -> Array:
    """One case of a tensor's values, of exactly its shape; what depends on no input is there once."""
    return np.asarray(values[min(case, len(values) - 1)]).reshape(tensor.shape)


def stacked(tensor: Tensor, cases: list[Array]) -> Array:
    """Cases of a tensor together; the inverse of `of_case`."""
    return np.concatenate(cases) if _begins_with_batch(tensor) else np.stack(cases)


def by_case(tensor: Tensor, values: Array, cases: int) -> Array:
    """Cases of a tensor that lie one behind the other along its first axis, as `stacked` has them."""
    return values if _begins_with_batch(tensor) else values.reshape(cases, *tensor.shape)


def _begins_with_batch(tensor: Tensor) -> bool:
    return tensor.shape[:1] == (1,)
