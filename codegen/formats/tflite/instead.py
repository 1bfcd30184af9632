"""What to build a model from, where a layer of it is no operator that is taken."""

from typing import Final

from depthwise.codegen.operators import OPERATORS

PAGE: Final = "docs/reference/operators.md"
TAKEN: Final = tuple(operator.kind for operator in OPERATORS if operator.window is not None)
INSTEAD: Final = (
    f"replace them in the model by layers that become {', '.join(TAKEN)} or another of the {len(OPERATORS)} operators "
    f"of {PAGE}"
)
