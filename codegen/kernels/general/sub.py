"""SUB: the difference of two tensors."""

from depthwise.codegen.operators import Sub
from depthwise.codegen.operators.parameters import sub_parameters

from .joined import joined

SUB, SUB_CONSTANT = joined(Sub, "sub", sub_parameters, struct="dw_add", value="sum", sign="-")
