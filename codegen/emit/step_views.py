"""Each step of the order as a call in C: addresses of rows, arguments, what a trace reports."""

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.choice import Chosen
from depthwise.codegen.kernels.kernel import Scratch
from depthwise.codegen.naming import shape_text
from depthwise.codegen.operators import AveragePool2D, Conv2D, DepthwiseConv2D, MaxPool2D, Pad
from depthwise.codegen.schedule import RowPlan
from depthwise.codegen.schedule.reads import accumulates, at_once

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
    if at_once(graph, node) or graph.output_of(node).rows == 1:
        return "0"
    if accumulates(graph, node):
        assert isinstance(node.op, AveragePool2D)
        top = f"(y + {node.op.pads.top})" if node.op.pads.top else "y"
        return f"{top} / {node.op.stride[0]}"
    return "y"


def _reads(plan: RowPlan, node: Node) -> tuple[str, int, tuple[str, ...], list[str]]:
    """Form of the call, taps and arguments of its window, and arguments for what it reads."""
    graph = plan.graph
    source = node.inputs[0]
    if accumulates(graph, node):
        offset = next(o for s, o in plan.sums if graph.nodes[s.step] is node)
        return "sums", 0, (), [_row(plan, source, "y"), _words(offset, "words")]
    match node.op:
        case Conv2D(stride=stride, pads=pads, dilation=dilation) | DepthwiseConv2D(stride, pads, dilation):
            taps = graph.tensors[node.inputs[1]].shape[1]
            return "window", taps, _window(plan, source, taps, stride[0], pads.top, dilation[0]), ["rows"]
        case AveragePool2D(kernel, stride, pads) | MaxPool2D(kernel, stride, pads):
            return "window", kernel[0], _window(plan, source, kernel[0], stride[0], pads.top, 1), ["rows"]
        case Pad(pads):
            return "plain", 0, (), [_padded_row(plan, source, pads.top)]
        case _:
            row = "0" if at_once(graph, node) else "y"
            reads = [i for i in node.inputs if graph.tensors[i].data is None]
            return "plain", 0, (), [_row(plan, i, row) for i in reads]


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


def _window(plan: RowPlan, tensor: int, taps: int, stride: int, top: int, dilation: int) -> tuple[str, ...]:
    offset, depth = plan.ring_of(tensor)
    about = plan.graph.tensors[tensor]
    first = "y" if stride == 1 else f"y * {stride}"
    first = f"{first} - {top}" if top else first
    return str(taps), str(dilation), first, _address(str(offset)), str(about.rows), str(depth), str(about.row_bytes)


def _padded_row(plan: RowPlan, tensor: int, top: int) -> str:
    rows = plan.graph.tensors[tensor].rows
    inner = f"(y - {top})" if top else "y"
    return f"y < {top} || y >= {top + rows} ? NULL : {_row(plan, tensor, inner)}"
