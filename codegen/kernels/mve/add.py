"""ADD for Helium: four elements at a time, with the numbers of the general kernel."""

from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.general.add import addition_constants, shape_refusal
from depthwise.codegen.kernels.general.elements import elements_of
from depthwise.codegen.kernels.kernel import Kernel, LayerData, Struct
from depthwise.codegen.operators import Add
from depthwise.codegen.operators.parameters import add_parameters


def _refusal(graph: Graph, node: Node) -> str | None:
    shapes = shape_refusal(graph, node)
    if shapes is not None:
        return shapes
    p = add_parameters(graph, node)
    most = max(p.input1_shift, p.input2_shift, p.output_shift)
    return f"one of its scalings shifts to the left by {most}" if most > 0 else None


ADD_MVE: Final = Kernel(
    name="add_mve",
    operators=(Add,),
    refusal=_refusal,
    shape=elements_of,
    data=LayerData(Struct("dw_mve_sum", template=None), addition_constants),
    headers=("dw_asm.h", "dw_mve.h", "dw_mve_add.h"),
    scratch=None,
    position=False,
    planar=None,
    int16_weights=False,
    events=None,
)
