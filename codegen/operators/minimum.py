"""MINIMUM: the smaller of two values. tflite-micro compares int8 values as they are (`maximum_minimum.cc`)."""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from .operator import Operator, Storage
from .parts import binary, extremes, facts, joining, reading, writing
from .parts.activation import Activation
from .parts.quantization import OutputScale, unchecked


@dataclass(frozen=True, slots=True)
class Minimum:
    """Reads two tensors whose shapes broadcast; writes the smaller element of each pair.

    Limits: 6 axes at most; int8 values are compared as they are, whatever their scales, as tflite-micro does.
    """

    kind: ClassVar[str] = "MINIMUM"


JOIN: Final = extremes.join(np.minimum)
OPERATOR: Final = Operator(
    operation=Minimum,
    activations=facts.either,
    activation=Activation.NONE,
    read=reading.without_options(Minimum, 2, 2),
    write=writing.without_fields(39),
    check=binary.check,
    check_quantization=binary.check_quantization(unchecked),
    compute=joining.compute(JOIN, np.minimum),
    compute_real=joining.compute_real(np.minimum),
    keeps_cases=facts.always,
    output_quantization=OutputScale.JOINED,
    interval=joining.interval(JOIN, joining.RISING, extremes.clamp, facts.always),
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
