"""What to build a model from, where a layer of it is no operator that is taken."""

from collections.abc import Mapping
from typing import Final

from depthwise.codegen.errors import OPERATORS_PAGE, UnsupportedError
from depthwise.codegen.operators import OPERATORS

from . import schema
from .comparing import COMPARISONS
from .file_graph import FileOperator

READ: Final = tuple(operator for operator in OPERATORS if operator.kind in schema.OPERATORS)
TAKEN: Final = tuple(operator.kind for operator in READ if operator.window is not None)
INSTEAD: Final = (
    f"replace it in the model by layers that become {', '.join(TAKEN)} or another of the {len(READ)} operators "
    f"of {OPERATORS_PAGE}"
)
CONTROL_FLOW: Final = ("IF", "WHILE", "CALL")
UNROLL: Final = "convert the model without it: unroll loops in Keras"
BUILTIN: Final = "convert the model with builtin operators alone"
# What takes the place of an operator in a model.
WAYS: Final[Mapping[str, str]] = {
    **dict.fromkeys(COMPARISONS, "compare a tensor with a constant number"),
    "ADD_N": "write it as several ADD",
    "BROADCAST_TO": "leave it out: ADD, SUB and MUL broadcast by themselves",
    "GELU": "train the model with HARD_SWISH or RELU",
    "NEG": "write it as MUL by -1",
    "SQUARE": "write it as MUL of the tensor with itself",
    "UNIDIRECTIONAL_SEQUENCE_RNN": "convert it unrolled (Keras: SimpleRNN(..., unroll=True))",
}


def unsupported(operator: FileOperator) -> UnsupportedError:
    """That an operator has no room, and what would take its place."""
    if operator.name in CONTROL_FLOW:
        return UnsupportedError(f"{operator} decides at run time what is computed", UNROLL)
    known = BUILTIN if operator.name.startswith("CUSTOM") else WAYS.get(operator.name)
    way = INSTEAD if known is None else f"{known} (all that are: {OPERATORS_PAGE})"
    return UnsupportedError(f"{operator} is not supported", way)
