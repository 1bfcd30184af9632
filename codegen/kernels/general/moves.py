"""Kernels of operators that only move elements: loops of copies, the same for all of them."""

from collections import defaultdict
from dataclasses import KW_ONLY, dataclass, replace
from typing import Final

import numpy as np

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.cycles import CALL, with_calls
from depthwise.codegen.kernels.formula_text import bare_c_of
from depthwise.codegen.kernels.kernel import Events, Kernel, Layer
from depthwise.codegen.operators import operator_of
from depthwise.codegen.operators.moving import MOVERS
from depthwise.codegen.operators.parts import moves, scattered
from depthwise.codegen.operators.parts.rows import ScatteredRows, ShiftedRow, Whole
from depthwise.codegen.schedule.reads import access_of, calls_of

from .nests import FILL, Item, Loop, Run, length_of, nest

VARIABLES: Final = "ijklmnpqrs"
INDENT: Final = "    "


@dataclass(frozen=True, slots=True)
class Line:
    """A line of C: a loop over `variable`, the `end` of one, bytes that are copied, or new ones of a value."""

    indent: str
    form: str
    variable: str = ""
    count: int = 0
    source: str = ""
    _: KW_ONLY
    at: str = ""
    to: str = ""

    @property
    def into(self) -> str:
        """Address of what is written."""
        return "out" if self.to == "0" else f"out + {self.to}"

    @property
    def origin(self) -> str:
        """Address of what is read."""
        return self.source if self.at == "0" else f"{self.source} + {self.at}"


@dataclass(frozen=True, slots=True)
class Table:
    """Constants of the function."""

    ctype: str
    name: str
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Copies:
    """Names of what is read, constants, and the lines that write a row of each kind; `kind` is which, as C of y."""

    sources: tuple[str, ...]
    tables: tuple[Table, ...]
    kinds: tuple[tuple[Line, ...], ...]
    kind: str


class _Writer:
    """Lines and tables while they are made."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names
        self.tables: list[Table] = []

    def lines(self, items: tuple[Item, ...], indent: str) -> tuple[Line, ...]:
        """Lines of the items of a kind."""
        return tuple(self._lines(items, indent, (), {}, 0))

    def _lines(
        self, items: tuple[Item, ...], indent: str, to: tuple[str, ...], at: dict[int, tuple[str, ...]], start: int
    ) -> list[Line]:
        found: list[Line] = []
        for item in items:
            if isinstance(item, Run):
                found.append(self._run(item, indent, (*to, str(start)), at))
            else:
                found += self._loop(item, indent, to, at, start)
            start += length_of((item,))
        return found

    def _run(self, run: Run, indent: str, to: tuple[str, ...], at: dict[int, tuple[str, ...]]) -> Line:
        form = ("fill" if run.length > 1 else "value") if run.source == FILL else "copy" if run.length > 1 else "byte"
        source = str(run.start) if run.source == FILL else self._names[run.source]
        terms = () if run.source == FILL else (*at.get(run.source, ()), str(run.start))
        return Line(indent, form, count=run.length, source=source, at=_sum(terms), to=_sum(to))

    def _loop(
        self, loop: Loop, indent: str, to: tuple[str, ...], at: dict[int, tuple[str, ...]], start: int
    ) -> list[Line]:
        variable = VARIABLES[(len(indent) - len(INDENT)) // len(INDENT)]
        inner = {source: (*at.get(source, ()), f"{variable} * {step}") for source, step in loop.steps if step}
        if loop.table:
            name = self._table(loop.table)
            inner = {number: (*at.get(number, ()), f"{name}[{variable}]") for number in range(len(self._names))}
        written = f"{variable} * {length_of(loop.body)}"
        body = self._lines(loop.body, indent + INDENT, (*to, written), {**at, **inner}, start)
        return [Line(indent, "loop", variable=variable, count=loop.count), *body, Line(indent, "end")]

    def _table(self, values: tuple[int, ...]) -> str:
        ctype = "uint16_t" if max(values) < 1 << 16 else "int32_t"
        known = next((t for t in self.tables if t.values == values), None)
        if known is None:
            known = Table(ctype, f"places{len(self.tables)}", values)
            self.tables.append(known)
        return known.name


def _sum(terms: tuple[str, ...]) -> str:
    """Terms added."""
    return " + ".join(term for term in terms if term != "0") or "0"


def pointer_names(count: int) -> tuple[str, ...]:
    """What places that a function reads are called."""
    return ("in",) if count == 1 else ("a", "b") if count == 2 else tuple(f"in{i}" for i in range(count))


def _whole(found: moves.Origins, constant: tuple[bool, ...]) -> moves.Origins:
    """Sources in order of a function's: what is computed, then constants."""
    order = np.argsort(np.argsort(constant, kind="stable"), kind="stable")
    source = found.source.ravel()
    return moves.Origins(np.where(source == FILL, FILL, order[source]), found.place.ravel())


