"""`depthwise inspect`: what a model is made of and what each layer costs."""

from pathlib import Path
from typing import Any

import click

from depthwise.codegen.costs import activation_bytes, macs, total_macs, total_weight_bytes, weight_bytes
from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.naming import shape_text
from depthwise.codegen.operations import Conv2D, DepthwiseConv2D
from depthwise.codegen.passes import lower
from depthwise.codegen.schedule import plan
from depthwise.codegen.tflite.reader import read_model
from depthwise.host.console import out, print_json, table


@click.command("inspect")
@click.argument("model", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def command(model: Path, *, as_json: bool) -> None:
    """Show the layers of MODEL (.tflite) with their multiply-accumulates and bytes."""
    graph = read_model(model)
    rows = [_row(graph, node) for node in graph.nodes]
    totals = _totals(graph)
    if as_json:
        print_json({"model": model.name, "layers": rows, **totals})
        return
    shown = table(
        f"{model.name}: {totals['macs']:,} MACs, {totals['weight_bytes']:,} bytes of weights",
        ("layer", "right"),
        ("operator", "left"),
        ("output", "left"),
        ("kernel", "left"),
        ("MACs", "right"),
        ("weights", "right"),
        ("activations", "right"),
    )
    for row in rows:
        numbers = (f"{row[key]:,}" if row[key] else "" for key in ("macs", "weight_bytes", "activation_bytes"))
        shown.add_row(str(row["layer"]), row["operator"], row["output"], row["kernel"], *numbers)
    out().print(shown)
    if totals["ram_bytes"] is not None:
        out().print(f"\nRAM for activations, layer by layer: {totals['ram_bytes']:,} bytes (and the input)")


def _row(graph: Graph, node: Node) -> dict[str, Any]:
    return {
        "layer": node.layer,
        "operator": node.op.kind,
        "output": shape_text(graph.output_of(node).shape),
        "kernel": _kernel(graph, node),
        "macs": macs(graph, node),
        "weight_bytes": weight_bytes(graph, node),
        "activation_bytes": activation_bytes(graph, node),
    }


def _kernel(graph: Graph, node: Node) -> str:
    if not isinstance(node.op, Conv2D | DepthwiseConv2D):
        return ""
    weights = graph.tensors[node.inputs[1]]
    stride = "" if node.op.stride == (1, 1) else f" /{node.op.stride[0]}"
    return f"{weights.shape[1]}x{weights.shape[2]}{stride}"


def _totals(graph: Graph) -> dict[str, Any]:
    quantized = all(t.quantization is not None for t in (graph.output_of(n) for n in graph.nodes[:1]))
    return {
        "macs": total_macs(graph),
        "weight_bytes": total_weight_bytes(graph),
        "ram_bytes": plan(lower(graph)).arena_bytes if quantized else None,
    }
