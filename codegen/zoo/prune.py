"""Pruning by magnitude: the channels with the smallest weights leave a float graph, tensor and all.

Channels of tensors that are added, pooled or filtered depthwise stand for each other and stay or go together; those
of the image, of the class scores, of states and around a channel shuffle always stay. (Li and others, "Pruning Filters
for Efficient ConvNets", 2016: filters are ranked by the sum of their absolute weights.)
"""

from collections.abc import Mapping
from dataclasses import replace
from math import ceil

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.errors import InputError, UnsupportedError
from depthwise.codegen.graph import Array, Graph, Node
from depthwise.codegen.operators import has_weights, operator_of, weights_of
from depthwise.codegen.operators.parts.channels import Alike, Multiplied, Weighted

Kept = NDArray[np.intp]


def prune(graph: Graph, fraction: float) -> Graph:
    """The graph with about `fraction` of the channels of each prunable tensor removed, the strongest left.

    It computes something else and has to be trained on. Raises InputError unless 0 <= fraction < 1.
    """
    if not 0 <= fraction < 1:
        raise InputError(f"cannot prune {fraction:g} of the channels", "give a fraction from 0 up to below 1")
    return keep(graph, {leader: share_of(channels, 1 - fraction) for leader, channels in groups(graph).items()})


def share_of(channels: int, share: float) -> int:
    """So many of some channels, rounded up, 1 at least."""
    return max(ceil(channels * share), 1)


def groups(graph: Graph) -> Mapping[int, int]:
    """Channels that stay or go together, those that may go: for each such group the tensor that leads it, and how many.

    Raises UnsupportedError for a network whose layers share weights.
    """
    _refuse_shared(graph)
    return {leader: graph.tensors[leader].shape[-1] for leader in sorted(_prunable(graph, _classes(graph)))}


def keep(graph: Graph, counts: Mapping[int, int]) -> Graph:
    """The graph with so many channels of each of its `groups`, the strongest."""
    kept = kept_channels(graph, counts)
    tensors = list(graph.tensors)
    for index, channels in kept.items():
        tensors[index] = replace(tensors[index], shape=(*tensors[index].shape[:-1], len(channels)))
    for node in graph.nodes:
        for index, values in _sliced(graph, node, kept):
            values.setflags(write=False)
            tensors[index] = replace(tensors[index], shape=values.shape, data=values)
    return replace(graph, tensors=tuple(tensors))


def kept_channels(graph: Graph, counts: Mapping[int, int]) -> Mapping[int, Kept]:
    """For each tensor that has fewer channels then, which are left, in order."""
    alike = _classes(graph)
    kept = {leader: _strongest(_strength(graph, alike, leader), count) for leader, count in counts.items()}
    return {tensor: kept[leader] for tensor, leader in alike.items() if leader in kept}


def _refuse_shared(graph: Graph) -> None:
    read = [i for n in graph.nodes if has_weights(n.op) for i in n.inputs[1:]]
    if len(set(read)) != len(read):
        raise UnsupportedError(f"{graph.name} has layers that share weights", "prune a network whose layers do not")


def _classes(graph: Graph) -> dict[int, int]:
    """For each activation the tensor that leads those with the same channels."""
    leader = {i: i for i in (*graph.inputs, *(s.before for s in graph.states), *(n.output for n in graph.nodes))}

    def found(tensor: int) -> int:
        while leader[tensor] != tensor:
            tensor = leader[tensor]
        return tensor

    for node in graph.nodes:
        if _is_alike(graph, node):
            for read in (i for i in node.inputs if graph.tensors[i].data is None):
                leader[found(read)] = found(node.output)
    return {tensor: found(tensor) for tensor in leader}


def _is_alike(graph: Graph, node: Node) -> bool:
    return operator_of(node.op).channels(graph, node) in (Alike(), Multiplied(1))


def _is_sum(graph: Graph, node: Node) -> bool:
    return operator_of(node.op).channels(graph, node) == Weighted()


def _prunable(graph: Graph, alike: Mapping[int, int]) -> set[int]:
    """Classes whose every reader and writer can have fewer channels."""
    stuck = {alike[i] for i in (*graph.inputs, *graph.outputs, *(s.before for s in graph.states))}
    for node in graph.nodes:
        if not (_is_alike(graph, node) or _is_sum(graph, node)):
            stuck |= {alike[i] for i in (*node.inputs, node.output) if i in alike}
    return set(alike.values()) - stuck


def _strength(graph: Graph, alike: Mapping[int, int], leader: int) -> NDArray[np.float64]:
    """Sum of absolute weights by filter, over the layers that make the channels, each brought to a mean of 1."""
    makers = [n for n in graph.nodes if alike[n.output] == leader and _is_sum(graph, n)]
    total = np.zeros(graph.tensors[leader].shape[-1])
    for node in makers:
        weights = np.abs(_data(graph, node.inputs[1]).astype(np.float64))
        sums = weights.reshape(len(weights), -1).sum(axis=1)
        total += sums / max(float(sums.mean()), 1e-30)
    return total


def _strongest(strength: NDArray[np.float64], count: int) -> Kept:
    return np.sort(np.argsort(-strength, kind="stable")[:count])


def _data(graph: Graph, tensor: int) -> Array:
    data = graph.tensors[tensor].data
    assert data is not None
    return data


def _sliced(graph: Graph, node: Node, kept: Mapping[int, Kept]) -> list[tuple[int, Array]]:
    """Weights and bias of a node, of the channels that are left."""
    if not has_weights(node.op):
        return []
    inputs, outputs = (_mask(graph, tensor, kept) for tensor in (node.inputs[0], node.output))
    weights, _ = weights_of(node.op).selected(node.op, _data(graph, node.inputs[1]), inputs, outputs)
    biases = [(i, _data(graph, i)[outputs]) for i in node.inputs[2:]]
    return [(node.inputs[1], np.array(weights)), *((i, np.array(bias)) for i, bias in biases)]


def _mask(graph: Graph, tensor: int, kept: Mapping[int, Kept]) -> NDArray[np.bool_]:
    channels = np.arange(graph.tensors[tensor].shape[-1])
    return np.isin(channels, kept[tensor]) if tensor in kept else np.ones(len(channels), np.bool_)
