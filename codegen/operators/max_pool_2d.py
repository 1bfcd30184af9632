"""MAX_POOL_2D: the largest value of a window."""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from depthwise.codegen.graph import Pads

from .operator import Operator, Storage
from .parts import channels, facts, intervals, pools
from .parts.activation import Activation
from .parts.quantization import OutputScale, int8, kept
from .parts.windowed import window_rows


@dataclass(frozen=True, slots=True)
class MaxPool2D:
    """Reads image [1,H,W,C]; writes [1,OH,OW,C]: the largest of the taps that are not padding."""

    kind: ClassVar[str] = "MAX_POOL_2D"
    kernel: tuple[int, int]
    stride: tuple[int, int]
    pads: Pads
    activation: Activation


COMPUTE: Final = pools.compute(np.maximum, -128, lambda largest, _taps: largest)
OPERATOR: Final = Operator(
    operation=MaxPool2D,
    activations=facts.one,
    activation=Activation.NONE,
    read=pools.read(MaxPool2D),
    write=pools.write,
    check=pools.check,
    check_quantization=int8(kept),
    compute=COMPUTE,
    compute_real=pools.compute_real(np.maximum, -np.inf, lambda largest, _taps: largest),
    keeps_cases=facts.always,
    output_quantization=OutputScale.KEPT,
    interval=intervals.rising(COMPUTE),
    macs=facts.no_macs,
    weights=None,
    rows=window_rows(pools.window),
    storage=Storage.OWN,
    window=pools.window,
    channels=channels.alike,
    unary_elementwise=False,
    is_identity=pools.is_identity,
    passes_scales=pools.passes_scales,
)
