"""ADD whose operands and sum are all scaled down, four elements at a time."""

from dataclasses import dataclass
from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.cycles import counted
from depthwise.codegen.kernels.data import Constants, FieldView, number_fields
from depthwise.codegen.kernels.general.add import shape_refusal
from depthwise.codegen.kernels.kernel import Kernel, Layer, LayerData, Struct
from depthwise.codegen.kernels.weighted import FULL
from depthwise.codegen.operators import Add
from depthwise.codegen.operators.parameters import add_parameters

from .scaling import LARGEST_SHIFT, scale_of


@dataclass(frozen=True, slots=True)
class Addition:
    """Number of elements, whether the operands are shifted, whether the clamp is all of int8."""

    count: int
    first_shifted: int
    second_shifted: int
    full: int


def _refusal(graph: Graph, node: Node) -> str | None:
    """The conditions of `dw_added`."""
    shapes = shape_refusal(graph, node)
    if shapes is not None:
        return shapes
    p = add_parameters(graph, node)
    most = max(p.input1_shift, p.input2_shift)
    if most > 0:
        return f"an operand is shifted to the left by {most}"
    if not 1 <= -p.output_shift <= LARGEST_SHIFT:
        return f"the sum is shifted to the right by {-p.output_shift}, 1 to {LARGEST_SHIFT} is supported"
    return None


def _shape(layer: Layer) -> Addition:
    p = add_parameters(layer.graph, layer.node)
    return Addition(
        count=layer.output.row_bytes,
        first_shifted=int(p.input1_shift != 0),
        second_shifted=int(p.input2_shift != 0),
        full=int((p.minimum, p.maximum) == FULL),
    )


def _constants(layer: Layer) -> Constants:
    p = add_parameters(layer.graph, layer.node)
    structs = (
        FieldView("first", _operand(p.input1_zero_point, p.input1_multiplier, p.input1_shift)),
        FieldView("second", _operand(p.input2_zero_point, p.input2_multiplier, p.input2_shift)),
        FieldView("scale", _struct(scale_of(p.output_multiplier, p.output_shift, p.output_zero_point))),
    )
    return Constants(fields=(*structs, *number_fields({"minimum": p.minimum, "maximum": p.maximum})))


def _operand(zero_point: int, multiplier: int, shift: int) -> str:
    return f"{{ {zero_point * 2**21}, {_struct(scale_of(multiplier, shift, 0))} }}"


def _struct(numbers: tuple[int, ...]) -> str:
    """Integers as the initialiser of a structure."""
    return f"{{ {', '.join(map(str, numbers))} }}"


ADD_DSP: Final = Kernel(
    name="add_dsp",
    operators=(Add,),
    refusal=_refusal,
    shape=_shape,
    data=LayerData(Struct("dw_sum", template=None), _constants),
    headers=("dw_asm.h", "dw_dsp.h", "dw_dsp_add.h"),
    scratch=None,
    position=False,
    planar=None,
    int16_weights=False,
    events=counted("add_dsp"),
)
