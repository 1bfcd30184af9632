"""Images that drive an int8 network to its ends, and noise, by shape."""

from collections.abc import Callable
from typing import Final

import numpy as np

from depthwise.codegen.graph import Array, Graph

Shape = tuple[int, ...]


def noise(seed: int) -> Callable[[Shape], Array]:
    return lambda shape: np.random.default_rng(seed).integers(-128, 128, shape).astype(np.int8)


def constant(value: int) -> Callable[[Shape], Array]:
    return lambda shape: np.full(shape, value, np.int8)


def checkerboard(shape: Shape) -> Array:
    return np.where(np.indices(shape).sum(axis=0) % 2, -128, 127).astype(np.int8)


IMAGES: Final[dict[str, Callable[[Shape], Array]]] = {
    "noise 1": noise(1),
    "noise 2": noise(2),
    "noise 3": noise(3),
    "all -128": constant(-128),
    "all 127": constant(127),
    "all 0": constant(0),
    "all -1": constant(-1),
    "checkerboard": checkerboard,
}


def input_shape(graph: Graph) -> Shape:
    return graph.tensors[graph.inputs[0]].shape
