"""PADV2: a value around a tensor."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np

from depthwise.codegen.errors import ModelError, UnsupportedError
from depthwise.codegen.graph import Array, DType, Graph, Node

from .mover import mover
from .parts import padding, reading, writing


@dataclass(frozen=True, slots=True)
class PadV2:
    """Reads a tensor (· paddings · value, constants); writes it with `amounts` of the value around, for each axis.

    Limits: one value, in the output's quantization.
    """

    kind: ClassVar[str] = "PADV2"
    amounts: padding.Amounts
    value: float


def _read(op: reading.RawOperator) -> PadV2:
    op.need(3, 3)
    value = op.inputs[2]
    if value.data is None or value.elements != 1:
        raise UnsupportedError(f"{op.what} pads a value of shape {value.shape}", "pad one constant")
    if value.dtype is not op.output.dtype:
        raise ModelError(f"{op.what} pads {op.output.dtype.value} with a value of {value.dtype.value}")
    if value.dtype is DType.INT8 and value.quantization != op.output.quantization:
        raise UnsupportedError(
            f"{op.what} pads a value of {value.quantization} into {op.output.quantization}", "they must be equal"
        )
    return PadV2(padding.read_amounts(op), float(value.data.ravel()[0]))


def _value(_graph: Graph, node: Node) -> float:
    assert isinstance(node.op, PadV2)
    return node.op.value


def _fill(graph: Graph, node: Node) -> int:
    return int(_value(graph, node))


def _move(op: PadV2, arrays: Sequence[Array], _out: tuple[int, ...], fill: Any) -> Array:
    return np.pad(arrays[0], op.amounts, constant_values=fill)


OPERATOR: Final = mover(
    PadV2,
    move=_move,
    read=_read,
    write=writing.without_fields(43),
    check=padding.check,
    fill=_fill,
    real_fill=_value,
    channels=padding.alike,
    is_identity=padding.is_identity,
    keeps_cases=padding.keeps_cases,
)
