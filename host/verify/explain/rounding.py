"""Tells which rounding a board computes with, if it is not TensorFlow Lite Micro's."""

from typing import Final

from depthwise.codegen.arithmetic.fixedpoint import Mode
from depthwise.codegen.golden.model import compute_cases

from .wrong_layer import WrongLayer

ABOUT: Final = {
    Mode.SINGLE: "single rounding, as with TFLITE_SINGLE_ROUNDING or CMSIS_NN_USE_SINGLE_ROUNDING",
    Mode.RUY: "the rounding of LiteRT without delegates",
    Mode.XNNPACK: "rounding in float32, as XNNPACK does",
    Mode.FLOAT64: "rounding in double precision, as LiteRT's reference FULLY_CONNECTED does",
}


def rounding_of(layers: tuple[WrongLayer, ...]) -> Mode | None:
    """The mode in which this layer, with several inputs, gives exactly what the board has."""
    for mode in ABOUT:
        if all(layer.made(compute_cases(layer.graph, layer.node, layer.values, mode)) for layer in layers):
            return mode
    return None
