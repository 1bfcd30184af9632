"""TABLE: any function of one int8 value. Passes make it of several operators in a row; no file has it."""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Int64
from depthwise.codegen.errors import ModelError
from depthwise.codegen.graph import Graph, Node

from .operator import Operator, Storage
from .parts import channels, facts, intervals, reading, rows, shapes, writing
from .parts.activation import Activation
from .parts.computing import refuse_quantized
from .parts.quantization import OutputScale, int8
from .parts.tables import tabled


@dataclass(frozen=True, slots=True)
class Table:
    """Reads a tensor; writes `values`[x + 128], 256 of them."""

    kind: ClassVar[str] = "TABLE"
    values: tuple[int, ...]


def _read(op: reading.RawOperator) -> Table:
    raise ModelError(f"{op.what} is in no file")


def _write(_graph: Graph, node: Node) -> writing.Coded:
    raise ModelError(f"{node} stands for several operators, a .tflite file has no word for it", "write it before")


def _table(_graph: Graph, node: Node) -> Int64:
    assert isinstance(node.op, Table)
    return np.array(node.op.values, np.int64)


COMPUTE: Final = tabled(_table)
OPERATOR: Final = Operator(
    operation=Table,
    activations=facts.one,
    activation=Activation.NONE,
    read=_read,
    write=_write,
    check=shapes.check_same_shape,
    check_quantization=int8(),
    compute=COMPUTE,
    compute_real=refuse_quantized,
    keeps_cases=facts.always,
    output_quantization=OutputScale.NONE,
    interval=intervals.elementwise(COMPUTE),
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
