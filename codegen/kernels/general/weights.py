"""The data of the general kernels with weights: the model's own layout, scaling by channel."""

from typing import Final

from depthwise.codegen.kernels.data import Constants, array, fields_of
from depthwise.codegen.kernels.kernel import Layer, LayerData
from depthwise.codegen.kernels.weighted import folded_bias, parameters_of, weights_of

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


BY_OUTPUT: Final = LayerData(rendered("dw_conv"), by_output)
