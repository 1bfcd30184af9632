"""An operator each of whose elements is a function of one element that it reads: its room says which one."""

from collections.abc import Callable
from typing import TypeVar

from depthwise.codegen.graph import Operation

from .operator import Operator, Storage
from .parts import channels, facts, intervals, rows, shapes
from .parts.activation import Activation
from .parts.computing import Compute, ComputeReal
from .parts.quantization import OutputRule
from .parts.reading import RawOperator
from .parts.shapes import Check
from .parts.writing import Write

Op = TypeVar("Op", bound=Operation)


def unary(
    operation: type[Op],
    *,
    activation: Activation,
    read: Callable[[RawOperator], Op],
    write: Write,
    check_quantization: Check,
    compute: Compute,
    of_int8: Compute,
    compute_real: ComputeReal,
    output_quantization: OutputRule,
) -> Operator[Op]:
    """The room of a function of single elements; `of_int8` is its arithmetic where int8 is read and written."""
    return Operator(
        operation=operation,
        activations=facts.one,
        activation=activation,
        read=read,
        write=write,
        check=shapes.check_same_shape,
        check_quantization=check_quantization,
        compute=compute,
        compute_real=compute_real,
        keeps_cases=facts.always,
        output_quantization=output_quantization,
        interval=intervals.elementwise(of_int8),
        macs=facts.no_macs,
        weights=None,
        rows=rows.same_row,
        storage=Storage.OVERWRITES,
        window=None,
        channels=channels.alike,
        unary_elementwise=True,
        is_identity=facts.never,
        passes_scales=facts.never,
    )
