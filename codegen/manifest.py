"""The manifest: what was exported, in JSON, for programs; the board answers with the same model hash."""

import json
from typing import Any

from .boards import Board
from .build_views import Source, is_alias
from .costs import macs, weight_bytes
from .graph import Graph, Node
from .kernel_views import template_of
from .schedule import Plan
from .version import MANIFEST_VERSION, VERSION
from .views import NetworkView

Manifest = dict[str, Any]


def make_manifest(plan: Plan, net: NetworkView, source: Source, board: Board, flags: str) -> Manifest:
    """Describe an exported project."""
    graph = plan.graph
    return {
        "manifest_version": MANIFEST_VERSION,
        "tool_version": VERSION,
        "name": net.prefix,
        "model": {"file": source.file, "sha256": source.sha256},
        "board": board.name,
        "core": board.core,
        "project": board.project,
        "trace": net.trace,
        "build_flags": flags,
        "input": _port(graph, graph.inputs[0]),
        "output": _port(graph, graph.outputs[0]),
        "ram_bytes": net.ram_bytes,
        "ram_lower_bound_bytes": plan.lower_bound_bytes,
        "weight_bytes": net.weight_bytes,
        "macs": net.macs,
        "traced": list(net.traced),
        "layers": [_layer(plan, node) for node in graph.nodes],
    }


def write_manifest(manifest: Manifest) -> str:
    """JSON text of a manifest: same manifest, same bytes."""
    return json.dumps(manifest, indent=2) + "\n"


def _port(graph: Graph, index: int) -> Manifest:
    tensor = graph.tensors[index]
    assert tensor.quantization is not None
    return {
        "tensor": index,
        "shape": list(tensor.shape),
        "scale": tensor.quantization.scale,
        "zero_point": tensor.quantization.zero_point,
    }


def _layer(plan: Plan, node: Node) -> Manifest:
    out, buffer = plan.graph.output_of(node), plan.buffer_of(node.output)
    return {
        "layer": node.layer,
        "kind": node.op.kind,
        "function": None if is_alias(plan, node) else template_of(node),
        "output_tensor": node.output,
        "output_name": out.name,
        "shape": list(out.shape),
        "macs": macs(plan.graph, node),
        "weight_bytes": weight_bytes(plan.graph, node),
        "place": buffer.storage.place.value,
        "buffer_offset": buffer.offset,
        "buffer_bytes": buffer.storage.size,
    }
