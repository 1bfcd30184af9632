"""The proof report: what the passes removed from each layer, and why they may.

Layers are the model's own. A channel counts as constant if the intervals leave one value to each of its
elements, as unread if nothing that is left depends on it.
"""

from collections import Counter
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.operators import weights_of
from depthwise.codegen.operators.costs import macs, weight_bytes
from depthwise.codegen.passes import Optimized

from .intervals import Interval


@dataclass(frozen=True, slots=True)
class ConstantChannel:
    """A channel with one value: `value` (None if it depends on the position, near a border) and why.

    Reasons: "zero weights"; "constant inputs"; "clamped low" or "clamped high": the whole interval of its sums lies
    at or beyond the clamp; "rounding": the interval is so narrow that every sum rounds to one value.
    `least` and `greatest` are the ends of its accumulator's interval, None for layers without weights.
    """

    channel: int
    value: int | None
    least: int | None
    greatest: int | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerProof:
    """One layer before and after the passes. `left` is False for a layer that is not computed any more."""

    layer: int
    kind: str
    tensor: int
    left: bool
    channels_in: int
    channels_in_left: int
    channels_out: int
    channels_out_left: int
    unread: int
    macs: int
    macs_left: int
    weight_bytes: int
    weight_bytes_left: int
    constants: tuple[ConstantChannel, ...]

    @property
    def reasons(self) -> dict[str, int]:
        """Number of constant channels by reason."""
        return dict(Counter(c.reason for c in self.constants))

    def summary(self) -> dict[str, Any]:
        """Plain data without the single channels."""
        plain = asdict(replace(self, constants=()))
        del plain["constants"]
        return {**plain, "constant": len(self.constants), "reasons": self.reasons}

    def as_json(self) -> dict[str, Any]:
        """Plain data, every constant channel with its interval included."""
        return {**self.summary(), "constants": [asdict(c) for c in self.constants]}


def prove(made: Optimized) -> tuple[LayerProof, ...]:
    """Report on every layer of the reference graph."""
    after = {n.output: n for n in made.graph.nodes}
    return tuple(_layer(made, node, after.get(node.output)) for node in made.reference.nodes)


def _layer(made: Optimized, node: Node, after: Node | None) -> LayerProof:
    reference, graph = made.reference, made.graph
    survivor = made.survivors.get(node.output)
    channels = reference.output_of(node).shape[-1]
    left = len(survivor.kept) if survivor is not None and after is not None else 0
    writer = next((n for n in made.simple.nodes if n.output == node.output), node)
    constants = _constants(made.simple, writer, made.found.get(node.output))
    known = len(survivor.known) if survivor is not None else 0
    return LayerProof(
        layer=node.layer,
        kind=node.op.kind,
        tensor=node.output,
        left=after is not None,
        channels_in=_channels_in(reference, node),
        channels_in_left=_channels_in(graph, after) if after else 0,
        channels_out=channels,
        channels_out_left=left,
        unread=channels - left - known if survivor is not None else 0,
        macs=macs(reference, node),
        macs_left=macs(graph, after) if after else 0,
        weight_bytes=weight_bytes(reference, node),
        weight_bytes_left=weight_bytes(graph, after) if after else 0,
        constants=constants,
    )


def _channels_in(graph: Graph, node: Node) -> int:
    shape = graph.inputs_of(node)[0].shape
    return shape[-1] if shape else 1


def _constants(graph: Graph, node: Node, interval: Interval | None) -> tuple[ConstantChannel, ...]:
    if interval is None or interval.lower.shape[-1] != graph.output_of(node).shape[-1]:
        return ()
    sums = None if interval.sums is None else _sums_of(graph, node)
    return tuple(_constant(interval, int(c), sums) for c in np.flatnonzero(interval.known))


@dataclass(frozen=True, slots=True)
class _Summing:
    """What a layer makes of sums: what they are clamped to, and which channels have weights other than zero."""

    minimum: int
    maximum: int
    weighted: tuple[bool, ...]


def _sums_of(graph: Graph, node: Node) -> _Summing:
    weights = weights_of(node.op)
    p, real = weights.parameters(graph, node), weights.real(graph, node)
    filters = np.moveaxis(real, weights.filter_axis, 0).reshape(real.shape[weights.filter_axis], -1)
    return _Summing(p.minimum, p.maximum, tuple((filters != 0).any(axis=1).tolist()))


def _constant(interval: Interval, channel: int, summing: _Summing | None) -> ConstantChannel:
    values = interval.lower[..., channel]
    value = int(values.flat[0]) if (values == values.flat[0]).all() else None
    if interval.sums is None or summing is None:
        return ConstantChannel(channel, value, None, None, "constant inputs")
    least, greatest = (end[..., channel] for end in interval.sums)
    reason = _reason(channel, value, summing, moves=bool((least != greatest).any()))
    return ConstantChannel(channel, value, int(least.min()), int(greatest.max()), reason)


def _reason(channel: int, value: int | None, summing: _Summing, *, moves: bool) -> str:
    if not moves:
        return "constant inputs" if summing.weighted[channel] else "zero weights"
    if value == summing.minimum:
        return "clamped low"
    return "clamped high" if value == summing.maximum else "rounding"
