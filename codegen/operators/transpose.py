"""TRANSPOSE: the same elements with axes in another order."""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Mode
from depthwise.codegen.errors import ModelError, UnsupportedError
from depthwise.codegen.graph import Array, Graph, Node

from .operator import Operator, Storage
from .parts import channels, facts, intervals, reading, rows, shapes, writing
from .parts.activation import Activation
from .parts.computing import Operands, as_quantized
from .parts.quantization import OutputScale, int8, kept


@dataclass(frozen=True, slots=True)
class Transpose:
    """Reads a tensor of rank 5 or less (· permutation, a constant); output axis i is input axis permutation[i].

    The batch stays in front.
    """

    kind: ClassVar[str] = "TRANSPOSE"
    permutation: tuple[int, ...]


def _read(op: reading.RawOperator) -> Transpose:
    op.need(2, 2)
    permutation, rank = reading.integers(op, 1), len(op.inputs[0].shape)
    if not all(-rank <= axis < rank for axis in permutation):
        raise ModelError(f"{op.what} permutes axes {permutation} of shape {op.inputs[0].shape}")
    return Transpose(tuple(axis % rank for axis in permutation))


def _permutation(node: Node) -> tuple[int, ...]:
    assert isinstance(node.op, Transpose)
    return node.op.permutation


def _check(graph: Graph, node: Node) -> None:
    permutation, image = _permutation(node), graph.inputs_of(node)[0]
    if sorted(permutation) != list(range(len(image.shape))):
        raise ModelError(f"{node} permutes axes {permutation} of shape {image.shape}")
    if permutation[:1] != (0,) or len(permutation) > 5:
        raise UnsupportedError(f"{node} permutes axes {permutation}", "the batch must stay in front, rank at most 5")
    turned = tuple(image.shape[axis] for axis in permutation)
    shapes.same(node, "output shape", graph.output_of(node).shape, turned)


def _compute(_graph: Graph, node: Node, operands: Operands, _mode: Mode) -> Array:
    return np.ascontiguousarray(operands[0].transpose(_permutation(node)))


def _keeps_cases(_graph: Graph, node: Node) -> bool:
    return _permutation(node)[:1] == (0,)


def _is_identity(_graph: Graph, node: Node) -> bool:
    return _permutation(node) == tuple(sorted(_permutation(node)))


OPERATOR: Final = Operator(
    operation=Transpose,
    activations=facts.one,
    activation=Activation.NONE,
    read=_read,
    write=writing.without_fields(26),
    check=_check,
    check_quantization=int8(kept),
    compute=_compute,
    compute_real=as_quantized(_compute),
    keeps_cases=_keeps_cases,
    output_quantization=OutputScale.KEPT,
    interval=intervals.rising(_compute),
    macs=facts.no_macs,
    weights=None,
    rows=rows.whole,
    storage=Storage.OWN,
    window=None,
    channels=channels.mixed,
    unary_elementwise=False,
    is_identity=_is_identity,
    passes_scales=facts.never,
)
