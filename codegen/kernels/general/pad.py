"""PAD: an image with a border of the zero point around."""

from dataclasses import dataclass
from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.cycles import counted
from depthwise.codegen.kernels.data import Constants, number_fields
from depthwise.codegen.kernels.kernel import Kernel, Layer, LayerData
from depthwise.codegen.operators import Pad
from depthwise.codegen.operators.parameters import quantization_of
from depthwise.codegen.operators.parts.rows import ShiftedRow
from depthwise.codegen.schedule.reads import access_of

from .rendered import rendered


@dataclass(frozen=True, slots=True)
class Padding:
    """Widths of a row before and after, and the pixels in front of it."""

    in_w: int
    channels: int
    out_w: int
    left: int


def _shape(layer: Layer) -> Padding:
    op = layer.node.op
    assert isinstance(op, Pad)
    _, _, in_w, channels = layer.input.shape
    return Padding(in_w, channels, layer.output.shape[2], op.amounts[2][0])


def _refusal(graph: Graph, node: Node) -> str | None:
    return None if isinstance(access_of(graph, node), ShiftedRow) else "it pads more than height and width"


def _constants(layer: Layer) -> Constants:
    return Constants(fields=number_fields({"value": quantization_of(layer.output).zero_point}))


PAD: Final = Kernel(
    name="pad",
    operators=(Pad,),
    refusal=_refusal,
    shape=_shape,
    data=LayerData(rendered("dw_fill"), _constants),
    headers=("dw_asm.h", "dw_set_bytes.h"),
    scratch=None,
    position=False,
    planar=None,
    int16_weights=None,
    events=counted("pad"),
    proves=None,
    traffic=None,
)
