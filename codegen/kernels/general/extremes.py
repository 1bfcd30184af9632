"""MAXIMUM and MINIMUM of two tensors."""

from depthwise.codegen.operators import Maximum, Minimum

from .joined import joined

MAXIMUM, MAXIMUM_CONSTANT = joined(Maximum, "maximum", None, struct="dw_extreme", value="extreme", sign=">")
MINIMUM, MINIMUM_CONSTANT = joined(Minimum, "minimum", None, struct="dw_extreme", value="extreme", sign="<")
