"""ADD: the sum of two tensors."""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from .joiner import joiner
from .parts import binary, joining, two_scales
from .parts.activation import Activation
from .parts.quantization import OutputScale


@dataclass(frozen=True, slots=True)
class Add:
    """Reads two tensors whose shapes broadcast, one of which may be a constant; writes their sum.

    Limits: 6 axes at most.
    """

    kind: ClassVar[str] = "ADD"
    activation: Activation


add_parameters: Final = two_scales.parameters_by(two_scales.in_double)
JOIN: Final = two_scales.join(add_parameters, 1)
OPERATOR: Final = joiner(
    Add,
    read=binary.read(Add),
    write=binary.write(11),
    check_quantization=two_scales.check_scales(two_scales.in_double),
    join=JOIN,
    join_numbers=np.add,
    output_quantization=OutputScale.CALIBRATED,
    interval=joining.interval(
        JOIN, joining.RISING, two_scales.clamp_of(add_parameters), two_scales.stays_in_int32(add_parameters)
    ),
)
