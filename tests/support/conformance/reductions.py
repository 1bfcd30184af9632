"""Random MEAN, SUM, REDUCE_MAX, REDUCE_MIN: ranks, axes (negative and twice too), kept or not, scales, ends."""

from collections.abc import Callable
from typing import Final

import numpy as np

from depthwise.codegen.operators import Mean, Operation, ReduceMax, ReduceMin, Sum
from tests.support.conformance.arithmetic import quantization
from tests.support.conformance.case import Case
from tests.support.network_builder import Builder

Make = Callable[[tuple[int, ...]], Operation]
SPREADS: Final = (1.0, 1.0, 1.0, 0.2, 5.0, 1e-3, 1e3)


def _axes(b: Builder, rank: int) -> tuple[int, ...]:
    """Axes behind the batch, and now and then the batch, which then stays with size 1."""
    chosen = [axis for axis in range(1, rank) if b.rng.random() < 0.5] or [rank - 1]
    return tuple([0, *chosen] if b.rng.random() < 0.1 else chosen)


def _reduced(make: Make, keeps: bool, means: bool = False) -> Case:
    def draw(b: Builder) -> int:
        rank = int(b.rng.choice([2, 3, 4, 4, 4, 5]))
        x = b.input(1, *(int(n) for n in b.rng.integers(1, 9, rank - 1)))
        axes = _axes(b, rank)
        keep = bool(b.rng.integers(2)) or 0 in axes
        shape = tuple(1 if i in axes else n for i, n in enumerate(b.shape(x)) if keep or i not in axes)
        count = b.tensors[x].elements // int(np.prod(shape))
        natural = b.quantization(x).scale * (1 / np.sqrt(count) if means else np.sqrt(count))
        scale = float(natural * b.rng.choice(SPREADS))
        out = b.quantization(x) if keeps else quantization(b, scale / 2, scale * 2)
        named = [axis - rank * int(b.rng.integers(2)) for axis in axes]
        if b.rng.random() < 0.2:
            named.append(named[0])
        given = b.constant(np.array(named, np.int32))
        return b.node(make(axes), (x, given), b.tensor(shape, out))

    return Case(draw)


CASES: Final = {
    "MEAN": _reduced(Mean, keeps=False, means=True),
    "SUM": _reduced(Sum, keeps=False),
    "REDUCE_MAX": _reduced(ReduceMax, keeps=True),
    "REDUCE_MIN": _reduced(ReduceMin, keeps=True),
}
