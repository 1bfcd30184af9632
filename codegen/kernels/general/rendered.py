"""What the general kernels share: structures that are rendered with the network, and no conditions."""

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.kernel import Struct, template_of


def rendered(struct: str) -> Struct:
    """A structure whose definition is a template of this family."""
    return Struct(struct, template_of("general", f"{struct}.h"))


def computes_any(graph: Graph, node: Node) -> str | None:  # noqa: ARG001 - the signature of every refusal
    """A kernel without conditions."""
    return None
