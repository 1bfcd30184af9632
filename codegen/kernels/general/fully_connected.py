"""FULLY_CONNECTED: a vector times a matrix, or several vectors, weights [O][I]."""

from dataclasses import dataclass, replace
from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.cycles import counted
from depthwise.codegen.kernels.kernel import Kernel, Layer
from depthwise.codegen.kernels.weighted import form_refusal
from depthwise.codegen.operators import FullyConnected

from .elements import elements_of
from .weights import BY_OUTPUT


@dataclass(frozen=True, slots=True)
class Matrix:
    """How many numbers of a vector go in and come out, and how many vectors a call takes."""

    inputs: int
    outputs: int
    vectors: int


def _shape(layer: Layer) -> Matrix:
    outputs, inputs = layer.graph.tensors[layer.node.inputs[1]].shape
    return Matrix(inputs, outputs, elements_of(layer).count // outputs)


def _vectors_refusal(graph: Graph, node: Node) -> str | None:
    return "it multiplies one vector" if form_refusal(graph, node) is None else None


FULLY_CONNECTED: Final = Kernel(
    name="fully_connected",
    operators=(FullyConnected,),
    refusal=form_refusal,
    shape=_shape,
    data=BY_OUTPUT,
    headers=(),
    scratch=None,
    position=False,
    planar=None,
    int16_weights=None,
    events=counted("fully_connected"),
    proves=None,
    traffic=None,
)
FULLY_CONNECTED_VECTORS: Final = replace(
    FULLY_CONNECTED,
    name="fully_connected_vectors",
    refusal=_vectors_refusal,
    events=counted("fully_connected_vectors"),
)
