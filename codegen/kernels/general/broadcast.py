"""Functions that join two tensors of which one may be smaller: runs of elements, and the way from run to run."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import prod

from depthwise.codegen.graph import Tensor
from depthwise.codegen.kernels.kernel import Layer, template_of
from depthwise.codegen.schedule.reads import at_once

ROW_AXES = 2


@dataclass(frozen=True, slots=True)
class _Axis:
    """Neighbouring axes along which both operands do the same: size, how far apart their elements lie (0: no way)."""

    size: int
    a: int
    b: int


@dataclass(frozen=True, slots=True)
class Walk:
    """Behind each of `lines` runs an odometer of `sizes` moves the operands by their steps."""

    lines: int
    sizes: tuple[int, ...]
    a_steps: tuple[int, ...]
    b_steps: tuple[int, ...]

    @property
    def walks(self) -> bool:
        """Tell whether the way from run to run is more than a step."""
        return len(self.sizes) > 1

    @property
    def line_steps(self) -> tuple[tuple[str, int], ...]:
        """What moves from run to run where one step is all of the way, and how far."""
        if len(self.sizes) != 1:
            return ()
        return tuple((name, step) for name, (step,) in (("a", self.a_steps), ("b", self.b_steps)) if step)


@dataclass(frozen=True, slots=True, kw_only=True)
class Broadcast:
    """Runs of `count` elements, and the `walk` from run to run.

    `first` and `second` are the operands' elements in C, `sign` what joins them. `constant` is the operand that is
    one, empty if both are computed; `operand` the other. `struct` is the data's, empty where there is none.
    """

    count: int
    walk: Walk
    first: str
    second: str
    sign: str
    constant: str
    operand: str
    struct: str
    value: str


def broadcast_of(layer: Layer, *, value: str, sign: str, struct: str) -> Broadcast:
    """Shape of a layer's function, whose elements are joined as the template `value` says."""
    a, b = layer.graph.inputs_of(layer.node)
    inner, *outer = _axes(layer, a, b)
    constant = constant_operand(layer)
    return Broadcast(
        count=inner.size,
        walk=_walk(outer),
        first="a[i]" if inner.a else "a[0]",
        second="b[i]" if inner.b else "b[0]",
        sign=sign,
        constant=constant,
        operand="a" if constant == "b" else "b",
        struct=struct,
        value=template_of("general", f"joined/{value}.c"),
    )


def constant_operand(layer: Layer) -> str:
    """Which operand is a constant: "a", "b", or "" if both are computed."""
    a, b = layer.graph.inputs_of(layer.node)
    return "a" if a.data is not None else "b" if b.data is not None else ""


def walk_of(layer: Layer, skipped: int, apart: tuple[int, int]) -> Walk:
    """The way along all axes but the last `skipped`, whose elements lie `apart` in the operands."""
    shapes = [t.shape[:-skipped] for t in (layer.output, *layer.graph.inputs_of(layer.node))]
    rank = len(shapes[0])
    return _walk(_joined_axes([(*(1,) * (rank - len(s)), *s) for s in shapes], apart))


def _axes(layer: Layer, a: Tensor, b: Tensor) -> list[_Axis]:
    """Axes of what a call writes, the innermost first."""
    shape = layer.output.shape
    rank = len(shape) if at_once(layer.graph, layer.node) or layer.output.rows == 1 else ROW_AXES
    return _joined_axes([_last(t, rank) for t in (layer.output, a, b)], (1, 1)) or [_Axis(1, 1, 1)]


def _joined_axes(sizes: Sequence[tuple[int, ...]], apart: tuple[int, int]) -> list[_Axis]:
    """Axes of output and operands, the innermost first, neighbours that move alike as one."""
    moves = [(out, x > 1, y > 1) for out, x, y in zip(*sizes, strict=True) if out > 1]
    found, (apart_a, apart_b) = [], apart
    for (by_a, by_b), group in groupby(reversed(moves), key=lambda axis: axis[1:]):
        size = prod(axis[0] for axis in group)
        found.append(_Axis(size, apart_a if by_a else 0, apart_b if by_b else 0))
        apart_a, apart_b = apart_a * (size if by_a else 1), apart_b * (size if by_b else 1)
    return found


def _walk(axes: Sequence[_Axis]) -> Walk:
    return Walk(
        lines=prod(axis.size for axis in axes),
        sizes=tuple(axis.size for axis in axes),
        a_steps=_steps([(axis.size, axis.a) for axis in axes]),
        b_steps=_steps([(axis.size, axis.b) for axis in axes]),
    )


def _last(tensor: Tensor, rank: int) -> tuple[int, ...]:
    """Sizes of the last axes, as many as `rank`."""
    return (*(1,) * (rank - len(tensor.shape)), *tensor.shape)[-rank:] if rank else ()


def _steps(axes: Sequence[tuple[int, int]]) -> tuple[int, ...]:
    """What an operand moves by where an axis goes on, the axes inside of it having come to their ends."""
    steps, gone = [], 0
    for size, apart in axes:
        steps.append(apart - gone)
        gone = size * apart
    return tuple(steps)