def _by_row(graph: Graph, node: Node) -> moves.RowMoves | None:
    if isinstance(access_of(graph, node), Whole | ScatteredRows):
        return None
    operator = operator_of(node.op)
    return moves.row_moves(operator.compute, operator.activations(node), graph, node)


def _scattered(layer: Layer) -> Copies:
    """A row of the input from its begin to its end: where copies read and write, by turns, change places."""
    graph, node = layer.graph, layer.node
    operator, image = operator_of(node.op), graph.inputs_of(node)[0]
    found = scattered.scatter(operator.compute, operator.activations(node), graph, node)
    assert found is not None
    names, places = pointer_names(1), found.places
    writer = _Writer(names)
    lines = writer.lines(nest(np.where(places == FILL, FILL, 0), places, image.shape[2:]), INDENT)
    turned = [replace(line, at=line.to, to=line.at) for line in lines if line.form not in {"fill", "value"}]
    return Copies(names, tuple(writer.tables), (tuple(turned),), "")


def _shape(layer: Layer) -> Copies:
    if isinstance(access_of(layer.graph, layer.node), ScatteredRows):
        return _scattered(layer)
    graph, node, out = layer.graph, layer.node, layer.output
    operator, by_row = operator_of(node.op), _by_row(layer.graph, layer.node)
    tensors = graph.inputs_of(node)[: operator.activations(node)]
    constants = [t.data for t in tensors if t.data is not None]
    kinds: tuple[moves.Origins, ...]
    if by_row is None:
        whole = moves.origins(operator.compute, len(tensors), graph, node)
        kinds, kind, sizes = (_whole(whole, tuple(t.data is not None for t in tensors)),), "", out.shape
        names = pointer_names(len(tensors) - len(constants))
    else:
        kinds, kind = by_row.kinds, _kind(by_row)
        sizes = out.shape[2:] if out.rows > 1 else out.shape
        names = pointer_names(len(by_row.access.taps))
    stored = tuple(f"constant{i}" for i in range(len(constants)))
    writer = _Writer((*names, *stored))
    lines = tuple(writer.lines(nest(k.source, k.place, sizes), INDENT * 2 if kind else INDENT) for k in kinds)
    given = [Table("int8_t", name, tuple(c.ravel().tolist())) for name, c in zip(stored, constants, strict=True)]
    return Copies(names, (*given, *writer.tables), lines, kind)


def _kind(moved: moves.RowMoves) -> str:
    """Which kind row y is, as C; empty if there is one."""
    if len(moved.kinds) == 1:
        return ""
    return f"y % {moved.kind}" if isinstance(moved.kind, int) else bare_c_of(moved.kind)


def _refuses_kinds(graph: Graph, node: Node) -> str | None:
    moved = _by_row(graph, node)
    if isinstance(access_of(graph, node), ShiftedRow):
        return "it pads height and width"
    return None if moved is None or len(moved.kinds) == 1 else f"its rows are of {len(moved.kinds)} kinds"


def _refuses_one_kind(graph: Graph, node: Node) -> str | None:
    if isinstance(access_of(graph, node), ShiftedRow):
        return "it pads height and width"
    return "its rows are of one kind" if _refuses_kinds(graph, node) is None else None


def _events(layer: Layer) -> Events:
    """Copies, the bytes of them, and loops, of all calls; rows of each kind are taken to be equally many."""
    kinds = _shape(layer).kinds
    share = calls_of(layer.graph, layer.node) / len(kinds)
    found: defaultdict[str, float] = defaultdict(float)
    for lines in kinds:
        times = [share]
        for line in lines:
            if line.form == "end":
                times.pop()
                continue
            if line.form == "loop":
                times.append(times[-1] * line.count)
            found[f"move {line.form}"] += times[-1]
            if line.form in {"copy", "fill"}:
                found["move bytes"] += times[-1] * line.count
    return with_calls(layer, CALL, found)


MOVE: Final = Kernel(
    name="move",
    operators=MOVERS,
    refusal=_refuses_kinds,
    shape=_shape,
    data=None,
    headers=(),
    scratch=None,
    position=False,
    planar=None,
    int16_weights=None,
    events=_events,
    proves=None,
    traffic=None,
)
MOVE_BY_KIND: Final = Kernel(
    name="move_by_kind",
    operators=MOVERS,
    refusal=_refuses_one_kind,
    shape=_shape,
    data=None,
    headers=(),
    scratch=None,
    position=True,
    planar=None,
    int16_weights=None,
    events=_events,
    proves=None,
    traffic=None,
)
