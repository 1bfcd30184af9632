"""STRIDED_SLICE of an int32 vector; folded."""

from dataclasses import dataclass
from typing import ClassVar, Final

from depthwise.codegen.arithmetic.fixedpoint import Mode
from depthwise.codegen.errors import ModelError, UnsupportedError
from depthwise.codegen.flatbuffer.writing import Field, int32
from depthwise.codegen.graph import Array, Graph, Node

from .operator import Operator, Storage
from .parts import channels, facts, index_arithmetic, intervals, reading, rows, shapes
from .parts.activation import Activation
from .parts.computing import Operands, as_quantized
from .parts.quantization import OutputScale, unchecked


@dataclass(frozen=True, slots=True)
class StridedSlice:
    """Reads int32 vector · begin · end · strides; writes one element or a vector. Folded, as `Shape`."""

    kind: ClassVar[str] = "STRIDED_SLICE"
    begin_mask: int
    end_mask: int
    shrink_axis_mask: int


def _read(op: reading.RawOperator) -> StridedSlice:
    op.need(4, 4)
    if op.options.scalar(2, "i") or op.options.scalar(3, "i") or len(op.inputs[0].shape) != 1:
        raise UnsupportedError(f"{op.what} is done for a vector only, without ellipsis and new axes")
    operands = [reading.integers(op, n) for n in (1, 2, 3)]
    if any(len(values) != 1 for values in operands) or operands[2] == (0,):
        raise UnsupportedError(f"{op.what} is done with one begin, end and stride, the stride not 0")
    sliced = StridedSlice(*(op.options.scalar(n, "i") for n in (0, 1, 4)))
    length, (begin,) = op.inputs[0].shape[0], operands[0]
    if sliced.shrink_axis_mask & 1 and not -length <= begin < length:
        raise ModelError(f"{op.what} takes element {begin} of a vector of {length}")
    return sliced


def _slice(node: Node) -> StridedSlice:
    assert isinstance(node.op, StridedSlice)
    return node.op


def _fields(_graph: Graph, node: Node) -> dict[int, Field]:
    op = _slice(node)
    return {0: int32(op.begin_mask), 1: int32(op.end_mask), 4: int32(op.shrink_axis_mask)}


def _check(graph: Graph, node: Node) -> None:
    shapes.constants(node, graph.inputs_of(node)[1:])
    mask, shape = _slice(node).shrink_axis_mask, graph.output_of(node).shape
    if bool(mask & 1) != (shape == ()):
        raise ModelError(f"{node} writes shape {shape}, its mask {mask} says otherwise")


def _compute(_graph: Graph, node: Node, operands: Operands, _mode: Mode) -> Array:
    op, vector = _slice(node), operands[0]
    begin, end, stride = (int(operands[i].ravel()[0]) for i in (1, 2, 3))
    if op.shrink_axis_mask & 1:
        return vector[begin]  # type: ignore[no-any-return]
    return vector[None if op.begin_mask & 1 else begin : None if op.end_mask & 1 else end : stride]


OPERATOR: Final = Operator(
    operation=StridedSlice,
    activations=facts.one,
    activation=Activation.NONE,
    read=_read,
    write=index_arithmetic.write(32, _fields),
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
