"""The kernels for a flash: of two forms of a kernel the one that is predicted to be faster there, layer by layer.

One form is made for flash that waits: code that stays in a small cache, weights that are copied once for a row. The
other has longer loops. Weights are int16 where that is faster behind the flash, too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.data import Constants
from depthwise.codegen.kernels.flash import Flash, FlashTraffic
from depthwise.codegen.kernels.kernel import Events, Int16, Kernel, KernelShape, Layer, LayerData
from depthwise.codegen.kernels.predict import kernel_time


@dataclass(frozen=True, slots=True, eq=False)
class Faster:
    """Of two `forms` of a kernel, in all but shapes, data and time the same, the faster one for each layer.

    Equal only to itself: which form is faster is remembered by it and the very layer.
    """

    forms: tuple[Kernel, Kernel]
    cycles: Mapping[str, float]
    flash: Flash

    def kernel(self) -> Kernel:
        """The kernel that is the faster one."""
        first = self.forms[0]
        assert first.data is not None
        assert first.scratch is not None
        return replace(
            first,
            shape=self._shape,
            data=LayerData(first.data.struct, self._constants),
            scratch=replace(first.scratch, size=self._scratch_bytes),
            events=self._events,
            traffic=self._traffic,
        )

    def of(self, graph: Graph, node: Node) -> Kernel:
        """The faster form, whichever weights the layer has."""
        return _faster(self, graph, node)

    def _shape(self, layer: Layer) -> KernelShape:
        return self.of(layer.graph, layer.node).shape(layer)

    def _constants(self, layer: Layer) -> Constants:
        data = self.of(layer.graph, layer.node).data
        assert data is not None
        return data.constants(layer)

    def _scratch_bytes(self, graph: Graph, node: Node) -> int:
        scratch = self.of(graph, node).scratch
        assert scratch is not None
        return scratch.size(graph, node)

    def _events(self, layer: Layer) -> Events:
        events = self.of(layer.graph, layer.node).events
        assert events is not None
        return events(layer)

    def _traffic(self, layer: Layer) -> FlashTraffic:
        traffic = self.of(layer.graph, layer.node).traffic
        assert traffic is not None
        return traffic(layer)


@lru_cache(maxsize=256)
def _faster(of: Faster, graph: Graph, node: Node) -> Kernel:
    """The faster form: a layer's shape, data, scratch and time each ask for it."""
    either = (False, True) if _gain(of.forms[0], graph, node) is Int16.FASTER else (False,)

    def time(form: Kernel) -> float:
        layers = (Layer(graph, node, int16) for int16 in either)
        return min(kernel_time(form, layer, of.cycles, of.flash) for layer in layers)

    return min(of.forms, key=time)


def unless_slower(kernel: Kernel, other: Kernel, cycles: Mapping[str, float], flash: Flash) -> Kernel:
    """A kernel that leaves to another one the layers that this is predicted to compute in less time."""

    def refusal(graph: Graph, node: Node) -> str | None:
        reason = kernel.refusal(graph, node)
        if reason is not None or other.refusal(graph, node) is not None:
            return reason
        own, others = (kernel_time(k, Layer(graph, node), cycles, flash) for k in (kernel, other))
        return f"{other.name} takes {own - others:,.0f} cycles less" if others < own else None

    return replace(kernel, refusal=refusal)


def with_int16(kernel: Kernel, cycles: Mapping[str, float], flash: Flash) -> Kernel:
    """A kernel whose weights gain by being int16 only where reading twice the bytes takes less than that saves."""

    def gain(graph: Graph, node: Node) -> Int16:
        found = _gain(kernel, graph, node)
        if found is not Int16.FASTER:
            return found
        narrow, wide = (kernel_time(kernel, Layer(graph, node, n), cycles, flash) for n in (False, True))
        return Int16.FASTER if wide < narrow else Int16.SAME

    return kernel if kernel.int16_weights is None else replace(kernel, int16_weights=gain)


def _gain(kernel: Kernel, graph: Graph, node: Node) -> Int16:
    return Int16.SAME if kernel.int16_weights is None else kernel.int16_weights(graph, node)
