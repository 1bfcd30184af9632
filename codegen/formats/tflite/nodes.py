"""Operators of a file become nodes of a graph; all that is not done of them is told at once."""

from collections.abc import Sequence
from typing import Final

from depthwise.codegen.errors import ModelError, UnsupportedError, together
from depthwise.codegen.flatbuffer.reading import empty_table
from depthwise.codegen.graph import Graph, Node, Tensor
from depthwise.codegen.operators.parts.reading import RawOperator
from depthwise.codegen.operators.registry import BY_KIND, MADE
from depthwise.codegen.operators.validate import Refused, refusals

from .file_graph import FileGraph, FileOperator
from .hybrid import dequantized
from .input_order import from_file
from .instead import unsupported
from .tidy import tidied
from .variables import KINDS

ROOMS: Final = {**BY_KIND, **{operator.kind: operator for operator in MADE}}  # halves of operators too (unfold.py)


def nodes_of(main: FileGraph) -> tuple[Node, ...]:
    """The operators as nodes, one for each tensor that they write.

    Raises ModelError for the first that is wrong. Where operators have no room, or attributes that are refused, raises
    one UnsupportedError for them and for all that is refused of the other layers, in the order of layers.
    """
    nodes, refused = list[Node](), list[Refused]()
    gone = list[int]()
    for operator in main.operators:
        try:
            nodes += read_nodes(operator, main.tensors)
        except UnsupportedError as error:
            refused.append((operator.layer, error))
            gone += operator.outputs
    if refused:
        raise joined(refused + _others(main, nodes, gone))
    return tuple(nodes)


def unknown(operators: Sequence[FileOperator]) -> list[Refused]:
    """The operators that nothing here knows."""
    return [(op.layer, unsupported(op)) for op in operators if op.name not in BY_KIND and op.name not in KINDS]


def joined(refused: Sequence[Refused]) -> UnsupportedError:
    """All refusals in one error, in the order of layers."""
    return together([error for _, error in sorted(refused, key=lambda r: r[0])])


def _others(main: FileGraph, nodes: Sequence[Node], gone: Sequence[int]) -> list[Refused]:
    """What is refused of the other layers: what is read of those refused is given to them as an input."""
    constants = {t.index for t in main.tensors if t.data is not None}
    stand_ins = [i for i in dict.fromkeys(gone) if i >= 0 and i not in constants and i not in main.inputs]
    ends, states = (*main.inputs, *stand_ins), main.states
    rest = Graph("", main.tensors, tuple(nodes), inputs=ends, outputs=main.outputs, states=states)
    rest = dequantized(tidied(rest))
    return refusals(rest, rest.nodes)


def read_nodes(raw: FileOperator, tensors: Sequence[Tensor]) -> list[Node]:
    """One operator as nodes. Raises ModelError or UnsupportedError."""
    if raw.made is not None:
        return [Node(raw.layer, raw.made, raw.inputs, output) for output in raw.outputs]
    if raw.name not in ROOMS:
        raise unsupported(raw)
    what = str(raw)
    if not raw.outputs or min(raw.outputs) < 0:
        raise ModelError(f"{what} writes tensors {raw.outputs[:8]}, it must write 1 or more")
    given = tuple(i for i in raw.inputs if i >= 0)
    if raw.inputs[: len(given)] != given:
        raise ModelError(f"{what} lacks an input that it needs")
    given = from_file(raw.name, given)
    options = raw.options or empty_table()
    reads, writes = tuple(tensors[i] for i in given), tuple(tensors[i] for i in raw.outputs)
    described = [RawOperator(what, options, reads, writes, position) for position in range(len(writes))]
    read = ROOMS[raw.name].read
    return [Node(raw.layer, read(op), given, op.output.index) for op in described]
