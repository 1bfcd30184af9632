"""Inputs a board is verified with that follow patterns: extreme, constant and random ones, which boards make too."""

import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

import numpy as np

from depthwise.codegen.graph import Array, Graph, Tensor
from depthwise.codegen.passes.intervals import WIDEST, Range
from depthwise.host.link import InputPattern, PatternedPiece, PatternKind
from depthwise.host.project import Project

Values = Mapping[int, Array]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Generated:
    """Inputs one after another, each a pattern by tensor."""

    steps: tuple[Mapping[int, InputPattern], ...]

    def values(self, graph: Graph) -> Values:
        """Inputs [T, …] by tensor."""
        shapes = {i: graph.tensors[i].shape for i in graph.inputs}
        return {i: np.concatenate([_drawn(step[i], graph.tensors[i]) for step in self.steps]) for i in shapes}

    def fills(self, project: Project) -> tuple[PatternedPiece, ...]:
        """What a project's board makes the same inputs of, in the order in which it takes them."""
        pieces = project.pieces
        return tuple(PatternedPiece(step[p.tensor], p.first, p.count) for step in self.steps for p in pieces)


def generated(graph: Graph, count: int, seed: int, within: Range = WIDEST) -> Iterator[tuple[str, Generated]]:
    """`count` named inputs: all −128, all 127, the zero point, a checkerboard, then random ones.

    `within` is the least and greatest value they may have; the extremes move there.
    """
    fixed = {i: _fixed(graph.tensors[i], within) for i in graph.inputs}
    names = list(fixed[graph.inputs[0]])
    for i in range(count):
        # A single input is a random one: extremes alone would exercise little.
        if 1 <= i <= len(names):
            yield names[i - 1], Generated(({t: of[names[i - 1]] for t, of in fixed.items()},))
        else:
            drawn = {t: InputPattern(PatternKind.NOISE, *within, _seed(seed, i, t)) for t in graph.inputs}
            yield f"random {i}", Generated((drawn,))


def generated_sequences(
    graph: Graph, count: int, seed: int, within: Range, length: int
) -> Iterator[tuple[str, Generated]]:
    """`count` generated inputs in sequences of up to `length`, for a network with state."""
    for name, given in by_length(generated(graph, count, seed, within), length):
        yield name, Generated(tuple(step for of in given for step in of.steps))


def by_length(inputs: Iterable[tuple[str, T]], length: int) -> Iterator[tuple[str, list[T]]]:
    """Up to `length` inputs at a time, named as the first of them."""
    given = iter(inputs)
    while taken := list(islice(given, length)):
        name = taken[0][0] if length == 1 else f"{len(taken)} from {taken[0][0]!r} on"
        yield name, [of for _, of in taken]


def values_of(graph: Graph, given: Generated | Values | Array) -> Values | Array:
    """The values of inputs that may follow patterns."""
    return given.values(graph) if isinstance(given, Generated) else given


def _fixed(tensor: Tensor, within: Range) -> dict[str, InputPattern]:
    assert tensor.quantization is not None
    low, high = within
    zero = min(max(tensor.quantization.zero_point, low), high)
    constant = {f"all {low}": low, f"all {high}": high, "zero point": zero}
    made = {name: InputPattern(PatternKind.ALTERNATING, value, value) for name, value in constant.items()}
    return {**made, "checkerboard": InputPattern(PatternKind.ALTERNATING, low, high)}


def _seed(seed: int, number: int, tensor: int) -> int:
    """32 bits for each input of each seed."""
    return zlib.crc32(f"{seed} {number} {tensor}".encode())


def _drawn(pattern: InputPattern, tensor: Tensor) -> Array:
    return pattern.values(tensor.elements).reshape(tensor.shape)
