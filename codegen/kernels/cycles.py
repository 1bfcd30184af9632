"""Events that every family has: calls, and what is counted by elements and multiplications."""

from collections.abc import Callable, Mapping
from typing import Final

from depthwise.codegen.operators.costs import macs
from depthwise.codegen.schedule.reads import calls_of

from .kernel import Events, Layer

CALL: Final = "call"
WINDOW_CALL: Final = "window call"  # of a convolution, which finds its rows first
CALLS: Final[Mapping[str, float]] = {CALL: 52.5, WINDOW_CALL: 183.1}


def with_calls(layer: Layer, call: str, found: Events) -> Events:
    """A layer's calls, and what else happens at all."""
    return {call: calls_of(layer.graph, layer.node), **{event: count for event, count in found.items() if count}}


def counted(name: str, call: str = CALL) -> Callable[[Layer], Events]:
    """Events of a kernel whose time is its multiplications, and the elements that it reads and writes."""

    def events(layer: Layer) -> Events:
        read = sum(t.elements for t in layer.graph.inputs_of(layer.node) if t.data is None)
        elements = layer.output.elements + read
        found: Events = {f"{name} mac": macs(layer.graph, layer.node), f"{name} element": elements}
        return with_calls(layer, call, found)

    return events
