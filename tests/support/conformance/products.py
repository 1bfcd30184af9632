"""Random products: BATCH_MATMUL, FULLY_CONNECTED of any rank, grouped CONV_2D, TRANSPOSE_CONV."""

from typing import Final

import numpy as np

from depthwise.codegen.operators import BatchMatmul, FullyConnected
from tests.support.conformance.arithmetic import quantization, rescaled
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


def _operand(b: Builder, batches: tuple[int, ...], matrix: tuple[int, int], *, computed: bool) -> int:
    """Matrices, of which some axes are broadcast, of as many axes as are left of the front."""
    fewer = tuple(n if b.rng.random() < 0.7 else 1 for n in batches)[int(b.rng.integers(len(batches) + 1)) :]
    if computed:
        return rescaled(b, b.input(1, *fewer[1:], *matrix))
    return b.constant(b.rng.integers(-128, 128, (*fewer, *matrix)).astype(np.int8), quantization(b))


def _matrices(b: Builder) -> int:
    batches = (1, *_sizes(b, int(b.rng.integers(0, 3)), 4))
    rows, depth, columns = _sizes(b, 3, 9)
    flags = bool(b.rng.integers(2)), bool(b.rng.integers(2))
    which = b.rng.random()
    one = _operand(b, batches, (depth, rows) if flags[0] else (rows, depth), computed=which < 0.8)
    other = _operand(b, batches, (columns, depth) if flags[1] else (depth, columns), computed=not 0.6 < which < 0.8)
    shape = (*np.broadcast_shapes(b.shape(one)[:-2], b.shape(other)[:-2]), rows, columns)
    natural = float(b.quantization(one).scale * b.quantization(other).scale * 60 * np.sqrt(depth))
    natural *= float(b.rng.choice(SPREADS))
    out = quantization(b, natural / 2, natural * 2)
    return b.node(BatchMatmul(*flags), (one, other), b.tensor(shape, out))


CASES: Final = {
    "BATCH_MATMUL": Case(_matrices),
    "FULLY_CONNECTED": Case(_dense),
    "CONV_2D groups": Case(_groups),
    "TRANSPOSE_CONV": Case(_transpose_conv),
}
