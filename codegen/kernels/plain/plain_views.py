"""The shape of the functions for cores without the DSP extension, see kernel_views.py."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.dsp.dsp_kernels import is_signed
from depthwise.codegen.operators import Conv2D, DepthwiseConv2D, Pads
from depthwise.codegen.operators.parameters import conv_parameters

from .plain_kernels import MATRIX_KINDS, PIXEL_KINDS, TAPS_KIND, layout_of, taps_of


@dataclass(frozen=True, slots=True)
class Pixels:
    """CONV_2D and DEPTHWISE_CONV_2D, pixel by pixel; `padded` tells whether any tap lies outside of the image."""

    kind: str
    suffix: str
    in_w: int
    in_c: int
    out_w: int
    out_c: int
    kernel_h: int
    kernel_w: int
    stride_w: int
    dilation_w: int
    pad_left: int
    padded: bool

    @property
    def odd(self) -> bool:
        """Tell whether one pixel of a row is left over by pairs."""
        return self.out_w % 2 == 1

    @property
    def nine_taps(self) -> bool:
        """Tell whether the kernel has 9 taps, which have a function of their own in the library."""
        return self.kernel_h * self.kernel_w == 9


@dataclass(frozen=True, slots=True)
class Dense:
    """FULLY_CONNECTED as one pixel of `inputs` channels."""

    kind: str
    suffix: str
    inputs: int

    @property
    def layout(self) -> str:
        """How weights lie, which is the name of the library's function."""
        return layout_of(self.kind)


def pixels_of(kind: str, graph: Graph, node: Node) -> Pixels:
    """Shape of a convolution."""
    assert isinstance(node.op, Conv2D | DepthwiseConv2D)
    _, _, in_w, in_c = graph.inputs_of(node)[0].shape
    _, _, out_w, out_c = graph.output_of(node).shape
    height, width = taps_of(graph, node)
    return Pixels(
        kind=kind,
        suffix=suffix_of(graph, node),
        in_w=in_w,
        in_c=in_c,
        out_w=out_w,
        out_c=out_c,
        kernel_h=height,
        kernel_w=width,
        stride_w=node.op.stride[1],
        dilation_w=node.op.dilation[1],
        pad_left=node.op.pads.left,
        padded=node.op.pads != Pads(),
    )


def dense_of(kind: str, graph: Graph, node: Node) -> Dense:
    """Shape of a matrix."""
    return Dense(kind, suffix_of(graph, node), graph.tensors[node.inputs[1]].shape[1])


def suffix_of(graph: Graph, node: Node) -> str:
    """Ending of the names of library functions for a node's scaling."""
    return "_signed" if is_signed(conv_parameters(graph, node)) else ""


PLAIN_VIEWS: Final[dict[str, Callable[[str, Graph, Node], Pixels | Dense]]] = {
    **dict.fromkeys((*PIXEL_KINDS, TAPS_KIND), pixels_of),
    **dict.fromkeys(MATRIX_KINDS, dense_of),
}
