"""ADD for Helium: four elements at a time, with the data of the general kernel."""

from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.general.add import ADD_DATA
from depthwise.codegen.kernels.general.elements import elements_of
from depthwise.codegen.kernels.kernel import Kernel
from depthwise.codegen.operators import Add
from depthwise.codegen.operators.parameters import add_parameters


def _refusal(graph: Graph, node: Node) -> str | None:
    p = add_parameters(graph, node)
    most = max(p.input1_shift, p.input2_shift, p.output_shift)
    return f"one of its scalings shifts to the left by {most}" if most > 0 else None


ADD_MVE: Final = Kernel(
    name="add_mve",
    operators=(Add,),
    refusal=_refusal,
    shape=elements_of,
    data=ADD_DATA,
    headers=("dw_mve.h", "dw_mve_twin.h"),
    scratch=None,
    position=False,
    planar=None,
    int16_weights=False,
    events=None,
)
