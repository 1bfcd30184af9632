"""MINIMUM: the smaller of two values. tflite-micro compares int8 values as they are (`maximum_minimum.cc`)."""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from .joiner import joiner
from .parts import extremes, facts, joining, reading, writing
from .parts.quantization import OutputScale, unchecked


@dataclass(frozen=True, slots=True)
class Minimum:
    """Reads two tensors whose shapes broadcast; writes the smaller element of each pair.

    Limits: 6 axes at most; int8 values are compared as they are, whatever their scales, as tflite-micro does.
    """

    kind: ClassVar[str] = "MINIMUM"


JOIN: Final = extremes.join(np.minimum)
OPERATOR: Final = joiner(
    Minimum,
    read=reading.without_options(Minimum, 2, 2),
    write=writing.without_fields(39),
    check_quantization=unchecked,
    join=JOIN,
    join_numbers=np.minimum,
    output_quantization=OutputScale.JOINED,
    interval=joining.interval(JOIN, joining.RISING, extremes.clamp, facts.always),
)
