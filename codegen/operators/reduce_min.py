"""REDUCE_MIN: the smallest value along axes."""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from .parts import facts, intervals, reduction
from .parts.computing import as_quantized
from .parts.quantization import OutputScale, kept
from .reducer import reducer


@dataclass(frozen=True, slots=True)
class ReduceMin:
    """Reads a tensor (· axes, a constant); writes the smallest values along `axes`, which go or stay with size 1.

    Limits: 6 axes at most.
    """

    kind: ClassVar[str] = "REDUCE_MIN"
    axes: tuple[int, ...]


COMPUTE: Final = reduction.folded(np.min)
OPERATOR: Final = reducer(
    ReduceMin,
    check_quantization=kept,
    compute=COMPUTE,
    compute_real=as_quantized(COMPUTE),
    output_quantization=OutputScale.KEPT,
    interval=intervals.rising(COMPUTE),
    passes_scales=facts.never,
)
