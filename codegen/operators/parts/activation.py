"""Activations fused into operators: a clamp of what they write."""

import math
from collections.abc import Mapping
from dataclasses import Field
from enum import Enum
from typing import Any, ClassVar, Final, Protocol, TypeGuard

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.graph import Quantization

Range = tuple[int, int]


class Activation(Enum):
    """Activation fused into an operator: a clamp of its output (`ActivationFunctionType` of the schema)."""

    NONE = "NONE"
    RELU = "RELU"
    RELU_N1_TO_1 = "RELU_N1_TO_1"
    RELU6 = "RELU6"


class Activated(Protocol):
    """An operation that an activation can be fused into."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]
    kind: ClassVar[str]

    @property
    def activation(self) -> Activation:
        """The activation that is."""


def is_activated(op: object) -> TypeGuard[Activated]:
    """Whether an activation can be fused into an operation; asked too often for the slow `isinstance` of protocols."""
    return hasattr(op, "activation")


REAL_ENDS: Final[Mapping[Activation, tuple[float, float]]] = {
    Activation.NONE: (-math.inf, math.inf),
    Activation.RELU: (0.0, math.inf),
    Activation.RELU6: (0.0, 6.0),
    Activation.RELU_N1_TO_1: (-1.0, 1.0),
}


def clamped(values: NDArray[np.float64], activation: Activation) -> NDArray[np.float64]:
    """Real values within an activation's ends."""
    return values if activation is Activation.NONE else np.clip(values, *REAL_ENDS[activation])


def activation_range(activation: Activation, output: Quantization) -> Range:
    """Clamp of an int8 output: CalculateActivationRangeQuantized (scale in float32, halves away from zero)."""

    def level(real: float) -> int:
        steps = np.float32(real) / np.float32(output.scale)
        return output.zero_point + int(math.copysign(math.floor(abs(float(steps)) + 0.5), steps))

    match activation:
        case Activation.NONE:
            low, high = -128, 127
        case Activation.RELU:
            low, high = level(0.0), 127
        case Activation.RELU6:
            low, high = level(0.0), level(6.0)
        case Activation.RELU_N1_TO_1:
            low, high = level(-1.0), level(1.0)
    return max(-128, low), min(127, high)
