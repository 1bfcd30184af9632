"""Networks with layers whose input rows are scattered: in front, in the middle, at the end, their rows read twice."""

from dataclasses import replace
from typing import Final

import numpy as np

from depthwise.codegen.graph import Graph, State
from depthwise.codegen.operators import AveragePool2D, Concatenation, ReverseV2, Unpack
from depthwise.codegen.operators.parts.rows import ScatteredRows
from depthwise.codegen.schedule.reads import access_of
from tests.support.network_builder import Builder

SEEDS: Final = range(112)
KINDS: Final = 14
MOST: Final = 17  # rows, columns or channels
PERMUTATIONS: Final = ((0, 3, 1, 2), (0, 2, 1, 3), (0, 2, 3, 1), (0, 3, 2, 1), (1, 3, 0, 2), (2, 3, 1, 0))


def scattered(seed: int) -> Graph:
    """A network by the number of its kind: whether something stands in front, and what reads the rows."""
    build, front, behind = Builder(seed), seed % 2, seed % KINDS // 2
    height, width, channels = (int(n) for n in build.rng.integers(2, MOST, 3))
    x = build.input(1, height, width, channels)
    if front:
        x = _in_front(build, x, seed // KINDS)
    moved = _moved(build, x)
    outputs: tuple[int, ...]
    match behind:
        case 0:
            outputs = (moved,)
        case 1:
            outputs = (moved, build.relu(x, rescale=True))  # rows are read twice, and written out twice
        case 2:
            outputs = (_behind(build, moved),)
        case 3:
            outputs = (_behind(build, moved), build.mean(x))
        case 4:
            there = build.relu(_turned(build, moved), rescale=True)
            outputs = (build.add(moved, _turned(build, there)),)
        case 5:
            outputs = (_joined(build, moved, build.relu(moved)),)
        case _:
            return _stateful(build, moved)
    return build.finish(f"scattered{seed}", *dict.fromkeys(outputs))


def scatters(graph: Graph) -> int:
    """How many layers scatter rows."""
    return sum(isinstance(access_of(graph, node), ScatteredRows) for node in graph.nodes)


def _in_front(build: Builder, x: int, kind: int) -> int:
    match kind % 4:
        case 0:
            return build.conv(x, int(build.rng.integers(1, MOST)), (1, 1))
        case 1:
            return build.conv(x, int(build.rng.integers(1, MOST)), (3, 3))
        case 2:
            return build.pool(x, AveragePool2D, (2, 1), (1, 1))
        case _:
            return build.relu(x, rescale=True)


def _moved(build: Builder, x: int) -> int:
    """TRANSPOSE, REVERSE_V2 of rows, or a part that UNPACK takes out of all rows, as a tensor of four axes."""
    _, height, width, channels = build.shape(x)
    match int(build.rng.integers(8)):
        case 0:
            axes = build.constant(np.array([1], np.int32))
            return build.node(ReverseV2((1,)), (x, axes), build.tensor(build.shape(x), build.quantization(x)))
        case 1:
            index, shape = int(build.rng.integers(width)), (1, height, channels)
            part = build.node(Unpack(2, index, width), (x,), build.tensor(shape, build.quantization(x)))
            return build.reshape(part, 1, channels, height, 1)
        case _:
            return build.reshape(build.transpose(x, *_permutation(build)), 1, *_image(build, x))


def _permutation(build: Builder) -> tuple[int, ...]:
    return PERMUTATIONS[int(build.rng.integers(len(PERMUTATIONS)))]


def _image(build: Builder, x: int) -> tuple[int, ...]:
    """Any three axes of a tensor's elements."""
    _, height, width, channels = build.shape(x)
    ways = ((channels, height, width), (width, height, channels), (width, channels, height))
    return ways[int(build.rng.integers(len(ways)))]


def _turned(build: Builder, x: int) -> int:
    """Rows and columns change places."""
    return build.transpose(x, 0, 2, 1, 3)


def _joined(build: Builder, x: int, y: int) -> int:
    """Rows of one behind those of the other: both can be computed where that is."""
    _, height, *rest = build.shape(x)
    return build.node(Concatenation(1), (x, y), build.tensor((1, 2 * height, *rest), build.quantization(x)))


def _behind(build: Builder, x: int) -> int:
    match int(build.rng.integers(4)):
        case 0:
            return build.conv(x, 3, (3, 3))
        case 1:
            return build.dense(build.reshape(x, 1, int(np.prod(build.shape(x)))), 4)
        case 2:
            return build.relu(x, rescale=True)
        case _:
            return build.mean(x)


def _stateful(build: Builder, x: int) -> Graph:
    """What is added to the state of the last run, turned, becomes the state."""
    _, height, width, channels = build.shape(x)
    before = build.tensor((1, width, height, channels), build.activation())
    turned = build.transpose(build.relu(x, rescale=True), 0, 2, 1, 3)
    build.tensors[before] = replace(build.tensors[before], quantization=build.quantization(turned))
    scores = build.add(_turned(build, before), build.relu(x, rescale=True))
    start = np.zeros(build.shape(before), np.int8)
    start.setflags(write=False)
    build.states.append(State(before, turned, start))
    return build.finish("stateful", scores)
