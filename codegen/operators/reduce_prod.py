"""REDUCE_PROD of int32 sizes, which converters leave behind; tflite-micro has no other."""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from depthwise.codegen.flatbuffer.writing import Scalar

from .operator import Operator, Storage
from .parts import channels, facts, index_arithmetic, intervals, reduction, rows
from .parts.activation import Activation
from .parts.computing import as_quantized
from .parts.quantization import OutputScale, unchecked


@dataclass(frozen=True, slots=True)
class ReduceProd:
    """Reads int32 sizes (· axes, a constant); writes their product along `axes`. It is folded.

    Limits: folded before code is made.
    """

    kind: ClassVar[str] = "REDUCE_PROD"
    axes: tuple[int, ...]


COMPUTE: Final = reduction.folded(np.prod)
OPERATOR: Final = Operator(
    operation=ReduceProd,
    activations=facts.every,
    activation=Activation.NONE,
    read=reduction.read(ReduceProd),
    write=index_arithmetic.write(
        reduction.OPTIONS,
        lambda graph, node: {0: Scalar("B", len(graph.output_of(node).shape) == len(graph.inputs_of(node)[0].shape))},
    ),
    check=index_arithmetic.check(reduction.check),
    check_quantization=unchecked,
    compute=COMPUTE,
    compute_real=as_quantized(COMPUTE),
    keeps_cases=facts.never,
    output_quantization=OutputScale.NONE,
    interval=intervals.no_int8,
    macs=facts.no_macs,
    weights=None,
    rows=rows.whole,
    storage=Storage.OWN,
    window=None,
    channels=channels.mixed,
    unary_elementwise=False,
    is_identity=facts.never,
    passes_scales=facts.never,
)
