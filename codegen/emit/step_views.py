"""Each step of the order as a call in C: what it reads and writes, arguments, what a trace reports."""

from depthwise.codegen.graph import Graph, Node, Tensor
from depthwise.codegen.kernels.choice import Chosen
from depthwise.codegen.kernels.formula_text import bare_c_of, c_of
from depthwise.codegen.kernels.general.moves import pointer_names
from depthwise.codegen.naming import shape_text
from depthwise.codegen.operators.parts.rows import (
    MappedRow,
    MappedRows,
    RowsOfOne,
    RowSums,
    RowWindow,
    SameRow,
    ScatteredRows,
    ShiftedRow,
    SpreadRows,
    Whole,
)
from depthwise.codegen.schedule.reads import access_of, at_once

from .rings import Block
from .step_view import LocalView, StepView

BYTES = "const int8_t"


def ctype(tensor: Tensor) -> str:
    """C's type of a tensor's elements."""
    return f"{tensor.dtype.value}_t"


def step_view(block: Block, chosen: Chosen, *, number: int, slot: int, function: str, data: str) -> StepView:
    """The call that computes one node, or one row of it: `function` is called with what `data` is called."""
    graph, node, kernel = block.plan.graph, chosen.layer.node, chosen.kernel
    row, ring = _output_row(graph, node), block.ring_name(node.output)
    window, reads, given = _reads(block, node)
    written = [LocalView(ctype(chosen.layer.output), "out", _output_address(block, node, row))]
    scratch = []
    accumulates = isinstance(access_of(graph, node), RowSums)
    if accumulates:
        written.insert(0, LocalView("int32_t", "sums", block.sums_address(node)))
    if kernel.scratch is not None:
        kind = "uint32_t" if kernel.scratch.form == "lanes" else "int8_t"
        scratch = [LocalView(kind, "scratch", block.scratch_address(kernel.scratch))]
    places = [local.name for local in (*written, *scratch)]
    position, shared = ["y"] if kernel.position else [], [f"&{data}"] if kernel.data is not None else []
    return StepView(
        number=number,
        kernel=kernel.name,
        function=function,
        arguments=(*position, *given, *places, *shared),
        window=window,
        locals=(*reads, *written, *scratch),
        reports=accumulates,
        about=f"{node.layer}: {shape_text(graph.output_of(node).shape)}",
        slot=slot,
        reported=_reported(block, node, written[-1].ctype),
        row=row,
        rows=_reported_rows(graph, node, f"{ring}_HEIGHT"),
        row_bytes=f"{ring}_ROW_BYTES",
        planar_channels=graph.output_of(node).shape[-1] if chosen.layer.planar else 0,
        channels_proven=graph.output_of(node).shape[-1] if kernel.proves and kernel.proves(graph, node) else 0,
    )


def _output_row(graph: Graph, node: Node) -> str:
    """First row of its output that a call finishes."""
    access = access_of(graph, node)
    if isinstance(access, Whole | ScatteredRows) or graph.output_of(node).rows == 1:
        return "0"
    if isinstance(access, RowSums):
        top = f"(y + {access.top})" if access.top else "y"
        return f"{top} / {access.stride}"
    return "y"


def _output_address(block: Block, node: Node, row: str) -> str:
    """Where a call begins to write."""
    access, address = access_of(block.plan.graph, node), block.row_address(node.output, row)
    return f"{address} + {c_of(access.start)}" if isinstance(access, ScatteredRows) else address


def _reported(block: Block, node: Node, kind: str) -> str:
    """Address of the rows that a call finishes, as bytes."""
    if isinstance(access_of(block.plan.graph, node), ScatteredRows):
        return block.row_address(node.output, "0")
    return "out" if kind == "int8_t" else "(const int8_t *)out"


def _reported_rows(graph: Graph, node: Node, height: str) -> str:
    """How many rows a call finishes that reports none itself."""
    if isinstance(access_of(graph, node), ScatteredRows):
        return f"y == {graph.inputs_of(node)[0].rows - 1} ? {height} : 0"
    return height if at_once(graph, node) else "1"


def _reads(block: Block, node: Node) -> tuple[tuple[str, ...], list[LocalView], list[str]]:
    """Arguments of the call's window, if it has one; what it reads; and the arguments for that."""
    access = access_of(block.plan.graph, node)
    match access:
        case Whole() | SameRow() | RowSums() | ScatteredRows():
            return _rows(block, node, "0" if isinstance(access, Whole) else "y")
        case MappedRows(taps):
            return _mapped(block, node, taps)
        case RowsOfOne():
            raise AssertionError("no operator takes the rows of one operand alone")
        case RowWindow():
            return _windowed(block, node, access, "&in", "rows")
        case SpreadRows(taps, stride, top):
            last = f"(y + {top}) / {stride}" if top else f"y / {stride}"
            return _listed(block, node.inputs[0], taps, "1", f"{last} - {taps - 1}"), [], ["rows"]
        case ShiftedRow(top):  # takes the address of one row, not a list of addresses
            return _windowed(block, node, RowWindow(1, 1, top, 1), "in", "rows[0]")


def _rows(block: Block, node: Node, row: str) -> tuple[tuple[str, ...], list[LocalView], list[str]]:
    """A row of each operand."""
    reads = [t for t in block.plan.graph.inputs_of(node) if t.data is None]
    names = list(pointer_names(len(reads)))
    pairs = zip(reads, names, strict=True)
    return (), [LocalView(f"const {ctype(t)}", n, block.row_address(t.index, row)) for t, n in pairs], names


def _mapped(
    block: Block, node: Node, taps: tuple[MappedRow, ...]
) -> tuple[tuple[str, ...], list[LocalView], list[str]]:
    """Rows that formulas name; one of several pieces has a name of its own."""
    found: list[LocalView] = []
    names = pointer_names(len(taps))
    for name, tap in zip(names, taps, strict=True):
        several = len(tap.formula.pieces) > 1
        address = block.row_address(node.inputs[tap.position], f"{name}_row" if several else c_of(tap.formula))
        if f"{name}_row" in address:
            found.append(LocalView("const int", f"{name}_row", bare_c_of(tap.formula), is_pointer=False))
        found.append(LocalView(BYTES, name, address))
    return (), found, list(names)


def _windowed(
    block: Block, node: Node, window: RowWindow, single: str, several: str
) -> tuple[tuple[str, ...], list[LocalView], list[str]]:
    """Rows of the first operand: a list of their addresses, or the one row that a call sees if it is always there."""
    source = node.inputs[0]
    first = "y" if window.stride == 1 else f"y * {window.stride}"
    first = f"{first} - {window.top}" if window.top else first
    if window.taps == 1 and _always_inside(block.plan.graph, node, window):
        return (), [LocalView(BYTES, "in", block.row_address(source, first))], [single]
    return _listed(block, source, window.taps, str(window.dilation), first), [], [several]


def _listed(block: Block, source: int, taps: int, dilation: str, first: str) -> tuple[str, ...]:
    """Arguments of the function that lists addresses of rows."""
    ring = block.ring_name(source)
    return str(taps), dilation, first, f"block + {ring}_OFFSET", f"{ring}_HEIGHT", f"{ring}_ROWS", f"{ring}_ROW_BYTES"


def _always_inside(graph: Graph, node: Node, window: RowWindow) -> bool:
    """Tell whether the first row that a call sees is one of the image, whichever call it is."""
    last = (graph.output_of(node).rows - 1) * window.stride
    return window.top == 0 and last < graph.inputs_of(node)[0].rows
