"""PAD: zero points around a tensor."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final

import numpy as np

from depthwise.codegen.graph import Array, Graph, Node, Pads

from .mover import mover
from .parts import padding, reading, writing
from .parts.rows import RowAccess, ShiftedRow


@dataclass(frozen=True, slots=True)
class Pad:
    """Reads a tensor (· paddings, a constant); writes it with `amounts` of zero points around, for each axis."""

    kind: ClassVar[str] = "PAD"
    amounts: padding.Amounts

    @property
    def image_pads(self) -> Pads | None:
        """The same around an image [N,H,W,C], if nothing but its height and width is padded."""
        if len(self.amounts) != 4 or any(self.amounts[0]) or any(self.amounts[3]):
            return None
        return Pads(*self.amounts[1], *self.amounts[2])


def _read(op: reading.RawOperator) -> Pad:
    op.need(2, 2)
    return Pad(padding.read_amounts(op))


def _move(op: Pad, arrays: Sequence[Array], _out: tuple[int, ...], fill: Any) -> Array:
    return np.pad(arrays[0], op.amounts, constant_values=fill)


def _rows(graph: Graph, node: Node) -> RowAccess:
    assert isinstance(node.op, Pad)
    pads, image = node.op.image_pads, graph.inputs_of(node)[0]
    return ShiftedRow(pads.top) if pads is not None and image.shape[0] == 1 else MOVES.rows(graph, node)


def _keeps_scales(graph: Graph, node: Node) -> bool:
    return not any(padding.amounts_of(node)[-1]) and graph.output_of(node).shape[-1] > 0


MOVES: Final = mover(
    Pad,
    move=_move,
    read=_read,
    write=writing.without_fields(22),
    check=padding.check,
    channels=padding.alike,
    is_identity=padding.is_identity,
    keeps_cases=padding.keeps_cases,
    passes_scales=_keeps_scales,
)
OPERATOR: Final = replace(MOVES, rows=_rows)
