"""FULLY_CONNECTED: a vector times a matrix, weights [O][I]."""

from dataclasses import dataclass
from typing import Final

from depthwise.codegen.kernels.cycles import counted
from depthwise.codegen.kernels.kernel import Kernel, Layer
from depthwise.codegen.operators import FullyConnected

from .rendered import computes_any
from .weights import BY_OUTPUT


@dataclass(frozen=True, slots=True)
class Matrix:
    """How many numbers go in and come out."""

    inputs: int
    outputs: int


def _shape(layer: Layer) -> Matrix:
    outputs, inputs = layer.graph.tensors[layer.node.inputs[1]].shape
    return Matrix(inputs, outputs)


FULLY_CONNECTED: Final = Kernel(
    name="fully_connected",
    operators=(FullyConnected,),
    refusal=computes_any,
    shape=_shape,
    data=BY_OUTPUT,
    headers=(),
    scratch=None,
    position=False,
    planar=None,
    int16_weights=False,
    events=counted("fully_connected"),
)
