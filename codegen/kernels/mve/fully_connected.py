"""FULLY_CONNECTED for Helium: one pixel of many channels."""

from typing import Final

from depthwise.codegen.kernels.kernel import Kernel, Layer
from depthwise.codegen.kernels.offset import is_on_line
from depthwise.codegen.operators import FullyConnected

from .dots import DOT_DATA, HEADERS, MveDot, dot_refusal, inputs_of
from .scales import suffix_of


def _shape(layer: Layer) -> MveDot:
    inputs = inputs_of(layer.graph, layer.node)
    return MveDot(
        suffix=suffix_of(layer),
        in_w=1,
        in_c=inputs,
        out_c=layer.output.shape[-1],
        kernel_h=1,
        kernel_w=1,
        stride_w=1,
        dilation_w=1,
        pad_left=0,
        inputs=inputs,
        pairs=0,
        rest=1,
    )


FULLY_CONNECTED_MVE: Final = Kernel(
    name="fully_connected_mve",
    operators=(FullyConnected,),
    refusal=dot_refusal,
    shape=_shape,
    data=DOT_DATA,
    headers=HEADERS,
    scratch=None,
    position=False,
    planar=None,
    int16_weights=None,
    events=None,
    proves=is_on_line,
    traffic=None,
)
