"""What differs between layers that share a function: weights, biases, multipliers, zero points, clamps."""

from collections.abc import Iterable
from typing import Final

import numpy as np

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.data import ITEM_BYTES, ArrayView, DataView, FieldView
from depthwise.codegen.naming import comment, shape_text
from depthwise.codegen.operators import (
    Add,
    AveragePool2D,
    Conv2D,
    DepthwiseConv2D,
    FullyConnected,
    MaxPool2D,
    Mean,
    Pad,
    Quantize,
    Relu,
    Relu6,
    Softmax,
    parameters,
)

from .choice import Kernels
from .dsp.dsp_data import columns_data, dot_data, sum_data
from .mve.mve_data import MVE_STRUCTS, mve_data
from .plain.plain_data import plain_data
from .plain.plain_kernels import MATRIX_KINDS, PIXEL_KINDS, TAPS_KIND

STRUCTS: Final = {
    "conv_2d": "dw_conv",
    "conv_2d_border": "dw_conv_border",
    "conv_2d_dsp": "dw_dot",
    "depthwise_conv_2d": "dw_conv",
    "depthwise_conv_2d_dsp": "dw_columns",
    "fully_connected": "dw_conv",
    "fully_connected_dsp": "dw_dot",
    "average_pool_2d": "dw_clamp",
    "average_pool_2d_sums": "dw_clamp",
    "max_pool_2d": "dw_clamp",
    "mean": "dw_rescale",
    "quantize": "dw_rescale",
    "add": "dw_add",
    "add_dsp": "dw_sum",
    "softmax": "dw_softmax",
    "relu": "dw_relu",
    "pad": "dw_fill",
    TAPS_KIND: "dw_depthwise",
    **dict.fromkeys((*PIXEL_KINDS, *MATRIX_KINDS), "dw_dense"),
    **MVE_STRUCTS,
}


def data_of(kernels: Kernels, graph: Graph, node: Node, name: str) -> DataView | None:
    """Constants of one layer, or None where the function needs none."""
    kind = kernels.kind(node)
    if kind not in STRUCTS:
        return None
    match STRUCTS[kind]:
        case "dw_dot":
            arrays, numbers = dot_data(graph, node, name, folded_bias(graph, node), wide=node.output in kernels.wide)
        case "dw_sum":
            arrays, numbers = (), sum_data(graph, node)
        case "dw_columns":
            arrays, numbers = columns_data(graph, node, name, folded_bias(graph, node)), ()
        case "dw_dense" | "dw_depthwise":
            arrays, numbers = plain_data(graph, node, kind, name, folded_bias(graph, node))
        case "dw_mve_dot" | "dw_mve_depthwise":
            arrays, numbers = mve_data(graph, node, name, folded_bias(graph, node))
        case _:
            arrays = _arrays(graph, node, name)
            numbers = tuple(FieldView(key, str(value)) for key, value in _numbers(graph, node))
    named = tuple(FieldView(a.name.removeprefix(f"{name}_"), a.name) for a in arrays)
    out = graph.output_of(node)
    about = f"{node}: {shape_text(out.shape)}, {comment(out.name)}"
    return DataView(STRUCTS[kind], name, about, arrays, named + numbers)


def constant_bytes(data: DataView) -> int:
    """Bytes of a layer's arrays."""
    return sum(len(a.values) * ITEM_BYTES.get(a.ctype, 4) for a in data.arrays)


def _arrays(graph: Graph, node: Node, name: str) -> tuple[ArrayView, ...]:
    match node.op:
        case Conv2D() | DepthwiseConv2D() | FullyConnected():
            pass
        case _:
            return ()
    p = parameters.conv_parameters(graph, node)
    weights = graph.tensors[node.inputs[1]]
    border: tuple[ArrayView, ...] = ()
    if isinstance(node.op, Conv2D) and node.op.border is not None:
        rows, columns = node.op.border.rows, node.op.border.columns
        border = (
            _array("uint16_t", f"{name}_border_rows", "row of the bias table for each output row", rows),
            _array("uint16_t", f"{name}_border_columns", "column of the bias table for each output column", columns),
        )
    layout = "[1][KH][KW][C]" if isinstance(node.op, DepthwiseConv2D) else "[O][KH][KW][I]"
    return (
        _array("int8_t", f"{name}_weights", f"weights {layout}", _values(weights.data)),
        _array("int32_t", f"{name}_bias", "bias, input zero point included", folded_bias(graph, node)),
        _array("int32_t", f"{name}_multipliers", "Q31 multipliers", p.multipliers),
        _array("int8_t", f"{name}_shifts", "shifts, positive to the left", p.shifts),
        *border,
    )


def folded_bias(graph: Graph, node: Node) -> tuple[int, ...]:
    """Biases for sums of w·x instead of w·(x − zero point): b − zero point · Σ w, padded taps x = zero point."""
    weights = graph.tensors[node.inputs[1]].data
    assert weights is not None
    axis = (0, 1, 2) if isinstance(node.op, DepthwiseConv2D) else tuple(range(1, weights.ndim))
    sums = weights.astype(np.int64).sum(axis=axis)
    bias = graph.tensors[node.inputs[2]].data if len(node.inputs) > 2 else None
    given = np.zeros(len(sums), np.int64) if bias is None else bias.astype(np.int64)
    return _values(given - parameters.conv_parameters(graph, node).input_zero_point * sums)


def _array(ctype: str, name: str, about: str, values: Iterable[int]) -> ArrayView:
    return ArrayView(ctype, name, about, tuple(values))


def _values(data: np.ndarray[tuple[int, ...], np.dtype[np.generic]] | None) -> tuple[int, ...]:
    assert data is not None
    return tuple(int(v) for v in data.ravel().tolist())


def _numbers(graph: Graph, node: Node) -> list[tuple[str, int]]:
    match node.op:
        case Conv2D() | DepthwiseConv2D() | FullyConnected():
            conv = parameters.conv_parameters(graph, node)
            return _named(conv, "input_zero_point", "output_zero_point", "minimum", "maximum")
        case AveragePool2D() | MaxPool2D():
            return _named(parameters.pool_parameters(graph, node), "minimum", "maximum")
        case Mean():
            mean = parameters.mean_parameters(graph, node)
            return _named(mean, "input_zero_point", "output_zero_point", "multiplier", "shift")
        case Quantize():
            scaled = parameters.requantize_parameters(graph, node)
            return _named(scaled, "input_zero_point", "output_zero_point", "multiplier", "shift")
        case Add():
            add = parameters.add_parameters(graph, node)
            return _named(add, *add.__dataclass_fields__)
        case Relu() | Relu6():
            relu = parameters.relu_parameters(graph, node)
            return _named(relu, *relu.__dataclass_fields__)
        case Softmax():
            return _named(parameters.softmax_parameters(graph, node), "multiplier", "shift", "diff_min")
        case Pad():
            quantization = graph.output_of(node).quantization
            assert quantization is not None
            return [("value", quantization.zero_point)]
        case _:
            raise AssertionError(node)


def _named(source: object, *names: str) -> list[tuple[str, int]]:
    return [(name, int(getattr(source, name))) for name in names]
