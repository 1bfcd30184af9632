"""An operator that joins two tensors whose shapes broadcast, element by element: its room says how."""

from collections.abc import Callable
from typing import Any, TypeVar

from depthwise.codegen.graph import Operation

from .operator import Operator, Storage
from .parts import binary, facts, joining
from .parts.activation import Activation
from .parts.intervals import IntervalRule
from .parts.quantization import OutputRule
from .parts.reading import RawOperator
from .parts.shapes import Check
from .parts.writing import Write

Op = TypeVar("Op", bound=Operation)


def joiner(
    operation: type[Op],
    *,
    read: Callable[[RawOperator], Op],
    write: Write,
    check_quantization: Check,
    join: joining.Join,
    join_numbers: Callable[[Any, Any], Any],
    output_quantization: OutputRule,
    interval: IntervalRule,
) -> Operator[Op]:
    """The room of an operator of two tensors, one of which may be a constant.

    `join` is its int8 arithmetic, `join_numbers` that of sizes and of real numbers.
    """
    return Operator(
        operation=operation,
        activations=facts.either,
        activation=Activation.NONE,
        read=read,
        write=write,
        check=binary.check,
        check_quantization=binary.check_quantization(check_quantization),
        compute=joining.compute(join, join_numbers),
        compute_real=joining.compute_real(join_numbers),
        keeps_cases=facts.always,
        output_quantization=output_quantization,
        interval=interval,
        macs=facts.no_macs,
        weights=None,
        rows=binary.rows,
        storage=Storage.OVERWRITES,
        window=None,
        channels=binary.channels,
        unary_elementwise=False,
        is_identity=joining.gives_back(join),
        passes_scales=facts.never,
    )
