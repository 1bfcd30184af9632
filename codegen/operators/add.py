"""ADD: the sum of two tensors."""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from .joiner import joiner
from .parts import binary, joining, sums
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
OPERATOR: Final = joiner(
    Add,
    read=binary.read(Add),
    write=binary.write(11),
    check_quantization=sums.check_scales(sums.in_double),
    join=JOIN,
    join_numbers=np.add,
    output_quantization=OutputScale.CALIBRATED,
    interval=joining.interval(JOIN, joining.RISING, sums.clamp_of(add_parameters), sums.stays_in_int32(add_parameters)),
)
