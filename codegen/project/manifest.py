"""The manifest: what was exported, in JSON, for programs; the board answers with the same model hash."""

import json
from itertools import groupby
from typing import Any

from depthwise.codegen.emit.network_view import Source
from depthwise.codegen.emit.step_view import StepView
from depthwise.codegen.emit.views import NetworkView
from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.choice import UNLIMITED
from depthwise.codegen.naming import ranges_text
from depthwise.codegen.operators.costs import macs, weight_bytes
from depthwise.codegen.passes import Optimized, PassOptions, Survivor
from depthwise.codegen.passes.proof import prove
from depthwise.codegen.schedule import INPUT, Point, RowPlan, Variant
from depthwise.codegen.targets.boards import Board
from depthwise.codegen.version import MANIFEST_VERSION, VERSION

from .manifest_fields import STORAGE
from .project_kinds import ProjectKind

Manifest = dict[str, Any]


def make_manifest(
    *,
    way: Point,
    net: NetworkView,
    source: Source,
    board: Board,
    kind: ProjectKind,
    flags: str,
    made: Optimized,
    passes: PassOptions,
) -> Manifest:
    """Describe an exported project."""
    plan, graph = way.plan, way.plan.graph
    made_by = dict(zip(net.traced, net.steps, strict=True))
    return {
        "manifest_version": MANIFEST_VERSION,
        "tool_version": VERSION,
        "name": net.prefix,
        "model": {"file": source.file, "sha256": source.sha256},
        "board": board.name,
        "core": board.core,
        "project": kind.name,
        "trace": net.trace,
        "build_flags": flags,
        **(_ends(graph) if net.image_form else _ports(plan, net)),
        **({"sequence": net.sequence} if net.states else {}),
        "ram_bytes": net.ram_bytes,
        "block_bytes": plan.arena_bytes,
        "segments": [list(segment) for segment in plan.segments],
        "kernels": _storage(way.variant),
        "calls": net.order.calls,
        "canary": plan.guarded,
        "ram_lower_bound_bytes": plan.lower_bound_bytes,
        "weight_bytes": net.weight_bytes,
        "macs": net.macs,
        "traced": list(net.traced),
        "passes": {"input_range": list(passes.input_range), "rewrite": passes.rewrite, "argmax": passes.argmax},
        "layers": [_layer(plan, node, made_by.get(node.output)) for node in graph.nodes],
        "tensors": {str(t): _tensor(s) for t, s in made.survivors.items()},
        "proof": [layer.summary() for layer in prove(made)],
        **({"notes": list(graph.notes)} if graph.notes else {}),
    }


def write_manifest(manifest: Manifest) -> str:
    """JSON text of a manifest: same manifest, same bytes."""
    return json.dumps(manifest, indent=2) + "\n"


def _tensor(survivor: Survivor) -> Manifest:
    """Channels of one tensor of the model that are computed, and the values of those that are known."""
    by_value: dict[str, list[int]] = {}
    for at, channel in enumerate(survivor.known):
        values = survivor.values[..., at]
        name = str(values.flat[0]) if (values == values.flat[0]).all() else "by position"
        by_value.setdefault(name, []).append(int(channel))
    known = {value: ranges_text(channels) for value, channels in sorted(by_value.items())}
    return {"computed": ranges_text(int(c) for c in survivor.kept), "constant": known}


def passes_of(manifest: Manifest) -> PassOptions:
    """Options of the passes that a manifest was written with."""
    given = manifest["passes"]
    low, high = given["input_range"]
    return PassOptions((int(low), int(high)), bool(given["rewrite"]), bool(given["argmax"]))


def _storage(variant: Variant) -> Manifest:
    """What kernels were chosen by; None is never, and no limit."""
    limits = zip(STORAGE, (variant.int16_from, variant.most_scratch), strict=True)
    return {name: None if limit == UNLIMITED else limit for name, limit in limits}


def storage_of(manifest: Manifest) -> tuple[int, int] | None:
    """`int16_from` and `most_scratch` that kernels were chosen by; None in a manifest that does not say."""
    given = manifest.get("kernels")
    if given is None:
        return None
    int16_from, most = (UNLIMITED if given[name] is None else int(given[name]) for name in STORAGE)
    return int16_from, most


def _ends(graph: Graph) -> Manifest:
    return {"input": _port(graph, graph.inputs[0]), "output": _port(graph, graph.outputs[0])}


def _ports(plan: RowPlan, net: NetworkView) -> Manifest:
    """Every input and output, and `row_order`: of which input so many rows go in next, and so on to the end."""
    graph = plan.graph
    found = {
        what: [
            {"name": p.name, "type": p.ctype.removesuffix("_t"), **_port(graph, i)}
            for p, i in zip(views, of, strict=True)
        ]
        for what, views, of in (("inputs", net.inputs, graph.inputs), ("outputs", net.outputs, graph.outputs))
    }
    taken = groupby(INPUT - call.step for call in plan.order if call.step <= INPUT)
    return {**found, "row_order": [[number, len(list(rows))] for number, rows in taken]}


def _port(graph: Graph, index: int) -> Manifest:
    tensor, of = graph.tensors[index], graph.tensors[index].quantization
    scaled = {"scale": None, "zero_point": 0} if of is None else {"scale": of.scale, "zero_point": of.zero_point}
    return {"tensor": index, "shape": list(tensor.shape), **scaled}


def _layer(plan: RowPlan, node: Node, step: StepView | None) -> Manifest:
    out = plan.graph.output_of(node)
    offset, rows = plan.ring_of(node.output)
    return {
        "layer": node.layer,
        "kind": node.op.kind,
        "function": step and step.kernel,
        "output_tensor": node.output,
        "output_name": out.name,
        "shape": list(out.shape),
        "macs": macs(plan.graph, node),
        "channels_proven": step.channels_proven if step else 0,
        "weight_bytes": weight_bytes(plan.graph, node),
        "ring_offset": offset,
        "ring_rows": rows,
        "row_bytes": out.row_bytes,
    }
