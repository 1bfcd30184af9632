"""SQUARED_DIFFERENCE: the square of the difference of two tensors."""

from depthwise.codegen.operators import SquaredDifference
from depthwise.codegen.operators.parameters import squared_difference_parameters

from .joined import joined

SQUARED_DIFFERENCE, SQUARED_DIFFERENCE_CONSTANT = joined(
    SquaredDifference,
    "squared_difference",
    squared_difference_parameters,
    struct="dw_add",
    value="squared_difference",
)
