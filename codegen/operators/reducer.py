"""An operator that folds a tensor along axes: its room says into what."""

from typing import TypeVar

from .operator import Fact, Operator, Storage
from .parts import facts, reduction
from .parts.activation import Activation
from .parts.computing import Compute, ComputeReal
from .parts.intervals import IntervalRule
from .parts.quantization import OutputRule, int8
from .parts.shapes import Check

Op = TypeVar("Op", bound=reduction.Reducing)


def reducer(
    operation: type[Op],
    *,
    check_quantization: Check,
    compute: Compute,
    compute_real: ComputeReal,
    output_quantization: OutputRule,
    interval: IntervalRule,
    passes_scales: Fact,
) -> Operator[Op]:
    """The room of an operator that writes one value for all that lie along its axes."""
    return Operator(
        operation=operation,
        activations=facts.one,
        activation=Activation.NONE,
        read=reduction.read(operation),
        write=reduction.write,
        check=reduction.check,
        check_quantization=int8(check_quantization),
        compute=compute,
        compute_real=compute_real,
        keeps_cases=reduction.keeps_cases,
        output_quantization=output_quantization,
        interval=interval,
        macs=facts.no_macs,
        weights=None,
        rows=reduction.rows,
        storage=Storage.OWN,
        window=None,
        channels=reduction.channels,
        unary_elementwise=False,
        is_identity=facts.never,
        passes_scales=passes_scales,
    )
