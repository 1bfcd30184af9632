"""STRIDED_SLICE: elements of each axis, some steps apart, forwards or backwards.

tflite-micro knows no ellipsis, no new axes and at most four axes; LiteRT's reference kernel is the oracle of those.
"""

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar, Final

import numpy as np

from depthwise.codegen.errors import ModelError, UnsupportedError
from depthwise.codegen.flatbuffer.writing import int32
from depthwise.codegen.graph import Array, Graph, Node

from .mover import mover
from .parts import channels, reading, shapes, writing


@dataclass(frozen=True, slots=True)
class StridedSlice:
    """Reads a tensor (· begin · end · strides, constants); writes begin, begin + stride, … of each axis before end.

    Bit i of a mask is of entry i: where it is set in `begin_mask` or `end_mask`, the axis is taken from its first or
    to its last element; in `ellipsis_mask`, as many axes as are left are taken whole; in `new_axis_mask`, an axis of
    one element is put there; in `shrink_axis_mask`, one element is taken and the axis goes.

    Limits: no `offset`.
    """

    kind: ClassVar[str] = "STRIDED_SLICE"
    begin: tuple[int, ...]
    end: tuple[int, ...]
    strides: tuple[int, ...]
    begin_mask: int
    end_mask: int
    _: KW_ONLY
    shrink_axis_mask: int
    ellipsis_mask: int = 0
    new_axis_mask: int = 0


def _read(op: reading.RawOperator) -> StridedSlice:
    op.need(4, 4)
    begin, end, strides = (reading.integers(op, n) for n in (1, 2, 3))
    masks = [op.options.scalar(n, "i") for n in (0, 1, 4, 2, 3)]
    rank = len(op.inputs[0].shape)
    if not len(begin) == len(end) == len(strides) or 0 in strides or len(begin) > rank + masks[4].bit_count() + 1:
        raise ModelError(f"{op.what} takes {begin[:9]} to {end[:9]} by steps {strides[:9]} of {rank} axes")
    if op.options.scalar(5, "b"):
        raise UnsupportedError(f"{op.what} counts ends from its begins", "convert the model again without offset")
    if masks[3].bit_count() > 1:
        raise ModelError(f"{op.what} has {masks[3].bit_count()} ellipses, it may have 1")
    shrink, ellipsis, new = masks[2:]
    return StridedSlice(
        begin, end, strides, *masks[:2], shrink_axis_mask=shrink, ellipsis_mask=ellipsis, new_axis_mask=new
    )


def _indices(op: StridedSlice) -> list[Any]:
    """What numpy calls the entries."""
    found: list[Any] = []
    for i, (begin, end, stride) in enumerate(zip(op.begin, op.end, op.strides, strict=True)):
        bit = 1 << i
        if op.ellipsis_mask & bit:
            found.append(Ellipsis)
        elif op.new_axis_mask & bit:
            found.append(None)
        elif op.shrink_axis_mask & bit:
            found.append((0 if stride > 0 else -1) if op.begin_mask & bit else begin)
        else:
            start, stop = None if op.begin_mask & bit else begin, None if op.end_mask & bit else end
            found.append(slice(start, stop, stride))
    return found


def _op(node: Node) -> StridedSlice:
    assert isinstance(node.op, StridedSlice)
    return node.op


def _write(graph: Graph, node: Node) -> writing.Coded:
    op = _op(node)
    masks = (op.begin_mask, op.end_mask, op.ellipsis_mask, op.new_axis_mask, op.shrink_axis_mask)
    return writing.coded(graph, node, 32, {i: int32(mask) for i, mask in enumerate(masks)})


def _check(graph: Graph, node: Node) -> None:
    shape = graph.inputs_of(node)[0].shape
    try:
        left = shapes.sliced(shape, tuple(_indices(_op(node))))
    except IndexError as error:
        raise ModelError(f"{node} takes what shape {shape} does not have: {error}") from None
    shapes.same(node, "output shape", graph.output_of(node).shape, left)


def _move(op: StridedSlice, arrays: Sequence[Array], _out: tuple[int, ...], _fill: Any) -> Array:
    return np.asarray(arrays[0][tuple(_indices(op))])


def _channels(graph: Graph, node: Node) -> channels.ChannelAccess:
    """Channels stay what they are where the entries do not reach them, or take them all."""
    indices, rank = _indices(_op(node)), len(graph.inputs_of(node)[0].shape)
    taken = [i for i in indices if i is not None]
    if Ellipsis in taken:
        whole = taken[-1] is Ellipsis or taken[-1] == slice(None, None, 1)
    else:
        whole = len(taken) < rank or taken[-1] == slice(None, None, 1)
    ends = bool(graph.output_of(node).shape) and indices[-1] is not None
    return channels.Alike() if whole and ends else channels.Mixed()


OPERATOR: Final = mover(
    StridedSlice,
    move=_move,
    read=_read,
    write=_write,
    check=_check,
    channels=_channels,
)
