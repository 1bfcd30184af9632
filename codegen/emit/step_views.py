"""Each step of the order as a call in C: what it reads and writes, arguments, what a trace reports."""

from typing import NamedTuple

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.choice import Chosen
from depthwise.codegen.naming import shape_text
from depthwise.codegen.operators import AveragePool2D, Conv2D, DepthwiseConv2D, MaxPool2D, Pad
from depthwise.codegen.schedule import RowPlan
from depthwise.codegen.schedule.reads import accumulates, at_once

from .rings import ring_name, row_address, scratch_address, sums_address
from .views import LocalView, StepView

BYTES = "const int8_t"


class Rows(NamedTuple):
    """Rows that a call sees: from `first` of `y * stride - top` on, `taps` of them, `dilation` apart."""

    taps: int
    stride: int
    top: int
    dilation: int

    @property
    def first(self) -> str:
        """The first row as C."""
        row = "y" if self.stride == 1 else f"y * {self.stride}"
        return f"{row} - {self.top}" if self.top else row


def step_view(plan: RowPlan, chosen: Chosen, *, slot: int, function: str, data: str) -> StepView:
    """The call that computes one node, or one row of it: `function` is called with what `data` is called."""
    graph, node, kernel = plan.graph, chosen.layer.node, chosen.kernel
    row, ring = _output_row(graph, node), ring_name(plan, node.output)
    window, reads, given = _reads(plan, node)
    written = [LocalView("int8_t", "out", row_address(plan, node.output, row))]
    scratch = []
    if accumulates(graph, node):
        written.insert(0, LocalView("int32_t", "sums", sums_address(node)))
    if kernel.scratch is not None:
        kind = "uint32_t" if kernel.scratch.form == "lanes" else "int8_t"
        scratch = [LocalView(kind, "scratch", scratch_address(kernel.scratch))]
    places = [local.name for local in (*written, *scratch)]
    position, shared = ["y"] if kernel.position else [], [f"&{data}"] if kernel.data is not None else []
    return StepView(
        number=slot + 1,
        kernel=kernel.name,
        function=function,
        arguments=(*position, *given, *places, *shared),
        window=window,
        locals=(*reads, *written, *scratch),
        reports=accumulates(graph, node),
        about=f"{node.layer}: {shape_text(graph.output_of(node).shape)}",
        slot=slot,
        row=row,
        rows=f"{ring}_HEIGHT" if at_once(graph, node) else "1",
        row_bytes=f"{ring}_ROW_BYTES",
        planar_channels=graph.output_of(node).shape[-1] if chosen.layer.planar else 0,
    )


def _output_row(graph: Graph, node: Node) -> str:
    """Row of its output that a call finishes."""
    if at_once(graph, node) or graph.output_of(node).rows == 1:
        return "0"
    if accumulates(graph, node):
        assert isinstance(node.op, AveragePool2D)
        top = f"(y + {node.op.pads.top})" if node.op.pads.top else "y"
        return f"{top} / {node.op.stride[0]}"
    return "y"


def _rows_of(graph: Graph, node: Node) -> Rows | None:
    """Rows that a call of an operation with a window sees."""
    match node.op:
        case Conv2D(stride=stride, pads=pads, dilation=dilation) | DepthwiseConv2D(stride, pads, dilation):
            return Rows(graph.tensors[node.inputs[1]].shape[1], stride[0], pads.top, dilation[0])
        case AveragePool2D(kernel, stride, pads) | MaxPool2D(kernel, stride, pads):
            return Rows(kernel[0], stride[0], pads.top, 1)
        case Pad(pads):
            return Rows(1, 1, pads.top, 1)
        case _:
            return None


def _reads(plan: RowPlan, node: Node) -> tuple[tuple[str, ...], list[LocalView], list[str]]:
    """Arguments of the call's window, if it has one; what it reads; and the arguments for that."""
    graph, source = plan.graph, node.inputs[0]
    rows = None if accumulates(graph, node) else _rows_of(graph, node)
    single = isinstance(node.op, Pad)  # takes the address of one row, not a list of addresses
    if rows is None:
        row = "0" if at_once(graph, node) else "y"
        reads = [i for i in node.inputs if graph.tensors[i].data is None]
        names = ["in"] if len(reads) == 1 else ["a", "b"]
        pairs = zip(reads, names, strict=True)
        return (), [LocalView(BYTES, name, row_address(plan, i, row)) for i, name in pairs], names
    if rows.taps == 1 and _always_inside(graph, node, rows):
        here = LocalView(BYTES, "in", row_address(plan, source, rows.first))
        return (), [here], ["in" if single else "&in"]
    ring = ring_name(plan, source)
    sizes = (f"{ring}_HEIGHT", f"{ring}_ROWS", f"{ring}_ROW_BYTES")
    window = (str(rows.taps), str(rows.dilation), rows.first, f"block + {ring}_OFFSET", *sizes)
    return window, [], ["rows[0]" if single else "rows"]


def _always_inside(graph: Graph, node: Node, rows: Rows) -> bool:
    """Tell whether the first row that a call sees is one of the image, whichever call it is."""
    last = (graph.output_of(node).rows - 1) * rows.stride
    return rows.top == 0 and last < graph.inputs_of(node)[0].rows
