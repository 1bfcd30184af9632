"""SOFTMAX of vectors."""

from typing import Final

from depthwise.codegen.graph import DType, Graph, Node
from depthwise.codegen.kernels.cycles import counted
from depthwise.codegen.kernels.data import Constants, fields_of
from depthwise.codegen.kernels.kernel import Kernel, Layer, LayerData
from depthwise.codegen.operators import Softmax
from depthwise.codegen.operators.parameters import softmax_parameters

from .rendered import rendered
from .vectors import vectors_of


def _constants(layer: Layer) -> Constants:
    found = softmax_parameters(layer.graph, layer.node)
    return Constants(fields=fields_of(found, "multiplier", "shift", "diff_min"))


def _kernel(name: str, written: DType) -> Kernel:
    def refusal(graph: Graph, node: Node) -> str | None:
        found = graph.output_of(node).dtype
        return None if found is written else f"it writes {found.value}, not {written.value}"

    return Kernel(
        name=name,
        operators=(Softmax,),
        refusal=refusal,
        shape=vectors_of,
        data=LayerData(rendered("dw_softmax"), _constants),
        headers=("dw_softmax.h",),
        scratch=None,
        position=False,
        planar=None,
        int16_weights=None,
        events=counted(name),
        proves=None,
        traffic=None,
    )


SOFTMAX: Final = _kernel("softmax", DType.INT8)
SOFTMAX_INT16: Final = _kernel("softmax_int16", DType.INT16)
