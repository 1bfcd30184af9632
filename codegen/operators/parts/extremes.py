"""The larger or smaller of two int8 values, which tflite-micro compares as they are (`maximum_minimum.cc`)."""

from collections.abc import Callable

from depthwise.codegen.arithmetic.fixedpoint import Mode
from depthwise.codegen.graph import Array, Graph, Node

from .activation import Range
from .intervals import WIDEST
from .joining import Join, Pair


def join(extreme: Callable[[Array, Array], Array]) -> Join:
    """An extreme of each pair."""

    def joined(_graph: Graph, _node: Node, pair: Pair, _mode: Mode) -> Array:
        return extreme(*pair)

    return joined


def clamp(_graph: Graph, _node: Node) -> Range:
    """Any int8."""
    return WIDEST
