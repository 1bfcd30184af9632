"""Which kernel computes each node: the first of a core's families whose conditions hold.

All kernels of an operator compute the same bytes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.schedule import steps

from .kernel import Family, Int16, Kernel, Layer, template_of
from .weight_storage import BALANCED, uses_from, uses_of
from .weighted import NO_ZERO_POINT

UNLIMITED: Final = 2**31


@dataclass(frozen=True, slots=True)
class Refusal:
    """A kernel of a family that cannot compute a layer, and why."""

    family: Family
    kernel: str
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """A layer, the kernel that computes it, and those that were tried before; equal only to itself."""

    family: Family
    kernel: Kernel
    layer: Layer
    refusals: tuple[Refusal, ...]

    @property
    def template(self) -> str:
        """Template of the function."""
        return template_of(self.family.name, f"{self.kernel.name}.c")

    @property
    def left_by(self) -> Mapping[str, tuple[str, ...]]:
        """Why faster families left the layer to this one: each reason, and the kernels that have it.

        Not meant for weights without a zero point are kernels for those that have one.
        """
        faster = [r for r in self.refusals if r.family is not self.family and r.reason != NO_ZERO_POINT]
        return {reason: tuple(r.kernel for r in faster if r.reason == reason) for reason in (r.reason for r in faster)}


@dataclass(frozen=True, slots=True)
class Kernels:
    """What was chosen, by output tensor, and the bytes of scratch that calls share."""

    chosen: Mapping[int, Chosen]
    scratch_bytes: int

    def of(self, node: Node) -> Chosen:
        """What computes a node."""
        return self.chosen[node.output]

    def name(self, node: Node) -> str:
        """Name of the kernel that computes a node."""
        return self.of(node).kernel.name

    @property
    def scratches(self) -> tuple[int, ...]:
        """Different numbers of bytes of scratch that calls take, or would with a family's next kernels; then 0."""
        sizes = {size for chosen in self.chosen.values() for size in _scratch_sizes(chosen)}
        return tuple(sorted({0, *sizes}, reverse=True))

    @property
    def names(self) -> dict[int, str]:
        """Names of the kernels by output tensor."""
        return {tensor: chosen.kernel.name for tensor, chosen in self.chosen.items()}


def choose_kernels(
    graph: Graph, families: Sequence[Family], int16_from: int = BALANCED, most_scratch: int = UNLIMITED
) -> Kernels:
    """The first kernel of each node that can compute it, in families in the order of a core's preference.

    Weights are stored as int16 in layers that use each of them at least `int16_from` times (weight_storage.py), where
    the kernel can have them so. No kernel takes more than `most_scratch` bytes of scratch, unless its rows lie channel
    after channel.
    """
    return _kernels(graph, tuple(families), int16_from, most_scratch)


# What plans, predicts and renders a network asks for the same again and again; what was made of it is remembered by it.
@lru_cache(maxsize=64)
def _kernels(graph: Graph, families: tuple[Family, ...], int16_from: int, most_scratch: int) -> Kernels:
    chosen = {node.output: _chosen(graph, node, families, int16_from, most_scratch) for node in steps(graph)}
    return Kernels(chosen, max(map(_scratch_bytes, chosen.values()), default=0))


def _chosen(graph: Graph, node: Node, families: Sequence[Family], int16_from: int, most_scratch: int) -> Chosen:
    refusals: list[Refusal] = []
    for family in families:
        for kernel in family.kernels:
            if not isinstance(node.op, kernel.operators):
                continue
            reason = kernel.refusal(graph, node) or _scratch_refusal(graph, node, kernel, most_scratch)
            if reason is None:
                layer = _layer(graph, node, kernel, uses_from(int16_from, family))
                return Chosen(family, kernel, layer, tuple(refusals))
            refusals.append(Refusal(family, kernel.name, reason))
    raise AssertionError(f"no kernel for {node}: {refusals}")


def _layer(graph: Graph, node: Node, kernel: Kernel, int16_from: int) -> Layer:
    given = Int16.SAME if kernel.int16_weights is None else kernel.int16_weights(graph, node)
    int16_weights = given is Int16.ONLY or (given is Int16.FASTER and uses_of(graph, node) >= int16_from)
    planar = kernel.planar is not None and kernel.planar(graph, node)
    return Layer(graph, node, int16_weights, planar)


def _scratch_refusal(graph: Graph, node: Node, kernel: Kernel, most: int) -> str | None:
    """Why a kernel takes too much scratch; one that writes rows [C][W] is kept, those that read them count on it."""
    if kernel.scratch is None or kernel.scratch.always(graph, node):
        return None
    if kernel.planar is not None and kernel.planar(graph, node):
        return None
    size = kernel.scratch.size(graph, node)
    return f"it takes {size:,} bytes of scratch, {most:,} are left for it" if size > most else None


def _scratch_bytes(chosen: Chosen) -> int:
    scratch = chosen.kernel.scratch
    return 0 if scratch is None else scratch.size(chosen.layer.graph, chosen.layer.node)


def _scratch_sizes(chosen: Chosen) -> list[int]:
    """Bytes of scratch of the kernels of its family that can compute a layer."""
    graph, node = chosen.layer.graph, chosen.layer.node
    able = [k for k in chosen.family.kernels if isinstance(node.op, k.operators) and k.refusal(graph, node) is None]
    return [kernel.scratch.size(graph, node) for kernel in able if kernel.scratch is not None]
