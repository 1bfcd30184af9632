"""The data of the general kernels with weights: the model's own layout, scaling by channel."""

from typing import Final

import numpy as np

from depthwise.codegen.kernels.data import Constants, array, fields_of, number_fields
from depthwise.codegen.kernels.kernel import Layer, LayerData
from depthwise.codegen.kernels.weighted import folded_bias, parameters_of, weights_of
from depthwise.codegen.operators.parts.weights import weight_zero_point

from .rendered import rendered


def by_output(layer: Layer) -> Constants:
    """Arrays and fields of `struct dw_conv` for weights by output channel."""
    return conv_constants(layer, "[O][KH][KW][I]")


def conv_constants(layer: Layer, layout: str) -> Constants:
    """Arrays and fields of `struct dw_conv`."""
    p = parameters_of(layer)
    arrays = (
        array("int8_t", "weights", f"weights {layout}", weights_of(layer.graph, layer.node)),
        array("int32_t", "bias", "bias, input zero point included", folded_bias(layer)),
        array("int32_t", "multipliers", "Q31 multipliers", p.multipliers),
        array("int8_t", "shifts", "shifts, positive to the left", p.shifts),
    )
    return Constants(arrays, fields_of(p, "input_zero_point", "output_zero_point", "minimum", "maximum"))


def offset_constants(layer: Layer) -> Constants:
    """Arrays and fields of `struct dw_conv_offset`: as of `dw_conv`, the bias as the model has it."""
    p, op, inputs = parameters_of(layer), layer.node.op, layer.graph.inputs_of(layer.node)
    weights, bias = inputs[1].data, inputs[2].data if len(inputs) > 2 else None
    assert weights is not None
    arrays = (
        array("int8_t", "weights", "weights, zero point included", weights),
        array("int32_t", "bias", "bias", np.zeros(layer.output.shape[3], np.int32) if bias is None else bias),
        array("int32_t", "multipliers", "Q31 multipliers", p.multipliers),
        array("int8_t", "shifts", "shifts, positive to the left", p.shifts),
    )
    zero_point = number_fields({"weight_zero_point": weight_zero_point(op)})
    fields = fields_of(p, "input_zero_point", "output_zero_point", "minimum", "maximum")
    return Constants(arrays, (*zero_point, *fields))


OFFSET: Final = LayerData(rendered("dw_conv_offset"), offset_constants)
BY_OUTPUT: Final = LayerData(rendered("dw_conv"), by_output)
