"""ADD of a tensor and a smaller one, or a constant."""

from depthwise.codegen.operators import Add
from depthwise.codegen.operators.parameters import add_parameters
from depthwise.codegen.operators.parts import binary

from .joined import joined

ADD_BROADCAST, ADD_CONSTANT = joined(
    Add,
    "add_broadcast",
    add_parameters,
    struct="dw_add",
    value="sum",
    sign="+",
    plainer=binary.has_two_activations,
)
