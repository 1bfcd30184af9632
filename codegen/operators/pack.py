"""PACK of int32 scalars to a vector; folded."""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Mode
from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.flatbuffer.writing import Field, int32
from depthwise.codegen.graph import Array, DType, Graph, Node

from .operator import Operator, Storage
from .parts import channels, facts, index_arithmetic, intervals, reading, rows, shapes
from .parts.activation import Activation
from .parts.computing import Operands, as_quantized
from .parts.quantization import OutputScale, unchecked


@dataclass(frozen=True, slots=True)
class Pack:
    """Reads int32 scalars; writes them as one vector. Folded, as `Shape`."""

    kind: ClassVar[str] = "PACK"
    axis: int


def _read(op: reading.RawOperator) -> Pack:
    op.need(1, 64)
    scalars = all(not t.shape and t.dtype is DType.INT32 for t in op.inputs)
    if not scalars or op.options.scalar(1, "i"):
        raise UnsupportedError(f"{op.what} is done for int32 scalars along axis 0 only")
    return Pack(0)


def _fields(_graph: Graph, node: Node) -> dict[int, Field]:
    assert isinstance(node.op, Pack)
    return {0: int32(len(node.inputs)), 1: int32(node.op.axis)}


def _check(graph: Graph, node: Node) -> None:
    shapes.same(node, "elements", graph.output_of(node).elements, len(node.inputs))


def _compute(_graph: Graph, _node: Node, operands: Operands, _mode: Mode) -> Array:
    return np.array([operands[i] for i in range(len(operands))], np.int32)


OPERATOR: Final = Operator(
    operation=Pack,
    activations=facts.every,
    activation=Activation.NONE,
    read=_read,
    write=index_arithmetic.write(59, _fields),
    check=index_arithmetic.check(_check),
    check_quantization=unchecked,
    compute=_compute,
    compute_real=as_quantized(_compute),
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
