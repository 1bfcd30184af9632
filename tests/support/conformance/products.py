"""Random FULLY_CONNECTED of any rank and grouped CONV_2D: shapes, vectors, keep_num_dims, scales, activations."""

from typing import Final

from depthwise.codegen.operators import FullyConnected
from tests.support.conformance.case import Case
from tests.support.conformance.convolutions import ACTIVATIONS, SPREADS
from tests.support.network_builder import Builder


def _sizes(b: Builder, count: int, most: int = 7) -> tuple[int, ...]:
    return tuple(int(n) for n in b.rng.integers(1, most, count))


def _dense(b: Builder) -> int:
    rank = int(b.rng.choice([2, 3, 4, 4, 5]))
    x = b.input(1, *_sizes(b, rank - 1))
    *before, last = b.shape(x)
    vector, shape = last, tuple(before)
    if b.rng.random() < 0.3:  # all of it is one vector
        vector, shape = b.tensors[x].elements, (1,)
    outputs = int(b.rng.integers(1, 20))
    weights = b.weights((outputs, vector), 0, bool(b.rng.integers(2)))
    op = FullyConnected(ACTIVATIONS[b.rng.integers(len(ACTIVATIONS))])
    wide = float(SPREADS[b.rng.integers(len(SPREADS))])
    return b.weighted(op, x, weights, (*shape, outputs), vector, bias=bool(b.rng.integers(2)), wide=wide)


def _groups(b: Builder) -> int:
    groups = int(b.rng.choice([2, 3, 4]))
    x = b.input(1, *_sizes(b, 2, 10), groups * int(b.rng.integers(1, 4)))
    height, width = b.size(x)
    return b.conv(
        x,
        groups * int(b.rng.integers(1, 4)),
        (int(b.rng.integers(1, min(4, height) + 1)), int(b.rng.integers(1, min(4, width) + 1))),
        (int(b.rng.integers(1, 3)), int(b.rng.integers(1, 3))),
        same=bool(b.rng.integers(2)),
        activation=ACTIVATIONS[b.rng.integers(len(ACTIVATIONS))],
        per_channel=bool(b.rng.integers(4)),
        bias=bool(b.rng.integers(3)),
        wide=float(SPREADS[b.rng.integers(len(SPREADS))]),
        groups=groups,
    )


def _transpose_conv(b: Builder) -> int:
    x = b.input(1, *_sizes(b, 2, 7), int(b.rng.integers(1, 6)))
    stride = (int(b.rng.integers(1, 4)),) * 2 if b.rng.random() < 0.7 else (1, 2)
    same = bool(b.rng.integers(2))
    return b.transpose_conv(
        x,
        int(b.rng.integers(1, 6)),
        (int(b.rng.integers(1, 6)), int(b.rng.integers(1, 6))),
        stride,
        same=same,
        more=(int(b.rng.integers(0, stride[0])), int(b.rng.integers(0, stride[1]))),
        activation=ACTIVATIONS[b.rng.integers(len(ACTIVATIONS))],
        per_channel=bool(b.rng.integers(4)),
        wide=float(SPREADS[b.rng.integers(len(SPREADS))]),
    )


CASES: Final = {
    "FULLY_CONNECTED": Case(_dense),
    "CONV_2D groups": Case(_groups),
    "TRANSPOSE_CONV": Case(_transpose_conv),
}
