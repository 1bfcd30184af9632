"""SVDF, its second half: time filters over the memory, a word of it at a time."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import wrap32
from depthwise.codegen.graph import Array, DType, Graph, Node
from depthwise.codegen.kernels.cycles import CALL, with_calls
from depthwise.codegen.kernels.data import Constants, array, fields_of
from depthwise.codegen.kernels.general.svdf import SVDF, SVDF_INT16, bias_of_svdf
from depthwise.codegen.kernels.kernel import Events, Kernel, Layer, LayerData, Struct
from depthwise.codegen.kernels.weighted import weights_of
from depthwise.codegen.operators.parameters import svdf_parameters

from .svdf_state import HEADERS

FIELDS: Final = ("output_zero_point", "multiplier", "shift")
NAMES: Final = {
    2: ("int16_t", "dw_svdf_times_int16", "dw_svdf_two"),
    4: ("int8_t", "dw_svdf_times", "dw_svdf_four"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeWords:
    """Outputs, elements of the memory that each is made of, and how many of them a word holds.

    C's type of memory and weights, the structure, and the function that adds a word's products.
    """

    outputs: int
    inputs: int
    taken: int
    ctype: str
    struct: str
    products: str


def _inputs(graph: Graph, node: Node) -> int:
    return graph.inputs_of(node)[0].elements // graph.output_of(node).elements


def _taken(graph: Graph, node: Node) -> int:
    """Elements of a word."""
    return 2 if graph.inputs_of(node)[0].dtype is DType.INT16 else 4


def _shape(layer: Layer) -> TimeWords:
    graph, node = layer.graph, layer.node
    taken = _taken(graph, node)
    ctype, struct, products = NAMES[taken]
    return TimeWords(
        outputs=layer.output.elements,
        inputs=_inputs(graph, node),
        taken=taken,
        ctype=ctype,
        struct=struct,
        products=products,
    )


def _rows(layer: Layer) -> Array:
    """Time weights [O, M · rank]."""
    return weights_of(layer.graph, layer.node).reshape(layer.output.elements, -1)


def _padded(rows: Array, taken: int) -> Array:
    """Weights of whole words; those of the last word meet the last of the memory, 0 what others have met."""
    before = (rows.shape[1] - 1) // taken * taken
    padded = np.zeros((len(rows), before + taken), rows.dtype)
    padded[:, :before] = rows[:, :before]
    left = rows.shape[1] - before
    padded[:, -left:] = rows[:, before:]
    return padded


def _constants(layer: Layer) -> Constants:
    p, rows, shape = svdf_parameters(layer.graph, layer.node), _rows(layer), _shape(layer)
    bias = bias_of_svdf(layer).astype(np.int64) - p.memory_zero_point * rows.astype(np.int64).sum(axis=1)
    arrays = (
        array(shape.ctype, "weights", "time weights, see dw_dsp_svdf.h", _padded(rows, shape.taken)),
        array("int32_t", "bias", "bias", wrap32(bias)),
    )
    return Constants(arrays, fields_of(p, *FIELDS))


def _events(layer: Layer) -> Events:
    outputs, taken = layer.output.elements, _taken(layer.graph, layer.node)
    words = outputs * -(-_inputs(layer.graph, layer.node) // taken)
    found: Events = {"svdf output": outputs, f"svdf word of {taken}": words}
    return with_calls(layer, CALL, found)


def _kernel(general: Kernel, struct: str) -> Kernel:
    def refusal(graph: Graph, node: Node) -> str | None:
        inputs, taken = _inputs(graph, node), _taken(graph, node)
        if inputs < taken:
            return f"an output is made of {inputs} elements of the memory, {taken} are supported"
        return general.refusal(graph, node)

    return replace(
        general,
        name=f"{general.name}_dsp",
        refusal=refusal,
        shape=_shape,
        data=LayerData(Struct(struct, template=None), _constants),
        headers=HEADERS,
        events=_events,
    )


SVDF_DSP: Final = _kernel(SVDF, "dw_svdf_times")
SVDF_INT16_DSP: Final = _kernel(SVDF_INT16, "dw_svdf_times_int16")
