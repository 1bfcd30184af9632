"""Each step of the order as a call in C: addresses of rows, arguments, what a trace reports."""

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.choice import Chosen
from depthwise.codegen.kernels.kernel import Scratch
from depthwise.codegen.naming import shape_text
from depthwise.codegen.operators.parts.rows import RowSums, RowWindow, SameRow, ShiftedRow, Whole
from depthwise.codegen.schedule import RowPlan
from depthwise.codegen.schedule.reads import access_of, at_once

from .views import StepView


def step_view(plan: RowPlan, chosen: Chosen, *, slot: int, function: str, data: str) -> StepView:
    """The call that computes one node, or one row of it: `function` is called with what `data` is called."""
    graph, node, kernel = plan.graph, chosen.layer.node, chosen.kernel
    out = graph.output_of(node)
    whole = at_once(graph, node)
    row = _output_row(graph, node)
    output = _row(plan, node.output, row)
    form, taps, window, reads = _reads(plan, node)
    shared = [f"&{data}"] if kernel.data is not None else []
    scratch = [_scratch(plan, kernel.scratch)] if kernel.scratch is not None else []
    position = ["y"] if kernel.position else []
    return StepView(
        number=slot + 1,
        form=form,
        kernel=kernel.name,
        function=function,
        arguments=(*position, *reads, output, *scratch, *shared),
        taps=taps,
        window=window,
        about=f"{node.layer}: {shape_text(out.shape)}",
        output=output,
        slot=slot,
        row=row,
        rows=out.rows if whole else 1,
        row_bytes=out.row_bytes,
        planar_channels=out.shape[-1] if chosen.layer.planar else 0,
    )


def row_offset(plan: RowPlan, tensor: int, row: str) -> str:
    """Where a row of a tensor lies in the block, as an expression of C."""
    offset, depth = plan.ring_of(tensor)
    size = plan.graph.tensors[tensor].row_bytes
    if row == "0" or depth == 1:
        return f"{offset}"
    inside = row if depth == plan.graph.tensors[tensor].rows else f"{row} % {depth}"
    behind = f"{inside} * {size}"
    return f"{offset} + {behind}" if offset else behind


def _output_row(graph: Graph, node: Node) -> str:
    """Row of its output that a call finishes."""
    access = access_of(graph, node)
    if isinstance(access, Whole) or graph.output_of(node).rows == 1:
        return "0"
    if isinstance(access, RowSums):
        top = f"(y + {access.top})" if access.top else "y"
        return f"{top} / {access.stride}"
    return "y"


def _reads(plan: RowPlan, node: Node) -> tuple[str, int, tuple[str, ...], list[str]]:
    """Form of the call, taps and arguments of its window, and arguments for what it reads."""
    graph, source = plan.graph, node.inputs[0]
    match access_of(graph, node):
        case RowSums():
            offset = next(o for s, o in plan.sums if graph.nodes[s.step] is node)
            return "sums", 0, (), [_row(plan, source, "y"), _words(offset, "words")]
        case RowWindow() as access:
            return "window", access.taps, _window(plan, source, access), ["rows"]
        case ShiftedRow(top):
            return "plain", 0, (), [_padded_row(plan, source, top)]
        case Whole():
            return "plain", 0, (), [_row(plan, i, "0") for i in _activations(graph, node)]
        case SameRow():
            return "plain", 0, (), [_row(plan, i, "y") for i in _activations(graph, node)]


def _activations(graph: Graph, node: Node) -> list[int]:
    return [i for i in node.inputs if graph.tensors[i].data is None]


def _row(plan: RowPlan, tensor: int, row: str) -> str:
    return _address(row_offset(plan, tensor, row))


def _address(offset: str) -> str:
    return "block" if offset == "0" else f"block + {offset}"


def _scratch(plan: RowPlan, scratch: Scratch) -> str:
    """Address of the scratch as what a kernel takes it for."""
    return _words(plan.scratch_offset, "lanes") if scratch.form == "lanes" else _address(str(plan.scratch_offset))


def _words(offset: int, member: str) -> str:
    """Address of 32-bit words in the block."""
    return f"state->block.{member} + {offset // 4}" if offset else f"state->block.{member}"


def _window(plan: RowPlan, tensor: int, access: RowWindow) -> tuple[str, ...]:
    offset, depth = plan.ring_of(tensor)
    about = plan.graph.tensors[tensor]
    first = "y" if access.stride == 1 else f"y * {access.stride}"
    first = f"{first} - {access.top}" if access.top else first
    where = _address(str(offset)), str(about.rows), str(depth), str(about.row_bytes)
    return str(access.taps), str(access.dilation), first, *where


def _padded_row(plan: RowPlan, tensor: int, top: int) -> str:
    rows = plan.graph.tensors[tensor].rows
    inner = f"(y - {top})" if top else "y"
    return f"y < {top} || y >= {top + rows} ? NULL : {_row(plan, tensor, inner)}"
