"""Which channels of every activation are still needed when known ones are folded into biases.

A channel is needed if an output of the network depends on it, or if an operation that works channel by channel
(DEPTHWISE_CONV_2D, ADD, pools, …) needs it so that its operands keep the same channels. The sets only grow, from
the outputs backwards, until nothing changes.
"""

import numpy as np

from depthwise.codegen.graph import Graph, Node, Tensor
from depthwise.codegen.operators import operator_of
from depthwise.codegen.operators.parts.channels import Alike, Gathered, Indices, Joined, Mixed, Multiplied, Weighted

from .known import Bools, Foldable

Keep = dict[int, Bools]


def kept_channels(graph: Graph, foldable: Foldable) -> Keep:
    """Channels (last axis) of each activation that stay, by tensor; a tensor with none is not computed at all."""
    keep = {t.index: np.zeros(_channels(t), np.bool_) for t in graph.tensors if t.data is None}
    for index in (*graph.inputs, *graph.outputs):
        keep[index][:] = True
    changed = True
    while changed:
        before = sum(int(mask.sum()) for mask in keep.values())
        for state in graph.states:
            keep[state.before] |= keep[state.after]
            keep[state.after] |= keep[state.before]
        for node in reversed(graph.nodes):
            if keep[node.output].any():
                _spread(graph, node, keep, foldable)
        changed = before != sum(int(mask.sum()) for mask in keep.values())
    return keep


def _channels(tensor: Tensor) -> int:
    return tensor.shape[-1] if tensor.shape else 1


def _spread(graph: Graph, node: Node, keep: Keep, foldable: Foldable) -> None:
    """Let one node's needs grow the sets of what it reads and writes."""
    reads = [i for i in node.inputs if i in keep]
    out = keep[node.output]
    match operator_of(node.op).channels(graph, node):
        case Weighted():
            keep[reads[0]] |= _read_by_weights(graph, node, out) & ~foldable.get(node.output, np.False_)
        case Multiplied(multiplier):
            _spread_multiplied(multiplier, keep[reads[0]], out)
        case Gathered(source):
            _spread_gathered(source, keep[reads[0]], out)
        case Joined():
            _spread_joined([keep[i] for i in node.inputs], out)
        case Alike():
            together = np.logical_or.reduce([out, *(keep[i] for i in reads)])
            for index in (node.output, *reads):
                keep[index] |= together
        case Mixed():
            for mask in (out, *(keep[i] for i in reads)):
                mask[:] = True
    for index in reads:
        if not keep[index].any():
            keep[index][0] = True


def _read_by_weights(graph: Graph, node: Node, out: Bools) -> Bools:
    weights = graph.inputs_of(node)[1].data
    assert weights is not None
    used = (weights[out] != 0).reshape(-1, weights.shape[-1]).any(axis=0)
    channels = _channels(graph.inputs_of(node)[0])
    return np.asarray(used.reshape(-1, channels).any(axis=0))


def _spread_multiplied(multiplier: int, image: Bools, out: Bools) -> None:
    """Every input channel that stays keeps the same number of output channels."""
    groups = out.reshape(-1, multiplier)
    image |= groups.any(axis=1)
    wanted = max(int(groups.sum(axis=1).max()), 1)
    for channel in np.flatnonzero(image):
        missing = wanted - int(groups[channel].sum())
        groups[channel, np.flatnonzero(~groups[channel])[:missing]] = True


def _spread_joined(images: list[Bools], out: Bools) -> None:
    """A tensor that is joined with itself keeps the same channels in every place."""
    start = 0
    for image in images:
        part = out[start : start + len(image)]
        together = image | part
        image[:], part[:] = together, together
        start += len(image)


def _spread_gathered(source: Indices, image: Bools, out: Bools) -> None:
    np.logical_or.at(image, source, out)
    out |= image[source]
