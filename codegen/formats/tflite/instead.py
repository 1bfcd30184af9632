"""What to build a model from, where a layer of it is no operator that is taken."""

from typing import Final

from depthwise.codegen.operators import OPERATORS

from . import schema

PAGE: Final = "docs/reference/operators.md"
READ: Final = tuple(operator for operator in OPERATORS if operator.kind in schema.OPERATORS)
TAKEN: Final = tuple(operator.kind for operator in READ if operator.window is not None)
INSTEAD: Final = (
    f"replace them in the model by layers that become {', '.join(TAKEN)} or another of the {len(READ)} operators "
    f"of {PAGE}"
)
