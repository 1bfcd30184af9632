"""`depthwise inspect --versus-full`: each depthwise and pointwise pair beside the full convolution it stands for."""

from typing import Any

from depthwise.codegen.graph import Graph
from depthwise.codegen.zoo.versus_full import Pair, Saving, in_pairs, in_sum, pairs
from depthwise.host.console import out, table


def versus_full(graph: Graph) -> dict[str, Any]:
    """Pairs and sums for programs."""
    found = pairs(graph)
    return {
        "pairs": [_plain(p) for p in found],
        "in_pairs": _saving(in_pairs(found)),
        "in_sum": _saving(in_sum(graph, found)),
    }


def _plain(pair: Pair) -> dict[str, Any]:
    return {
        "layers": [pair.depthwise.layer, pair.pointwise.layer],
        "kernel": list(pair.kernel),
        "channels": [pair.inputs, pair.outputs],
        "macs": pair.macs,
        "full_macs": pair.full_macs,
        "predicted": pair.predicted,
        "measured": pair.measured,
    }


def _saving(saving: Saving) -> dict[str, Any]:
    return {"macs": saving.macs, "full_macs": saving.full_macs, "ratio": saving.ratio, "times": saving.times}


def show_versus_full(name: str, graph: Graph) -> None:
    """Print the pairs and what they save together."""
    found = pairs(graph)
    console = out()
    if not found:
        console.print(
            f"{name} has no depthwise convolution with a 1x1 convolution behind it: there is nothing to compare."
        )
        console.print("`depthwise zoo toolbox` shows what such pairs save", soft_wrap=True)
        return
    shown = table(
        f"{name}: separable pairs beside full convolutions",
        ("layers", "name"),
        ("kernel", "name"),
        ("channels", "name"),
        ("MACs", "right"),
        ("full", "right"),
        ("1/M+1/K²", "right"),
        ("counted", "right"),
        ("fewer", "right"),
    )
    for pair in found:
        shown.add_row(*_row(pair))
    of_pairs, total = in_pairs(found), in_sum(graph, found)
    shown.add_section()
    shown.add_row("pairs", "", "", *_numbers(of_pairs.macs, of_pairs.full_macs, None, of_pairs.ratio))
    shown.add_row("model", "", "", *_numbers(total.macs, total.full_macs, None, total.ratio))
    console.print(shown)
    console.print("\nM: channels that leave a pair. K: its kernel. The weights shrink by the same share as the MACs.")


def _row(p: Pair) -> tuple[str, ...]:
    layers, kernel = f"{p.depthwise.layer}, {p.pointwise.layer}", f"{p.kernel[0]}x{p.kernel[1]}"
    return layers, kernel, f"{p.inputs} → {p.outputs}", *_numbers(p.macs, p.full_macs, p.predicted, p.measured)


def _numbers(macs: int, full: int, predicted: float | None, counted: float) -> tuple[str, ...]:
    share = "" if predicted is None else f"{predicted:.4f}"
    return f"{macs:,}", f"{full:,}", share, f"{counted:.4f}", f"{1 / counted:.1f}x"
