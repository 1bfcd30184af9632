"""An int8 network in real numbers rounded to its steps ("fake quantization"): any of its layers may stay in float.

Exact int8 cannot leave a layer in float, and knows nothing of ranges that are only tried.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from depthwise.codegen.floats.float_model import compute
from depthwise.codegen.graph import Array, Graph, Node, Quantization, Tensor
from depthwise.codegen.operators import has_weights
from depthwise.codegen.operators.parameters import quantization_of

from .closeness import logits_of
from .quantized import Built

Rule = Callable[[Node], bool]


@dataclass(frozen=True, slots=True, eq=False)
class Simulation:
    """A float network, the same with the weights of its int8 form, the steps of each tensor, and what is looked at.

    Values are those of the tensors that are still read, float32 [N, …] by tensor, and of `ends`.
    """

    reference: Graph
    rounded: Graph
    steps: Mapping[int, Quantization]
    ends: frozenset[int]
    last: Mapping[int, Node]

    def start(self, inputs: Mapping[int, Array]) -> dict[int, Array]:
        """Inputs as the int8 network takes them."""
        return {i: on_steps(values, self.steps[i]) for i, values in inputs.items()}

    def take(self, values: dict[int, Array], node: Node, *, in_int8: bool) -> None:
        """Compute a layer, and forget what nobody reads any more."""
        graph = self.rounded if in_int8 else self.reference
        made = compute(graph, node, values)
        self.put(values, node, on_steps(made, self.steps[node.output]) if in_int8 else made)

    def put(self, values: dict[int, Array], node: Node, made: Array) -> None:
        """Take over what a layer writes, and forget what nobody reads any more."""
        values[node.output] = made
        for read in node.inputs:
            if self.last[read] is node and read not in self.ends:
                values.pop(read, None)

    def rest(self, values: Mapping[int, Array], place: int, in_int8: Rule) -> dict[int, Array]:
        """The tensors `ends`, computed from the layer at `place` on; `in_int8` tells which layers are rounded."""
        left = dict(values)
        for node in self.reference.nodes[place:]:
            if self.ends <= left.keys():
                break
            self.take(left, node, in_int8=in_int8(node))
        return {end: left[end] for end in self.ends}


def simulation(reference: Graph, built: Built) -> Simulation:
    """The simulation of the int8 form of a float network."""
    tensors = {i: built.graph.tensors[twin] for i, twin in built.tensors.items()}
    return Simulation(
        reference=reference,
        rounded=with_rounded_weights(reference, built),
        steps={i: quantization_of(t) for i, t in tensors.items()},
        ends=frozenset(logits_of(reference)),
        last={i: node for node in reference.nodes for i in node.inputs},
    )


def on_steps(values: Array, q: Quantization) -> Array:
    """Real values rounded to the steps of int8."""
    levels = np.clip(np.rint(values.astype(np.float64) / q.scale) + q.zero_point, -128, 127)
    return np.asarray((levels - q.zero_point) * q.scale, np.float32)


def with_rounded_weights(reference: Graph, built: Built) -> Graph:
    """The float network with the weights and biases that its int8 form has."""
    tensors = list(reference.tensors)
    for node, twin in zip(reference.nodes, built.graph.nodes, strict=True):
        if has_weights(node.op):
            for index, mirror in zip(node.inputs[1:], twin.inputs[1:], strict=False):
                tensors[index] = replace(tensors[index], data=_real_constant(built.graph.tensors[mirror]))
    return replace(reference, tensors=tuple(tensors))


def _real_constant(tensor: Tensor) -> Array:
    q = quantization_of(tensor)
    assert tensor.data is not None
    along = [-1 if i == q.axis else 1 for i in range(tensor.data.ndim)]
    return np.asarray(tensor.data.astype(np.float64) * np.array(q.scales).reshape(along), np.float32)
