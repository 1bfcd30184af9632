"""The shapes of functions that reduce along axes, and what they compute with."""

from dataclasses import KW_ONLY, dataclass
from itertools import groupby
from math import prod

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.kernel import Layer
from depthwise.codegen.operators.parts.reduction import axes_of, count_of
from depthwise.codegen.schedule.reads import accumulates, at_once

LOOPS = 3


@dataclass(frozen=True, slots=True)
class ReducedAxes:
    """Sizes of the axes that stay and of those that go, neighbours of a kind as one, and how far elements lie apart.

    Where the axes that go are neighbours, `sides` has them as one with what stays before and behind. `count` elements
    are folded into one; `sign` is how they are compared.
    """

    kept: tuple[tuple[int, int], ...]
    gone: tuple[tuple[int, int], ...]
    sides: tuple[int, int, int] | None
    count: int
    sign: str


@dataclass(frozen=True, slots=True)
class ReducedRows:
    """An image whose rows are folded one by one: of a row, `before` · `gone` · `after` elements, those in the middle.

    `count` elements are folded into one; `sign` is how they are compared.
    """

    height: int
    before: int
    gone: int
    after: int
    _: KW_ONLY
    count: int
    sign: str


def reduced_axes(layer: Layer, sign: str = "") -> ReducedAxes:
    """Shape of a function that folds all of a tensor, or a row of it."""
    shape, axes = layer.input.shape, axes_of(layer.node)
    first = 0 if at_once(layer.graph, layer.node) else 2
    kinds = [(axis in axes, shape[axis], prod(shape[axis + 1 :])) for axis in range(first, len(shape))]
    found: dict[bool, list[tuple[int, int]]] = {True: [], False: []}
    for goes, group in groupby([kind for kind in kinds if kind[1] > 1], key=lambda kind: kind[0]):
        members = list(group)
        found[goes].append((prod(size for _, size, _ in members), members[-1][2]))
    kept, gone = (((1, 0),) * (LOOPS - len(found[goes])) + tuple(found[goes]) for goes in (False, True))
    return ReducedAxes(kept, gone, _sides(found[False], found[True]), count_of(layer.graph, layer.node), sign)


def _sides(kept: list[tuple[int, int]], gone: list[tuple[int, int]]) -> tuple[int, int, int] | None:
    """Elements before, among and behind the axes that go, if these are neighbours."""
    if len(gone) > 1:
        return None
    size, apart = gone[0] if gone else (1, 1)
    return prod(n for n, step in kept if step >= apart), size, prod(n for n, step in kept if step < apart)


def reduced_rows(layer: Layer, sign: str = "") -> ReducedRows:
    """Shape of a function that folds an image row by row."""
    _, height, width, channels = layer.input.shape
    axes = axes_of(layer.node)
    sides = {
        (True, True): (1, width * channels, 1),
        (True, False): (1, width, channels),
        (False, True): (width, channels, 1),
        (False, False): (1, 1, width * channels),
    }
    before, gone, after = sides[2 in axes, 3 in axes]
    return ReducedRows(height, before, gone, after, count=count_of(layer.graph, layer.node), sign=sign)


def rows_refusal(graph: Graph, node: Node) -> str | None:
    """Why a kernel that takes rows one by one cannot compute a node."""
    return None if accumulates(graph, node) else f"it goes along axes {axes_of(node)}, its rows are not added up"


def axes_refusal(graph: Graph, node: Node) -> str | None:
    """Why a kernel that goes through a tensor or a row cannot compute a node."""
    return f"it goes along axes {axes_of(node)}, and takes its rows one by one" if accumulates(graph, node) else None
