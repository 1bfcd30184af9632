"""Two pools in a row of windows inside and beyond the image, for the kernels that take four channels at a time."""

from dataclasses import replace
from typing import Final

from depthwise.codegen.graph import Graph
from depthwise.codegen.operators import Activation, AveragePool2D, MaxPool2D
from tests.support.network_builder import Builder

CHANNELS: Final = (4, 5, 7, 8, 13, 20)
KERNELS: Final = ((2, 2), (3, 3), (2, 3), (5, 4), (1, 2))
STRIDES: Final = ((1, 1), (2, 2), (1, 3))
SEEDS: Final = range(30)


def pool_chain(seed: int) -> Graph:
    """AVERAGE_POOL_2D and MAX_POOL_2D, in either order; every fifth rounds halves up, as uint8 models do."""
    build = Builder(seed)
    x = build.input(1, 11, 10, CHANNELS[seed % 6])
    first, second = (AveragePool2D, MaxPool2D)[:: (1, -1)[seed % 2]]
    act = (Activation.NONE, Activation.RELU, Activation.RELU6)[seed // 2 % 3]
    x = build.pool(x, first, KERNELS[seed % 5], STRIDES[seed % 3], same=seed % 4 < 2, activation=act)
    x = build.pool(x, second, KERNELS[(seed + 2) % 5], (1, 1), same=seed % 4 != 1)
    graph = build.finish(f"pools{seed}")
    if seed % 5:
        return graph
    ops = [replace(n.op, halves_up=True) if isinstance(n.op, AveragePool2D) else n.op for n in graph.nodes]
    return replace(graph, nodes=tuple(replace(n, op=op) for n, op in zip(graph.nodes, ops, strict=True)))
