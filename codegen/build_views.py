"""From a plan to the views that templates see: functions shared, data named, steps in order, memory mapped."""

import hashlib
from dataclasses import dataclass, replace
from math import prod
from typing import Final

from .constants import blob_of
from .cores import PLAIN, Core
from .costs import total_macs
from .dsp_kernels import BALANCED, WIDENINGS
from .graph import Graph, Node, Tensor
from .intervals import WIDEST, Range
from .kernel_views import Kernel, kernel_of
from .kernels import Kernels, choose_kernels
from .layer_data import constant_bytes, data_of
from .mve_data import MVE_HEADERS, MVE_LIBRARY_STRUCTS
from .naming import comment, identifier, shape_text
from .pipeline import RowPlan, Variant, guards_of, order_of, state_bytes, steps
from .pipeline.lifetimes import Group, Sums
from .plain_kernels import MATRIX_KINDS, PIXEL_KINDS, TAPS_KIND, layout_of
from .predict import layer_cycles
from .step_views import row_offset, step_view
from .version import ARITHMETIC_VERSION, VERSION
from .views import Blob, DataView, FunctionView, MapLineView, NetworkView, PortView, StepView

DSP_DOT_HEADERS: Final = ("dw_asm.h", "dw_dsp.h", "dw_dsp_dot.h", "dw_dsp_dot_asm.h", "dw_dsp_dot_twin.h")
DENSE_HEADERS: Final = {
    "fours": ("dw_plain.h", "dw_plain_dense.h", "dw_plain_fours.h"),
    "rows": ("dw_asm.h", "dw_plain.h", "dw_plain_dense.h", "dw_plain_rows.h", "dw_plain_rows_asm.h"),
}
# Headers of firmware/lib that a kind of function needs beside dw_fixedpoint.h.
HEADERS: Final = {
    "softmax": ("dw_softmax.h",),
    "conv_2d_dsp": DSP_DOT_HEADERS,
    "fully_connected_dsp": DSP_DOT_HEADERS,
    "add_dsp": ("dw_asm.h", "dw_dsp.h", "dw_dsp_add.h"),
    "depthwise_conv_2d_dsp": (
        *("dw_asm.h", "dw_dsp.h"),
        *("dw_dsp_depthwise.h", "dw_dsp_depthwise_asm.h", "dw_dsp_depthwise_twin.h"),
    ),
    TAPS_KIND: (
        *("dw_asm.h", "dw_plain.h"),
        *("dw_plain_depthwise.h", "dw_plain_depthwise_asm.h", "dw_plain_depthwise_twin.h"),
    ),
    **{k: DENSE_HEADERS[layout_of(k)] for k in (*PIXEL_KINDS, *MATRIX_KINDS)},
    **MVE_HEADERS,
}
LIBRARY_STRUCTS: Final = ("dw_dot", "dw_columns", "dw_sum", "dw_dense", "dw_depthwise", *MVE_LIBRARY_STRUCTS)


@dataclass(frozen=True, slots=True)
class Source:
    """The model file a network was made from: its name without a folder, and its bytes' SHA-256."""

    file: str
    sha256: str

    @staticmethod
    def of(file: str, content: bytes) -> "Source":
        """Describe a model file."""
        return Source(file, hashlib.sha256(content).hexdigest())


def network_view(
    plan: RowPlan,
    source: Source,
    *,
    name: str,
    trace: bool,
    promise: Range = WIDEST,
    context: bool = False,
    core: Core = PLAIN,
    widening: int = BALANCED,
    detached: bool = False,
) -> NetworkView:
    """Decide every number and name of the generated C; a trace build checks that inputs keep the `promise`.

    The constants of a `detached` network are a blob apart from the code.
    """
    graph, prefix = plan.graph, identifier(name)
    kernels = choose_kernels(graph, core, widening)
    assert plan.scratch_bytes == kernels.scratch_bytes
    nodes = steps(graph)
    functions = _functions(kernels, graph, nodes, prefix)
    of_steps = _data_of_steps(kernels, graph, prefix)
    data = tuple(d for d in of_steps if d is not None)
    blob = blob_of(of_steps, _stretches(plan)) if detached else None
    traced = tuple(n.output for n in nodes)
    order = order_of(plan)
    kinds = {f.template for f in functions.values()}
    return NetworkView(
        name=comment(name),
        prefix=prefix,
        macro=prefix.upper(),
        tool=VERSION,
        arithmetic_version=ARITHMETIC_VERSION,
        model_file=comment(source.file),
        model_sha256=source.sha256,
        macs=total_macs(graph),
        ram_bytes=state_bytes(plan),
        block_bytes=plan.arena_bytes,
        order=order,
        guards=guards_of(plan) if plan.guarded else (),
        input_row=row_offset(plan, graph.inputs[0], "y"),
        output_offset=plan.ring_of(graph.outputs[0])[0],
        static_state=not context,
        weight_bytes=sum(constant_bytes(d) for d in data) + order.size,
        memory_map=_memory_map(plan),
        input=_port(graph.tensors[graph.inputs[0]]),
        output=_port(graph.tensors[graph.outputs[0]]),
        structs=tuple(dict.fromkeys(d.struct for d in data if d.struct not in LIBRARY_STRUCTS)),
        functions=tuple(functions.values()),
        data=data,
        steps=_steps(plan, kernels, functions, blob, prefix),
        headers=tuple(sorted({"dw_fixedpoint.h", *(h for kind in kinds for h in HEADERS.get(kind, ()))})),
        trace=trace,
        promise=promise if trace and promise != WIDEST else None,
        traced=traced,
        longest_row=max((graph.tensors[t].row_bytes for t in traced), default=0),
        blob=blob,
    )


