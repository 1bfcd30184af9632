"""ADD: the sum of two tensors."""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from .operator import Operator, Storage
from .parts import binary, facts, joining, sums
from .parts.activation import Activation
from .parts.quantization import OutputScale


@dataclass(frozen=True, slots=True)
class Add:
    """Reads two tensors whose shapes broadcast, one of which may be a constant; writes their sum.

    Limits: 6 axes at most.
    """

    kind: ClassVar[str] = "ADD"
    activation: Activation


add_parameters: Final = sums.parameters_by(sums.in_double)
JOIN: Final = sums.join(add_parameters, 1)
OPERATOR: Final = Operator(
    operation=Add,
    activations=facts.either,
    activation=Activation.NONE,
    read=binary.read(Add),
    write=binary.write(11),
    check=binary.check,
    check_quantization=binary.check_quantization(sums.check_scales(sums.in_double)),
    compute=joining.compute(JOIN, np.add),
    compute_real=joining.compute_real(np.add),
    keeps_cases=facts.always,
    output_quantization=OutputScale.CALIBRATED,
    interval=joining.interval(JOIN, joining.RISING, sums.clamp_of(add_parameters), sums.stays_in_int32(add_parameters)),
    macs=facts.no_macs,
    weights=None,
    rows=binary.rows,
    storage=Storage.OVERWRITES,
    window=None,
    channels=binary.channels,
    unary_elementwise=False,
    is_identity=joining.gives_back(JOIN),
    passes_scales=facts.never,
)
