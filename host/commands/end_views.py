"""How inputs and outputs of a network look on a terminal."""

from collections.abc import Sequence

from rich.markup import escape

from depthwise.codegen.graph import Graph
from depthwise.codegen.naming import shape_text
from depthwise.host.api.described_ends import ends_of
from depthwise.host.console import out, table


def show_ends(graph: Graph, labels: Sequence[str] = ()) -> None:
    """Print inputs and outputs as a table, and the labels of the scores where there are some."""
    shown = table(
        "inputs and outputs",
        ("", "left"),
        ("tensor", "right"),
        ("name", "name"),
        ("shape", "left"),
        ("type", "left"),
        ("scale", "right"),
        ("zero point", "right"),
        ("range", "right"),
    )
    for what, ends in ends_of(graph, labels).items():
        for end in ends:
            scale = "" if end["scale"] is None else f"{end['scale']:.9g}"
            zero = "" if end["zero_point"] is None else str(end["zero_point"])
            about = str(end["tensor"]), end["name"], shape_text(tuple(end["shape"])), end["type"]
            shown.add_row(what.removesuffix("s"), *about, scale, zero, _range(end["range"]))
    out().print(shown)
    if labels:
        named = ", ".join(f"{number} {label}" for number, label in enumerate(labels))
        out().print(f"scores: {escape(named)}", soft_wrap=True)


def _range(ends: list[float] | None) -> str:
    return "" if ends is None else f"{ends[0]:.3g} … {ends[1]:.3g}"
