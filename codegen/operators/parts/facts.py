"""Short answers that many operators give to what is asked of each."""

from depthwise.codegen.graph import Graph, Node


def one(_node: Node) -> int:
    """One activation is read; other operands are constants."""
    return 1


def two(_node: Node) -> int:
    """Two activations are read."""
    return 2


def either(_node: Node) -> int:
    """Two tensors are joined element by element: either may be a constant."""
    return 0


def none(_node: Node) -> int:
    """Any operand may be a constant, if not all are."""
    return 0


def every(node: Node) -> int:
    """Every operand is computed with."""
    return len(node.inputs)


def never(_graph: Graph, _node: Node) -> bool:
    """For what holds for no node of an operator."""
    return False


def always(_graph: Graph, _node: Node) -> bool:
    """For what holds for every node of an operator."""
    return True


def no_macs(_graph: Graph, _node: Node) -> int:
    """Layers without weights count 0, as everywhere in the literature."""
    return 0
