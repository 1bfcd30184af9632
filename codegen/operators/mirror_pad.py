"""MIRROR_PAD: what lies at an edge, mirrored around it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np

from depthwise.codegen.errors import ModelError
from depthwise.codegen.flatbuffer.writing import Scalar
from depthwise.codegen.graph import Array, Graph, Node

from .mover import mover
from .parts import padding, reading, writing

MODES: Final = ("reflect", "symmetric")  # MirrorPadMode of the schema


@dataclass(frozen=True, slots=True)
class MirrorPad:
    """Reads a tensor (· paddings, a constant); writes it with `amounts` mirrored, edges not doubled to `reflect`."""

    kind: ClassVar[str] = "MIRROR_PAD"
    amounts: padding.Amounts
    reflect: bool


def _read(op: reading.RawOperator) -> MirrorPad:
    op.need(2, 2)
    mode = op.options.scalar(0, "b")
    if not 0 <= mode < len(MODES):
        raise ModelError(f"{op.what} has mode {mode}, only 0 (reflect) and 1 (symmetric) exist")
    made = MirrorPad(padding.read_amounts(op), reflect=mode == 0)
    for n, pair in zip(op.inputs[0].shape, made.amounts, strict=True):
        if max(pair) > n - made.reflect:
            raise ModelError(f"{op.what} mirrors {max(pair)} elements of an axis, it has {n - made.reflect} of them")
    return made


def _write(graph: Graph, node: Node) -> writing.Coded:
    assert isinstance(node.op, MirrorPad)
    return writing.coded(graph, node, 77, {0: Scalar("b", 0 if node.op.reflect else 1)})


def _move(op: MirrorPad, arrays: Sequence[Array], _out: tuple[int, ...], _fill: Any) -> Array:
    return np.pad(arrays[0], op.amounts, mode="reflect" if op.reflect else "symmetric")


OPERATOR: Final = mover(
    MirrorPad,
    move=_move,
    read=_read,
    write=_write,
    check=padding.check,
    channels=padding.alike,
    is_identity=padding.is_identity,
    keeps_cases=padding.keeps_cases,
)
