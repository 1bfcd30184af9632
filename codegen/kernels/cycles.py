"""Events that every family has: calls, and what is counted by elements and multiplications."""

from collections.abc import Callable, Mapping
from dataclasses import astuple
from operator import mul
from typing import Final

from depthwise.codegen.operators.costs import macs
from depthwise.codegen.schedule.reads import calls_of

from .kernel import Events, Layer
from .rates import RATES, Rates

CALL: Final = "call"
WINDOW_CALL: Final = "window call"  # of a convolution, which finds its rows first
COUNTED_CYCLE: Final = "counted cycle"
CALLS: Final[Mapping[str, float]] = {CALL: 45.7, WINDOW_CALL: 179.5, COUNTED_CYCLE: 1.0}


def with_calls(layer: Layer, call: str, found: Events) -> Events:
    """A layer's calls, and what else happens at all."""
    return {call: calls_of(layer.graph, layer.node), **{event: count for event, count in found.items() if count}}


def counted(name: str, call: str = CALL, rates: Rates | None = None) -> Callable[[Layer], Events]:
    """Events of a kernel whose time is its multiplications, and the elements that it reads and writes.

    Without `rates` of its own they are those of the table: a kernel that is not in it is a KeyError when it is made.
    """
    found = RATES[name] if rates is None else rates

    def events(layer: Layer) -> Events:
        return with_calls(layer, call, {COUNTED_CYCLE: sum(map(mul, quantities(layer), astuple(found)))})

    return events


def quantities(layer: Layer) -> tuple[float, float, float, float]:
    """How often a layer does what `Rates` has the cycles of."""
    read = [t for t in layer.graph.inputs_of(layer.node) if t.data is None]
    elements = sum(t.elements for t in read)
    written = layer.output.elements
    vectors = max(t.elements // t.shape[-1] if t.shape else 1 for t in (layer.output, *read))
    return macs(layer.graph, layer.node), elements + written, written, vectors
