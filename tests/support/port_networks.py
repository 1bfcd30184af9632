"""Networks of several inputs and outputs: named ones, and any number by seed."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

import numpy as np

from depthwise.codegen.graph import Array, DType, Graph
from depthwise.codegen.operators import Activation, ArgMax
from tests.support.network_builder import Builder


def named(graph: Graph, names: Mapping[int, str]) -> Graph:
    """The same with other names of tensors."""
    return replace(graph, tensors=tuple(replace(t, name=names.get(t.index, t.name)) for t in graph.tensors))


def stereo_network() -> Graph:
    """Two pictures and a vector; a map and scores. Rows of both pictures are added as they come."""
    b = Builder(3)
    left, right, state = b.input(1, 8, 6, 2), b.input(1, 8, 6, 2), b.input(1, 5)
    both = b.add(b.conv(left, 4), b.conv(right, 4))
    depth = b.conv(both, 1, (1, 1), activation=Activation.NONE)
    classes = b.add(b.mean(both), b.dense(state, 4))
    graph = b.finish("stereo", depth, classes)
    names = {left: "serving_default_left:0", right: "right", state: "state", depth: "StatefulPartitionedCall:1"}
    return named(graph, names | {classes: "scores/dense;BiasAdd"})


def siamese_network() -> Graph:
    """Two pictures, each through layers of its own, joined at the end."""
    b = Builder(4)
    a, c = (b.mean(b.conv(b.depthwise(b.conv(b.input(1, 9, 7, 3), 4, stride=(2, 2))), 6, (1, 1))) for _ in range(2))
    return b.finish("siamese", b.dense(b.add(a, c), 3))


def heads_network() -> Graph:
    """One picture, three outputs; one of them is read on."""
    b = Builder(5)
    x = b.conv(b.input(1, 10, 6, 3), 5, stride=(2, 2))
    middle = b.conv(b.depthwise(x), 6, (1, 1))
    return b.finish("heads", b.softmax(b.dense(b.reshape(b.mean(middle), 1, 6), 7)), middle, b.conv(middle, 2, (1, 1)))


def _arg_max(b: Builder, x: int, axis: int) -> int:
    shape, operand = b.shape(x), b.constant(np.array([axis], np.int32))
    return b.node(ArgMax(axis), (x, operand), b.tensor(shape[:axis] + shape[axis + 1 :], None, DType.INT32))


def places_network() -> Graph:
    """A map of classes, pixel by pixel, and the best of some scores: int32 beside int8."""
    b = Builder(7)
    x = b.conv(b.input(1, 6, 5, 2), 4)
    scores = b.dense(b.reshape(b.mean(x), 1, 4), 7)
    return b.finish("places", _arg_max(b, b.conv(x, 3, (1, 1)), 3), scores, _arg_max(b, scores, 1))


def best_network() -> Graph:
    """One output, int32."""
    b = Builder(8)
    _arg_max(b, b.dense(b.input(1, 9), 6), 1)
    return b.finish("best")


def unread_network() -> Graph:
    """An input that nothing reads, and one whose last rows nobody needs."""
    b = Builder(6)
    x, _, y = b.input(1, 7, 5, 2), b.input(1, 3, 4, 1), b.input(1, 6)
    return b.finish("unread", b.conv(x, 3, (3, 3), (3, 3), same=False), b.dense(y, 2))


NETWORKS: Final[dict[str, Callable[[], Graph]]] = {
    "stereo": stereo_network,
    "siamese": siamese_network,
    "heads": heads_network,
    "places": places_network,
    "best": best_network,
    "unread": unread_network,
}


def random_ports(seed: int) -> Graph:
    """Some inputs of one shape, layers on any of them, sums of any two; some of all tensors leave."""
    b = Builder(seed)
    rng = b.rng
    height, width, channels = (int(n) for n in rng.integers(2, 9, 3))
    maps = [b.input(1, height, width, channels) for _ in range(int(rng.integers(1, 4)))]
    for _ in range(int(rng.integers(3, 9))):
        x = maps[int(rng.integers(len(maps)))]
        made = (
            lambda x=x: b.conv(x, channels),
            lambda x=x: b.depthwise(x),
            lambda x=x: b.add(x, maps[int(rng.integers(len(maps)))]),
            lambda x=x: b.requantize(x),
        )
        maps.append(made[int(rng.integers(len(made)))]())
    computed = [n.output for n in b.nodes]
    leaving = {int(i) for i in rng.choice(computed, int(rng.integers(1, 3)))} | {computed[-1]}
    ends = [b.mean(i) if rng.random() < 0.3 else i for i in sorted(leaving)]
    return b.finish(f"ports_{seed}", *ends)


def values(graph: Graph, seed: int, count: int = 2) -> dict[int, Array]:
    """Random inputs [count, …] by tensor."""
    rng = np.random.default_rng(seed)
    shapes = {i: (count, *graph.tensors[i].shape[1:]) for i in graph.inputs}
    return {i: rng.integers(-128, 128, shape).astype(np.int8) for i, shape in shapes.items()}
