"""FULLY_CONNECTED as one pixel of many channels."""

from dataclasses import dataclass, replace
from typing import Final

from depthwise.codegen.kernels.cycles import counted
from depthwise.codegen.kernels.kernel import Kernel, Layer, LayerData, Struct
from depthwise.codegen.kernels.weighted import weights_of
from depthwise.codegen.operators import FullyConnected

from .constants import Stored, lined_constants, plain_constants
from .layouts import BY_ROWS, LINES, Layout
from .lines import is_on_lines, lines_refusal
from .scaling import scaling_refusal, suffix_of

DENSE: Final = Struct("dw_dense", template=None)
LINED: Final = Struct("dw_lined", template=None)


@dataclass(frozen=True, slots=True)
class Dense:
    """One pixel of `inputs` channels; `layout` of the weights is the name of the library's function."""

    struct: str
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
        shape=lambda layer: _dense(layer, layout),
        data=LayerData(DENSE, lambda layer: plain_constants(layer, _stored(layer, layout))),
        headers=layout.headers,
        scratch=None,
        position=False,
        planar=None,
        int16_weights=None,
        events=counted(name),
        proves=None,
        traffic=None,
    )


def fully_connected_lines() -> Kernel:
    """The layout by rows, sums scaled by lines."""
    plain = fully_connected(BY_ROWS)
    return replace(
        plain,
        name="fully_connected_lines",
        refusal=lines_refusal,
        shape=lambda layer: replace(_dense(layer, BY_ROWS), struct=LINED.name, suffix="_lines"),
        data=LayerData(LINED, lambda layer: lined_constants(layer, _stored(layer, BY_ROWS))),
        headers=(*plain.headers, *LINES),
        proves=is_on_lines,
    )


def _dense(layer: Layer, layout: Layout) -> Dense:
    return Dense(DENSE.name, suffix_of(layer), weights_of(layer.graph, layer.node).shape[1], layout.name)


def _stored(layer: Layer, layout: Layout) -> Stored:
    weights = weights_of(layer.graph, layer.node)
    return Stored(weights=layout.packed(weights), outside=0, inputs=weights.shape[1])
