"""DEPTH_TO_SPACE: channels become blocks of pixels."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from depthwise.codegen.graph import Array, Graph, Node

from .mover import mover
from .parts import blocks, facts, shapes


@dataclass(frozen=True, slots=True)
class DepthToSpace:
    """Reads [N,H,W,C]; writes [N, H·block, W·block, C/block²]."""

    kind: ClassVar[str] = "DEPTH_TO_SPACE"
    block: int


def _check(graph: Graph, node: Node) -> None:
    block, (n, height, width, depth) = blocks.block_of(node), graph.inputs_of(node)[0].shape
    wanted = (n, height * block, width * block, depth // block**2)
    shapes.same(node, "output shape", graph.output_of(node).shape, wanted)
    shapes.same(node, "channels", wanted[3] * block**2, depth)


def _move(op: DepthToSpace, arrays: Sequence[Array], _out: tuple[int, ...], _fill: Any) -> Array:
    n, height, width, depth = arrays[0].shape
    b = op.block
    split = arrays[0].reshape(n, height, width, b, b, depth // b**2)
    return split.transpose(0, 1, 3, 2, 4, 5).reshape(n, height * b, width * b, depth // b**2)


OPERATOR: Final = mover(
    DepthToSpace,
    move=_move,
    read=blocks.read(DepthToSpace),
    write=blocks.write(94),
    check=_check,
    keeps_cases=facts.always,
)
