"""FULLY_CONNECTED as one pixel of many channels."""

from dataclasses import dataclass
from typing import Final

from depthwise.codegen.kernels.cycles import counted
from depthwise.codegen.kernels.data import Constants
from depthwise.codegen.kernels.kernel import Kernel, Layer, LayerData, Struct
from depthwise.codegen.kernels.weighted import weights_of
from depthwise.codegen.operators import FullyConnected

from .constants import plain_constants
from .layouts import Layout
from .scaling import scaling_refusal, suffix_of

DENSE: Final = Struct("dw_dense", template=None)


@dataclass(frozen=True, slots=True)
class Dense:
    """One pixel of `inputs` channels; `layout` of the weights is the name of the library's function."""

    suffix: str
    inputs: int
    layout: str


def fully_connected(layout: Layout) -> Kernel:
    """A vector times a matrix."""
    name = f"fully_connected_{layout.name}"
    return Kernel(
        name=name,
        operators=(FullyConnected,),
        refusal=scaling_refusal,
        shape=lambda layer: Dense(suffix_of(layer), weights_of(layer.graph, layer.node).shape[1], layout.name),
        data=LayerData(DENSE, lambda layer: _constants(layer, layout)),
        headers=layout.headers,
        scratch=None,
        position=False,
        planar=None,
        int16_weights=False,
        events=counted(name),
    )


def _constants(layer: Layer, layout: Layout) -> Constants:
    weights = weights_of(layer.graph, layer.node)
    return plain_constants(layer, weights=layout.packed(weights), outside=0, inputs=weights.shape[1])
