"""REDUCE_MAX: the largest value along axes."""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from .parts import facts, intervals, reduction
from .parts.computing import as_quantized
from .parts.quantization import OutputScale, kept
from .reducer import reducer


@dataclass(frozen=True, slots=True)
class ReduceMax:
    """Reads a tensor (· axes, a constant); writes the largest values along `axes`, which go or stay with size 1.

    Limits: 6 axes at most.
    """

    kind: ClassVar[str] = "REDUCE_MAX"
    axes: tuple[int, ...]


COMPUTE: Final = reduction.folded(np.max)
OPERATOR: Final = reducer(
    ReduceMax,
    check_quantization=kept,
    compute=COMPUTE,
    compute_real=as_quantized(COMPUTE),
    output_quantization=OutputScale.KEPT,
    interval=intervals.rising(COMPUTE),
    passes_scales=facts.never,
)
