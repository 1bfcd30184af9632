"""Cross-layer equalization: the same function with channels of more equal ranges, so that int8 serves them all.

After Nagel et al., "Data-Free Quantization Through Weight Equalization and Bias Correction" (2019): a channel of the
tensor between two layers may be divided by s in the first and multiplied by s in the second, where nothing else
reads it and the activation between commutes with s. Weights here have a scale per channel, so what is
equalized is not the weights of the first layer (scaling them costs nothing) but the activations, which share one
scale, against the weights of the second layer where those share one scale too (all but depthwise ones).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.floats.affine import scaled_input, scaled_output
from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.operators import Activation, activation_of, has_weights, operator_of, weights_of
from depthwise.codegen.operators.parts.channels import Mixed
from depthwise.codegen.passes.rewire import sole_reader

from .calibrate import Seen

Float64 = NDArray[np.float64]
DEAD: Final = 1e-6  # of the largest channel: what is smaller is not worth a level
HEADROOM: Final = 2.0  # small channels are raised to half of the range, so that unseen inputs do not clip them all
RELU6_END: Final = 6.0


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """Two layers with a tensor between that only the second reads, through layers that scales pass."""

    first: Node
    second: Node


def links(graph: Graph) -> tuple[Link, ...]:
    """All pairs of layers between which channels can be scaled."""
    found = []
    for node in graph.nodes:
        if not has_weights(node.op) or activation_of(node.op) is Activation.RELU_N1_TO_1:
            continue
        reader = sole_reader(graph, node.output)
        while reader is not None and operator_of(reader.op).passes_scales(graph, reader):
            reader = sole_reader(graph, reader.output)
        if reader is not None and has_weights(reader.op) and not _mixes(graph, reader):
            found.append(Link(node, reader))
    return tuple(found)


def _mixes(graph: Graph, node: Node) -> bool:
    """Tell whether a layer has no weight of its own for each channel that it reads: several vectors, groups."""
    return isinstance(operator_of(node.op).channels(graph, node), Mixed)


def equalized(graph: Graph, seen: Mapping[int, Seen]) -> Graph:
    """The graph with channels scaled, given what calibration saw of its tensors.

    A ReLU6 does not commute with scales. Behind one, a channel that reaches 6 keeps its scale, and the others are
    raised by no more than leaves them a factor of two below 6, so that the clamp still never meets them.
    """
    reach = {index: s.reach for index, s in seen.items()}
    for link in links(graph):
        first = next(n for n in graph.nodes if n.output == link.first.output)
        second = next(n for n in graph.nodes if n.output == link.second.output)
        shares = _shares(graph, first, second, reach[first.output])
        graph = scaled_input(scaled_output(graph, first, 1 / shares), second, shares)
    return graph


def _shares(graph: Graph, first: Node, second: Node, reach: Float64) -> Float64:
    """What each channel is divided by, 1 where it stays."""
    most = float(reach.max())
    alive = reach > DEAD * most
    if most <= 0 or not alive.any():
        return np.ones_like(reach)
    safe = np.where(alive, reach, most)
    if not weights_of(second.op).mixes:
        shares = np.minimum(1.0, HEADROOM * safe / most)
    else:
        shares = np.sqrt(safe / most / _weight_reach(graph, second, len(reach)))
        shares *= float((safe / shares).max()) / most
    if activation_of(first.op) is Activation.RELU6:
        shares = np.where(reach >= RELU6_END * (1 - 1e-6), 1.0, np.clip(shares, HEADROOM * safe / RELU6_END, 1.0))
    return np.where(alive, shares, 1.0)


def _weight_reach(graph: Graph, node: Node, channels: int) -> Float64:
    """Largest weight that multiplies each input channel, as a share of the largest of its output channel."""
    data = graph.tensors[node.inputs[1]].data
    assert data is not None
    weights = np.abs(data.astype(np.float64))
    flat = weights.reshape(len(weights), -1, channels).max(axis=1)
    largest = np.maximum(flat.max(axis=1, keepdims=True), np.finfo(np.float64).tiny)
    return np.asarray(np.maximum((flat / largest).max(axis=0), DEAD))
