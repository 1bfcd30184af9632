"""Cases of scores in 16 bits: SOFTMAX that writes int16, and QUANTIZE to int32 behind it."""

from typing import Final

import numpy as np

from depthwise.codegen.graph import DType, Quantization
from depthwise.codegen.operators import Quantize, Softmax
from tests.support.conformance.case import Case
from tests.support.network_builder import Builder


def _softmax(build: Builder) -> int:
    rng = build.rng
    vectors, count = (int(rng.integers(1, most)) for most in (4, 40))
    shape = (1, count) if rng.integers(2) else (1, vectors, count)
    x = build.input(*shape)
    scale = Quantization((float(np.float32(rng.choice([1 / 65536, 1 / 65535]))),), (-32768,))
    scores = build.node(Softmax(float(rng.choice([0.5, 1.0]))), (x,), build.tensor(shape, scale, DType.INT16))
    if rng.integers(2):
        return scores
    twice = Quantization((scale.scale * float(rng.choice([1, 2])),), (int(rng.choice([0, -7])),))
    return build.node(Quantize(), (scores,), build.tensor(shape, twice, DType.INT32))


CASES: Final[dict[str, Case]] = {"SOFTMAX int16": Case(_softmax)}
