"""Constants of the plain kernels: weights in a layout, scaling by channel."""

from dataclasses import dataclass

from depthwise.codegen.kernels.data import ArrayView, Constants, array, number_fields
from depthwise.codegen.kernels.fitted import fitted_of, signed_word
from depthwise.codegen.kernels.kernel import Layer
from depthwise.codegen.kernels.weighted import folded_bias, parameters_of

from .lines import lines_of
from .scaling import is_fitted


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """Weights as a function reads them, and how many bytes outside of the image it reads in one run.

    `inputs` of a channel are those of a dot product, None where all taps of a pixel lie side by side. `ctype` is what
    weights are stored as, `name` how their array is called.
    """

    weights: tuple[int, ...]
    outside: int
    inputs: int | None
    ctype: str = "int8_t"
    name: str = "weights"


def plain_constants(layer: Layer, stored: Stored) -> Constants:
    """Arrays and fields of `struct dw_dense`, or without inputs of `struct dw_depthwise`."""
    if is_fitted(layer.graph, layer.node):
        return _fitted_constants(layer, stored)
    p, bias = parameters_of(layer), folded_bias(layer)
    arrays = (
        array("int32_t", "bias", "bias, input zero point included", bias),
        array("int32_t", "multipliers", "Q31 multipliers", p.multipliers),
        array("int8_t", "shifts", "shifts to the right", (-s for s in p.shifts)),
    )
    clamp = {"half": 2 * p.output_zero_point + 1, "minimum": p.minimum, "maximum": p.maximum}
    return _with_weights(layer, stored, arrays, clamp)


def _fitted_constants(layer: Layer, stored: Stored) -> Constants:
    """The same with numbers of each channel's own in the place of multipliers, and no shifts."""
    p, found = parameters_of(layer), fitted_of(layer.graph, layer.node)
    assert found is not None
    words = (word for f in found for word in (f.multiplier, f.offset, signed_word(f.packed)))
    arrays = (
        array("int32_t", "bias", "what sums begin with", (f.start for f in found)),
        array("int32_t", "multipliers", "multiplier, offset, see dw_fitted.h", words),
    )
    return _with_weights(layer, stored, arrays, {"minimum": p.minimum, "maximum": p.maximum})


def lined_constants(layer: Layer, stored: Stored) -> Constants:
    """Arrays and fields of `struct dw_lined`; a single last channel of a depthwise layer has its line twice."""
    found = lines_of(layer.graph, layer.node)
    assert found is not None
    words = found.words
    if stored.inputs is None and len(words) % 4:
        words += words[-2:]
    lines = array("int32_t", "lines", "see dw_plain_lines.h", words)
    return _with_weights(layer, stored, (lines,), {"high": found.high, "low": found.low})


def _with_weights(layer: Layer, stored: Stored, arrays: tuple[ArrayView, ...], numbers: dict[str, int]) -> Constants:
    p = parameters_of(layer)
    weights = array(stored.ctype, stored.name, "weights", stored.weights)
    zeros = (p.input_zero_point,) * stored.outside
    border = (array("int8_t", "outside", "what lies outside of the image", zeros),) if zeros else ()
    sizes = {"channels": len(p.multipliers)} | ({} if stored.inputs is None else {"inputs": stored.inputs})
    return Constants((weights, *arrays, *border), number_fields({**sizes, **numbers}))
