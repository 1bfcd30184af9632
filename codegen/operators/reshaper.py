"""An operator that changes the shape alone: its room says how it is read and written, the rest follows."""

from collections.abc import Callable
from typing import TypeVar

from depthwise.codegen.graph import Operation

from .operator import Operator, Storage
from .parts import facts, intervals, reshaping
from .parts.activation import Activation
from .parts.computing import as_quantized
from .parts.moved import check_moved
from .parts.quantization import OutputScale
from .parts.reading import RawOperator
from .parts.shapes import Check
from .parts.writing import Write

Op = TypeVar("Op", bound=Operation)


def reshaper(operation: type[Op], *, read: Callable[[RawOperator], Op], write: Write, check: Check) -> Operator[Op]:
    """The room of an operator whose output is its input's memory."""
    return Operator(
        operation=operation,
        activations=facts.one,
        activation=Activation.NONE,
        read=read,
        write=write,
        check=check,
        check_quantization=check_moved(facts.one),
        compute=reshaping.compute,
        compute_real=as_quantized(reshaping.compute),
        keeps_cases=facts.always,
        output_quantization=OutputScale.KEPT,
        interval=intervals.rising(reshaping.compute),
        macs=facts.no_macs,
        weights=None,
        rows=reshaping.rows,
        storage=Storage.IS_INPUT,
        window=None,
        channels=reshaping.access,
        unary_elementwise=False,
        is_identity=facts.always,
        passes_scales=reshaping.passes_scales,
    )
