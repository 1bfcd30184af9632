"""Constants of the plain kernels: weights in a layout, scaling by channel."""

from depthwise.codegen.kernels.data import Constants, array, number_fields
from depthwise.codegen.kernels.kernel import Layer
from depthwise.codegen.kernels.weighted import folded_bias, parameters_of


def plain_constants(layer: Layer, *, weights: tuple[int, ...], outside: int, inputs: int | None) -> Constants:
    """Arrays and fields of `struct dw_dense`, or without `inputs` of `struct dw_depthwise`.

    `outside` is how many bytes outside of the image the function reads in one stretch.
    """
    p, bias = parameters_of(layer), folded_bias(layer)
    zeros = (p.input_zero_point,) * outside
    border = (array("int8_t", "outside", "what lies outside of the image", zeros),) if zeros else ()
    arrays = (
        array("int8_t", "weights", "weights", weights),
        array("int32_t", "bias", "bias, input zero point included", bias),
        array("int32_t", "multipliers", "Q31 multipliers", p.multipliers),
        array("int8_t", "shifts", "shifts to the right", (-s for s in p.shifts)),
    )
    sizes = {"channels": len(bias)} if inputs is None else {"channels": len(bias), "inputs": inputs}
    clamp = {"half": 2 * p.output_zero_point + 1, "minimum": p.minimum, "maximum": p.maximum}
    return Constants((*arrays, *border), number_fields({**sizes, **clamp}))
