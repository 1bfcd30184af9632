"""SVDF, its second half: time filters over the memory."""

from dataclasses import dataclass
from typing import Final

from depthwise.codegen.graph import Array, DType, Graph, Node
from depthwise.codegen.kernels.cycles import counted
from depthwise.codegen.kernels.data import Constants, array, fields_of
from depthwise.codegen.kernels.kernel import Kernel, Layer, LayerData
from depthwise.codegen.kernels.weighted import weights_of
from depthwise.codegen.operators import Svdf
from depthwise.codegen.operators.parameters import svdf_parameters

from .rendered import rendered

FIELDS: Final = ("memory_zero_point", "output_zero_point", "multiplier", "shift")


@dataclass(frozen=True, slots=True)
class TimeFilters:
    """Outputs, elements of the memory that each is made of, C's type of both memory and weights, and its structure."""

    outputs: int
    inputs: int
    ctype: str
    struct: str


def _shape(layer: Layer) -> TimeFilters:
    outputs, wide = layer.output.elements, layer.input.dtype is DType.INT16
    ctype, struct = ("int16_t", "dw_svdf_int16") if wide else ("int8_t", "dw_svdf")
    return TimeFilters(outputs, layer.input.elements // outputs, ctype, struct)


def _constants(layer: Layer) -> Constants:
    graph, node = layer.graph, layer.node
    arrays = (
        array(_shape(layer).ctype, "weights", "time weights [F][M]", weights_of(graph, node)),
        array("int32_t", "bias", "bias", bias_of_svdf(layer)),
    )
    return Constants(arrays, fields_of(svdf_parameters(graph, node), *FIELDS))


def bias_of_svdf(layer: Layer) -> Array:
    """Biases of the outputs."""
    bias = layer.graph.tensors[layer.node.inputs[2]].data
    assert bias is not None
    return bias


def _kernel(name: str, memory: DType, struct: str) -> Kernel:
    def refusal(graph: Graph, node: Node) -> str | None:
        found = graph.inputs_of(node)[0].dtype
        return None if found is memory else f"its memory is {found.value}, not {memory.value}"

    return Kernel(
        name=name,
        operators=(Svdf,),
        refusal=refusal,
        shape=_shape,
        data=LayerData(rendered(struct), _constants),
        headers=(),
        scratch=None,
        position=False,
        planar=None,
        int16_weights=None,
        events=counted(name),
        proves=None,
        traffic=None,
    )


SVDF: Final = _kernel("svdf", DType.INT8, "dw_svdf")
SVDF_INT16: Final = _kernel("svdf_int16", DType.INT16, "dw_svdf_int16")
