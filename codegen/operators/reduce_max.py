"""REDUCE_MAX: the largest value along axes."""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from .operator import Operator, Storage
from .parts import facts, intervals, reduction
from .parts.activation import Activation
from .parts.computing import as_quantized
from .parts.quantization import OutputScale, int8, kept


@dataclass(frozen=True, slots=True)
class ReduceMax:
    """Reads a tensor (· axes, a constant); writes the largest values along `axes`, which go or stay with size 1.

    Limits: 6 axes at most.
    """

    kind: ClassVar[str] = "REDUCE_MAX"
    axes: tuple[int, ...]


COMPUTE: Final = reduction.folded(np.max)
OPERATOR: Final = Operator(
    operation=ReduceMax,
    activations=facts.one,
    activation=Activation.NONE,
    read=reduction.read(ReduceMax),
    write=reduction.write,
    check=reduction.check,
    check_quantization=int8(kept),
    compute=COMPUTE,
    compute_real=as_quantized(COMPUTE),
    keeps_cases=reduction.keeps_cases,
    output_quantization=OutputScale.KEPT,
    interval=intervals.rising(COMPUTE),
    macs=facts.no_macs,
    weights=None,
    rows=reduction.rows,
    storage=Storage.OWN,
    window=None,
    channels=reduction.channels,
    unary_elementwise=False,
    is_identity=facts.never,
    passes_scales=facts.never,
)
