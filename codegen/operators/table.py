"""TABLE: any function of one int8 value. Passes make it of several operators in a row; no file has it."""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Int64
from depthwise.codegen.errors import ModelError
from depthwise.codegen.graph import Graph, Node

from .parts import reading, writing
from .parts.activation import Activation
from .parts.computing import refuse_quantized
from .parts.quantization import OutputScale, int8
from .parts.tables import tabled
from .unary import unary


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
OPERATOR: Final = unary(
    Table,
    activation=Activation.NONE,
    read=_read,
    write=_write,
    check_quantization=int8(),
    compute=COMPUTE,
    of_int8=COMPUTE,
    compute_real=refuse_quantized,
    output_quantization=OutputScale.NONE,
)
