"""SUB: the difference of two tensors, whose scales tflite-micro divides in float32."""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from .joiner import joiner
from .parts import binary, joining, two_scales
from .parts.activation import Activation
from .parts.quantization import OutputScale


@dataclass(frozen=True, slots=True)
class Sub:
    """Reads two tensors whose shapes broadcast, one of which may be a constant; writes the first less the second.

    Limits: 6 axes at most.
    """

    kind: ClassVar[str] = "SUB"
    activation: Activation


sub_parameters: Final = two_scales.parameters_by(two_scales.in_single)
JOIN: Final = two_scales.join(sub_parameters, -1)
OPERATOR: Final = joiner(
    Sub,
    read=binary.read(Sub),
    write=binary.write(28),
    check_quantization=two_scales.check_scales(two_scales.in_single),
    join=JOIN,
    join_numbers=np.subtract,
    output_quantization=OutputScale.CALIBRATED,
    interval=joining.interval(
        JOIN, joining.RISING_AND_FALLING, two_scales.clamp_of(sub_parameters), two_scales.stays_in_int32(sub_parameters)
    ),
)
