"""What goes into a network and comes out of it: name, shape, type and quantization of each."""

from typing import Any

from depthwise.codegen.graph import Graph
from depthwise.codegen.naming import shape_text
from depthwise.host.console import out, table


def ends_of(graph: Graph) -> dict[str, list[dict[str, Any]]]:
    """Inputs and outputs as plain data, in the model's order."""
    return {"inputs": [_end(graph, i) for i in graph.inputs], "outputs": [_end(graph, o) for o in graph.outputs]}


def show_ends(graph: Graph) -> None:
    """Print inputs and outputs as a table."""
    shown = table(
        "inputs and outputs",
        ("", "left"),
        ("tensor", "right"),
        ("name", "name"),
        ("shape", "left"),
        ("type", "left"),
        ("scale", "right"),
        ("zero point", "right"),
    )
    for what, ends in ends_of(graph).items():
        for end in ends:
            scale = "" if end["scale"] is None else f"{end['scale']:.9g}"
            zero = "" if end["zero_point"] is None else str(end["zero_point"])
            about = str(end["tensor"]), end["name"], shape_text(tuple(end["shape"])), end["type"]
            shown.add_row(what.removesuffix("s"), *about, scale, zero)
    out().print(shown)


def _end(graph: Graph, index: int) -> dict[str, Any]:
    tensor, of = graph.tensors[index], graph.tensors[index].quantization
    per_tensor = of is not None and len(of.scales) == 1
    return {
        "tensor": index,
        "name": tensor.name,
        "shape": list(tensor.shape),
        "type": tensor.dtype.value,
        "scale": of.scale if of is not None and per_tensor else None,
        "zero_point": of.zero_point if of is not None and per_tensor else None,
    }
