"""MUL: the product of two tensors."""

from depthwise.codegen.operators import Mul
from depthwise.codegen.operators.parameters import mul_parameters

from .joined import joined

MUL, MUL_CONSTANT = joined(Mul, "mul", mul_parameters, struct="dw_mul", value="product")
