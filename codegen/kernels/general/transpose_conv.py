"""TRANSPOSE_CONV: each output gathers what the pixels that reach it give, weights [O][KH][KW][I]."""

from dataclasses import dataclass
from typing import Final

from depthwise.codegen.kernels.cycles import WINDOW_CALL, counted
from depthwise.codegen.kernels.data import Constants, array, fields_of
from depthwise.codegen.kernels.kernel import Kernel, Layer, LayerData
from depthwise.codegen.kernels.weighted import parameters_of, weights_of
from depthwise.codegen.operators import TransposeConv
from depthwise.codegen.operators.parts.rows import SpreadRows
from depthwise.codegen.schedule.reads import access_of

from .rendered import computes_any, rendered


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Sizes of a row in and out, of the kernel, and how many rows a call sees."""

    in_w: int
    in_c: int
    out_w: int
    out_c: int
    kernel_h: int
    kernel_w: int
    stride_h: int
    stride_w: int
    pad_top: int
    pad_left: int
    taps: int


def _shape(layer: Layer) -> Spread:
    op, access = layer.node.op, access_of(layer.graph, layer.node)
    assert isinstance(op, TransposeConv)
    assert isinstance(access, SpreadRows)
    _, kernel_h, kernel_w, _ = weights_of(layer.graph, layer.node).shape
    return Spread(
        in_w=layer.input.shape[2],
        in_c=layer.input.shape[3],
        out_w=layer.output.shape[2],
        out_c=layer.output.shape[3],
        kernel_h=kernel_h,
        kernel_w=kernel_w,
        stride_h=op.stride[0],
        stride_w=op.stride[1],
        pad_top=op.pads.top,
        pad_left=op.pads.left,
        taps=access.taps,
    )


def _constants(layer: Layer) -> Constants:
    """Biases are the model's: how many products a sum has depends on the position."""
    p, bias = parameters_of(layer), layer.graph.inputs_of(layer.node)[2].data
    assert bias is not None
    arrays = (
        array("int8_t", "weights", "weights [O][KH][KW][I]", weights_of(layer.graph, layer.node)),
        array("int32_t", "bias", "bias", bias),
        array("int32_t", "multipliers", "Q31 multipliers", p.multipliers),
        array("int8_t", "shifts", "shifts, positive to the left", p.shifts),
    )
    return Constants(arrays, fields_of(p, "input_zero_point", "output_zero_point", "minimum", "maximum"))


TRANSPOSE_CONV: Final = Kernel(
    name="transpose_conv",
    operators=(TransposeConv,),
    refusal=computes_any,
    shape=_shape,
    data=LayerData(rendered("dw_conv"), _constants),
    headers=(),
    scratch=None,
    position=True,
    planar=None,
    int16_weights=None,
    events=counted("transpose_conv", WINDOW_CALL),
    proves=None,
    traffic=None,
)
