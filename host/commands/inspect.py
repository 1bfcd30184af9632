"""`depthwise inspect`: what a model consists of and what each layer costs."""

from pathlib import Path
from typing import Any, Final

import click
from rich.table import Table

from depthwise.codegen import costs
from depthwise.codegen.graph import Graph, Node, Tensor
from depthwise.codegen.operations import AveragePool2D, Conv2D, DepthwiseConv2D, MaxPool2D
from depthwise.codegen.tflite import read_model
from depthwise.host.console import print_json, printable, shape_text, size, stdout

EPILOG: Final = """\b
Examples:
  depthwise inspect vww.tflite
  depthwise inspect vww.tflite --json | jq .total_macs
"""


@click.command("inspect", epilog=EPILOG)
@click.argument("model", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def inspect_command(model: Path, as_json: bool) -> None:
    """Show a model's layers and their costs.

    For every layer: output shape, kernel and stride, multiply-accumulates (MACs), bytes of weights and
    biases, and bytes of activations alive while it runs. Every model that can be read can be shown.
    """
    graph = read_model(model)
    if as_json:
        print_json(summary(graph))
    else:
        show_layers(graph)


def summary(graph: Graph) -> dict[str, Any]:
    """The model as JSON values."""
    return {
        "name": graph.name,
        "inputs": [_tensor_json(graph.tensors[i]) for i in graph.inputs],
        "outputs": [_tensor_json(graph.tensors[i]) for i in graph.outputs],
        "layers": [_layer_json(graph, node) for node in graph.nodes],
        "total_macs": costs.total_macs(graph),
        "weight_bytes": costs.total_weight_bytes(graph),
        "peak_activation_bytes": _peak(graph),
        "separable_pairs": len(costs.separable_pairs(graph)),
        "separable_macs": sum(p.macs for p in costs.separable_pairs(graph)),
        "full_convolution_macs": sum(p.full_macs for p in costs.separable_pairs(graph)),
    }


def _tensor_json(tensor: Tensor) -> dict[str, Any]:
    quantization = tensor.quantization
    return {
        "tensor": tensor.index,
        "name": tensor.name,
        "shape": list(tensor.shape),
        "dtype": tensor.dtype.value,
        "scale": quantization.scale if quantization else None,
        "zero_point": quantization.zero_point if quantization else None,
    }


def _layer_json(graph: Graph, node: Node) -> dict[str, Any]:
    return {
        "layer": node.layer,
        "operator": node.op.kind,
        "output": graph.output_of(node).name,
        "shape": list(graph.output_of(node).shape),
        "kernel": _kernel(graph, node),
        "stride": _stride(node),
        "macs": costs.macs(graph, node),
        "weight_bytes": costs.weight_bytes(graph, node),
        "activation_bytes": costs.activation_bytes(graph, node),
    }


def _kernel(graph: Graph, node: Node) -> list[int] | None:
    match node.op:
        case Conv2D() | DepthwiseConv2D():
            return list(graph.tensors[node.inputs[1]].shape[1:3])
        case AveragePool2D(kernel=kernel) | MaxPool2D(kernel=kernel):
            return list(kernel)
        case _:
            return None


def _stride(node: Node) -> list[int] | None:
    match node.op:
        case Conv2D() | DepthwiseConv2D() | AveragePool2D() | MaxPool2D():
            return list(node.op.stride)
        case _:
            return None


def _peak(graph: Graph) -> int:
    return max((costs.activation_bytes(graph, node) for node in graph.nodes), default=0)


def show_layers(graph: Graph) -> None:
    """Print the layer table and the totals."""
    table = Table(title=printable(graph.name), box=None, header_style="bold", pad_edge=False)
    for heading in ("#", "operator", "output", "kernel", "MACs", "weights", "activations"):
        left = heading in {"operator", "output", "kernel"}
        table.add_column(heading, justify="left" if left else "right", no_wrap=True)
    for node in graph.nodes:
        table.add_row(*_row(graph, node))
    console = stdout()
    console.print(table)
    console.print()
    for name, value in _totals(graph):
        console.print(f"{name:12}{value}", soft_wrap=True)


def _row(graph: Graph, node: Node) -> tuple[str, ...]:
    kernel, stride = _kernel(graph, node), _stride(node)
    window = "x".join(map(str, kernel)) if kernel else ""
    if stride and stride != [1, 1]:
        window += f" /{stride[0]}" if stride[0] == stride[1] else f" /{stride[0]}x{stride[1]}"
    macs, weights = costs.macs(graph, node), costs.weight_bytes(graph, node)
    return (
        str(node.layer),
        node.op.kind,
        shape_text(graph.output_of(node).shape),
        window,
        f"{macs:,}" if macs else "",
        f"{weights:,}" if weights else "",
        f"{costs.activation_bytes(graph, node):,}",
    )


def _totals(graph: Graph) -> list[tuple[str, str]]:
    pairs = costs.separable_pairs(graph)
    lines = [("input", _tensor_text(graph.tensors[i])) for i in graph.inputs]
    lines += [("output", _tensor_text(graph.tensors[i])) for i in graph.outputs]
    lines += [
        ("total", f"{costs.total_macs(graph):,} MACs"),
        ("weights", size(costs.total_weight_bytes(graph))),
        ("activations", f"{size(_peak(graph))} alive at the widest layer"),
    ]
    if pairs:
        cost, full = sum(p.macs for p in pairs), sum(p.full_macs for p in pairs)
        text = f"{len(pairs)} depthwise + pointwise pairs: {cost:,} MACs"
        lines.append(("separable", f"{text}, {full / cost:.1f} times fewer than full convolutions"))
    return lines


def _tensor_text(tensor: Tensor) -> str:
    text = f"{printable(tensor.name, 60)}  {shape_text(tensor.shape)} {tensor.dtype.value}"
    if tensor.quantization:
        text += f"  real = {tensor.quantization.scale:.8g} * (q - {tensor.quantization.zero_point})"
    return text.replace("- -", "+ ")
