"""ARG_MAX: where along an axis the largest value lies, the first of several.

Source: tflite-micro, `kernels/internal/reference/arg_min_max.h`.
"""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Mode
from depthwise.codegen.errors import ModelError
from depthwise.codegen.flatbuffer.writing import Scalar
from depthwise.codegen.graph import Array, DType, Graph, Node

from .operator import Operator, Storage
from .parts import channels, facts, intervals, quantization, reading, rows, shapes, writing
from .parts.activation import Activation
from .parts.computing import Operands, as_quantized
from .parts.quantization import OutputScale

INT32: Final = 2  # TensorType of the schema


@dataclass(frozen=True, slots=True)
class ArgMax:
    """Reads a tensor (· axis, a constant); writes int32 indices in the shape without that axis."""

    kind: ClassVar[str] = "ARG_MAX"
    axis: int


def _read(op: reading.RawOperator) -> ArgMax:
    op.need(2, 2)
    axes, rank = reading.integers(op, 1), len(op.inputs[0].shape)
    if len(axes) != 1 or not -rank <= axes[0] < rank:
        raise ModelError(f"{op.what} is taken over axes {axes} of shape {op.inputs[0].shape}, it must be one of them")
    return ArgMax(axes[0] % rank)


def _write(_graph: Graph, _node: Node) -> writing.Coded:
    return writing.coded(_graph, _node, 40, {0: Scalar("b", INT32)})


def axis_of(node: Node) -> int:
    """The axis of a node."""
    assert isinstance(node.op, ArgMax)
    return node.op.axis


def _check(graph: Graph, node: Node) -> None:
    image, axis = graph.inputs_of(node)[0], axis_of(node)
    shapes.same(node, "output shape", graph.output_of(node).shape, image.shape[:axis] + image.shape[axis + 1 :])


def _check_quantization(graph: Graph, node: Node) -> None:
    image, out = graph.inputs_of(node)[0], graph.output_of(node)
    if out.dtype is not DType.INT32:
        raise ModelError(f"{node} writes {out.dtype.value} indices, they must be int32")
    if image.dtype is not DType.FLOAT32:
        quantization.activation(node, image)


def _compute(_graph: Graph, node: Node, operands: Operands, _mode: Mode) -> Array:
    return np.asarray(operands[0].argmax(axis=axis_of(node))).astype(np.int32)


def _keeps_cases(_graph: Graph, node: Node) -> bool:
    return axis_of(node) != 0


OPERATOR: Final = Operator(
    operation=ArgMax,
    activations=facts.one,
    activation=Activation.NONE,
    read=_read,
    write=_write,
    check=_check,
    check_quantization=_check_quantization,
    compute=_compute,
    compute_real=as_quantized(_compute),
    keeps_cases=_keeps_cases,
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
