"""Constants of the kernels for cores without the DSP extension: the model's own layout, scaling by channel."""

from math import prod

from depthwise.codegen.graph import Array, Graph, Node
from depthwise.codegen.kernels.data import ArrayView, FieldView
from depthwise.codegen.operators import Conv2D, DepthwiseConv2D, FullyConnected, Pads
from depthwise.codegen.operators.parameters import ConvParameters, conv_parameters

from .plain_kernels import TAPS_KIND, layout_of


def plain_data(
    graph: Graph, node: Node, kind: str, name: str, bias: tuple[int, ...]
) -> tuple[tuple[ArrayView, ...], tuple[FieldView, ...]]:
    """Arrays and fields of `struct dw_dense` or `struct dw_depthwise`; `bias` has the input's zero point folded in."""
    p = conv_parameters(graph, node)
    weights = graph.tensors[node.inputs[1]]
    assert weights.data is not None
    arrays = (
        ArrayView("int8_t", f"{name}_weights", "weights", _weights(weights.data, kind)),
        ArrayView("int32_t", f"{name}_bias", "bias, input zero point included", bias),
        ArrayView("int32_t", f"{name}_multipliers", "Q31 multipliers", p.multipliers),
        ArrayView("int8_t", f"{name}_shifts", "shifts to the right but for one bit", tuple(-s - 1 for s in p.shifts)),
    )
    outside = _outside(graph, node, p)
    border = (ArrayView("int8_t", f"{name}_outside", "what lies outside of the image", outside),) if outside else ()
    numbers = {"channels": len(bias)}
    if not isinstance(node.op, DepthwiseConv2D):
        numbers["inputs"] = prod(weights.shape[1:])
    numbers |= {"half": 2 * p.output_zero_point + 1, "minimum": p.minimum, "maximum": p.maximum}
    return (*arrays, *border), tuple(FieldView(key, str(value)) for key, value in numbers.items())


def _weights(data: Array, kind: str) -> tuple[int, ...]:
    """As the model has them, or with four output channels side by side for each input, the last ones behind."""
    if kind == TAPS_KIND or layout_of(kind) == "rows":
        return tuple(data.ravel().tolist())
    rows = data.reshape(len(data), -1)
    fours = len(rows) // 4 * 4
    groups = rows[:fours].reshape(fours // 4, 4, rows.shape[1]).transpose(0, 2, 1)
    return (*groups.ravel().tolist(), *rows[fours:].ravel().tolist())


def _outside(graph: Graph, node: Node, p: ConvParameters) -> tuple[int, ...]:
    """Zero points, as many as the function reads in one stretch; none where no tap lies outside."""
    weights = graph.tensors[node.inputs[1]]
    match node.op:
        case Conv2D(pads=pads) if pads != Pads():
            return (p.input_zero_point,) * prod(weights.shape[2:])
        case DepthwiseConv2D(pads=pads) if pads != Pads():
            return (p.input_zero_point,) * weights.shape[3]
        case Conv2D() | DepthwiseConv2D() | FullyConnected():
            return ()
        case _:
            raise AssertionError(node)
