"""DIV: the quotient of two tensors."""

from depthwise.codegen.operators import Div
from depthwise.codegen.operators.parameters import div_parameters

from .joined import joined

DIV, DIV_CONSTANT = joined(
    Div, "div", div_parameters, struct="dw_mul", value="quotient", headers=("dw_softmax.h", "dw_quotient.h")
)
