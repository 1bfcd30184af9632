"""From a plan to the views that templates see: functions shared, data named, steps in order, memory mapped."""

import hashlib
from dataclasses import dataclass
from math import prod
from typing import Final

from .costs import total_macs
from .graph import Graph, Node, Tensor
from .intervals import WIDEST, Range
from .kernel_views import Kernel, kernel_of, template_of
from .layer_data import STRUCTS, data_of
from .naming import comment, identifier, shape_text
from .operations import Reshape
from .schedule import Plan
from .storage import Place
from .version import ARITHMETIC_VERSION, VERSION
from .views import ArrayView, FunctionView, MapLineView, NetworkView, PortView, StepView

ITEM_BYTES: Final = {"int8_t": 1, "uint16_t": 2, "int32_t": 4}


@dataclass(frozen=True, slots=True)
class Source:
    """The model file a network was made from: its name without a folder, and its bytes' SHA-256."""

    file: str
    sha256: str

    @staticmethod
    def of(file: str, content: bytes) -> "Source":
        """Describe a model file."""
        return Source(file, hashlib.sha256(content).hexdigest())


def network_view(plan: Plan, source: Source, *, name: str, trace: bool, promise: Range = WIDEST) -> NetworkView:
    """Decide every number and name of the generated C; a trace build checks that inputs keep the `promise`."""
    graph = plan.graph
    prefix = identifier(name)
    nodes = [n for n in graph.nodes if not is_alias(plan, n)]
    functions = _functions(graph, nodes)
    data = tuple(d for n in nodes if (d := data_of(graph, n, template_of(n), _data_name(n))) is not None)
    traced = tuple(n.output for n in nodes)
    return NetworkView(
        name=comment(name),
        prefix=prefix,
        macro=prefix.upper(),
        tool=VERSION,
        arithmetic_version=ARITHMETIC_VERSION,
        model_file=comment(source.file),
        model_sha256=source.sha256,
        macs=total_macs(graph),
        ram_bytes=plan.arena_bytes,
        weight_bytes=sum(_bytes(array) for d in data for array in d.arrays),
        memory_map=_memory_map(plan),
        input=_port(graph.tensors[graph.inputs[0]]),
        output=_port(graph.tensors[graph.outputs[0]]),
        structs=tuple(dict.fromkeys(d.struct for d in data)),
        functions=tuple(functions.values()),
        data=data,
        steps=tuple(_step(plan, n, slot, functions) for slot, n in enumerate(nodes)),
        uses_softmax=any(f.template == "softmax" for f in functions.values()),
        trace=trace,
        promise=promise if trace and promise != WIDEST else None,
        traced=traced,
        longest_row=max((graph.tensors[t].row_bytes for t in traced), default=0),
    )


def is_alias(plan: Plan, node: Node) -> bool:
    """Tell whether a node is a RESHAPE that moves nothing: its output is its input's memory."""
    if not isinstance(node.op, Reshape):
        return False
    return plan.buffer_of(node.output) == plan.buffer_of(node.inputs[0])


def function_key(graph: Graph, node: Node) -> Kernel:
    """What two nodes must have in common to share a function."""
    return kernel_of(graph, node)


def _functions(graph: Graph, nodes: list[Node]) -> dict[Kernel, FunctionView]:
    users: dict[Kernel, list[Node]] = {}
    for node in nodes:
        users.setdefault(function_key(graph, node), []).append(node)
    return {kernel: _function(graph, kernel, of) for kernel, of in users.items()}


def _function(graph: Graph, kernel: Kernel, users: list[Node]) -> FunctionView:
    first = users[0]
    kind = template_of(first)
    shapes = [shape_text(t.shape) for t in graph.inputs_of(first) if t.data is None]
    sizes = f"{' + '.join(shapes)} -> {shape_text(graph.output_of(first).shape)}"
    layers = ", ".join(str(n.layer) for n in users)
    about = (f"{first.op.kind} {sizes}, layer{'s' if len(users) > 1 else ''} {layers}.",)
    return FunctionView(kind, f"layer{first.layer:02d}_{kind}", about, kernel)


def _data_name(node: Node) -> str:
    return f"data{node.layer:02d}"


def _step(plan: Plan, node: Node, slot: int, functions: dict[Kernel, FunctionView]) -> StepView:
    graph = plan.graph
    out = graph.output_of(node)
    where = [_address(plan, t.index) for t in graph.inputs_of(node) if t.data is None]
    output = _address(plan, node.output)
    data = [f"&{_data_name(node)}"] if template_of(node) in STRUCTS else []
    function = functions[function_key(graph, node)]
    about = f"{node.layer}: {shape_text(out.shape)}"
    arguments = (*where, output, *data)
    return StepView(function.name, arguments, about, output, slot, out.rows, out.row_bytes)


def _address(plan: Plan, tensor: int) -> str:
    buffer = plan.buffer_of(tensor)
    match buffer.storage.place:
        case Place.INPUT:
            return "image"
        case Place.OUTPUT:
            return "scores"
        case Place.ARENA:
            return f"block + {buffer.offset}" if buffer.offset else "block"


def _memory_map(plan: Plan) -> tuple[MapLineView, ...]:
    inside = [b for b in plan.buffers if b.storage.place is Place.ARENA]
    lines = []
    for buffer in sorted(inside, key=lambda b: (b.storage.first, b.offset)):
        tensor = plan.graph.tensors[buffer.storage.tensors[0]]
        span = f"{buffer.offset:7d} ...{buffer.end:7d}"
        first, last = (plan.graph.nodes[i].layer for i in (buffer.storage.first, buffer.storage.last))
        lines.append(MapLineView(f"{span}  {shape_text(tensor.shape)}, layers {first} to {last}"))
    return tuple(lines)


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


def _bytes(array: ArrayView) -> int:
    return len(array.values) * ITEM_BYTES[array.ctype]