def _steps(
    plan: RowPlan, kernels: Kernels, functions: dict[Kernel, FunctionView], blob: Blob | None, prefix: str
) -> tuple[StepView, ...]:
    graph = plan.graph
    found = [
        step_view(plan, kernels, n, slot, functions[kernel_of(kernels, graph, n)], _data_name(prefix, n))
        for slot, n in enumerate(steps(graph))
    ]
    if blob is not None:
        parts = zip(found, _stretches(plan), blob.data, strict=True)
        found = [replace(step, stretch=stretch, detached=data) for step, stretch, data in parts]
    return tuple(found)


def _stretches(plan: RowPlan) -> list[int]:
    """For each step the number of the stretch of the schedule that it runs in."""
    nodes = plan.graph.nodes
    of = {nodes[i].output: number for number, (start, stop) in enumerate(plan.segments) for i in range(start, stop)}
    return [of[n.output] for n in steps(plan.graph)]


def variant(graph: Graph, core: Core, widening: int = BALANCED) -> Variant:
    """What the kernels of a core take whatever the schedule; cycles are predicted for cores with the DSP kernels."""
    kernels = choose_kernels(graph, core, widening)
    constants = sum(constant_bytes(d) for d in _data_of_steps(kernels, graph, graph.name) if d is not None)
    cycles = sum(layer_cycles(kernels, graph, n) for n in steps(graph)) if core.dsp else 0
    return Variant(kernels.scratch_bytes, constants, cycles, widening, usual=widening == BALANCED)


def variants(graph: Graph, core: Core) -> tuple[Variant, ...]:
    """Ways to store weights on a core: fewer bytes, or fewer cycles."""
    return tuple(variant(graph, core, w) for w in (WIDENINGS if core.dsp else (BALANCED,)))


def _data_of_steps(kernels: Kernels, graph: Graph, prefix: str) -> list[DataView | None]:
    return [data_of(kernels, graph, n, _data_name(prefix, n)) for n in steps(graph)]


def _functions(kernels: Kernels, graph: Graph, nodes: list[Node], prefix: str) -> dict[Kernel, FunctionView]:
    users: dict[Kernel, list[Node]] = {}
    for node in nodes:
        users.setdefault(kernel_of(kernels, graph, node), []).append(node)
    return {kernel: _function(graph, kernel, of, prefix) for kernel, of in users.items()}


def _function(graph: Graph, kernel: Kernel, users: list[Node], prefix: str) -> FunctionView:
    first = users[0]
    shapes = [shape_text(t.shape) for t in graph.inputs_of(first) if t.data is None]
    sizes = f"{' + '.join(shapes)} -> {shape_text(graph.output_of(first).shape)}"
    layers = ", ".join(str(n.layer) for n in users)
    about = (f"{first.op.kind} {sizes}, layer{'s' if len(users) > 1 else ''} {layers}.",)
    return FunctionView(kernel.kind, f"{prefix}_layer{first.layer:02d}_{kernel.kind}", about, kernel)


def _data_name(prefix: str, node: Node) -> str:
    return f"{prefix}_data{node.layer:02d}"


def _memory_map(plan: RowPlan) -> tuple[MapLineView, ...]:
    lines = [(offset, offset + group.size, _about_ring(plan, group)) for group, offset in plan.rings]
    lines += [(offset, offset + sums.size, _about_sums(plan, sums)) for sums, offset in plan.sums]
    if plan.scratch_bytes:
        lines.append((plan.scratch_offset, plan.scratch_offset + plan.scratch_bytes, "scratch of one call"))
    return tuple(MapLineView(f"{start:7d} ...{end:7d}  {text}") for start, end, text in sorted(lines))


def _about_ring(plan: RowPlan, group: Group) -> str:
    tensor = plan.graph.tensors[group.tensors[0]]
    shape = shape_text(tensor.shape)
    rows = plan.ring_of(tensor.index)[1]
    what = f"{rows} of {tensor.rows} rows of {shape}" if tensor.rows > 1 else shape
    return f"{what}, calls {group.first} to {group.last}"


def _about_sums(plan: RowPlan, sums: Sums) -> str:
    return f"sums of layer {plan.graph.nodes[sums.step].layer}, calls {sums.first} to {sums.last}"


def _port(tensor: Tensor) -> PortView:
    quantization = tensor.quantization
    assert quantization is not None
    height, *middle, channels = (1, 1, 1, *tensor.shape[1:])[-max(3, len(tensor.shape) - 1) :]
    width = prod(middle)
    scale = f"{quantization.scale:.9g}f"
    if "." not in scale and "e" not in scale:
        scale = scale.replace("f", ".0f")
    return PortView(
        comment(tensor.name),
        height,
        width,
        channels,
        tensor.elements,
        tensor.row_bytes,
        tensor.rows,
        scale,
        quantization.zero_point,
    )
