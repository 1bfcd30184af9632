"""How the comparison of desktop and board looks on a terminal."""

from typing import Final

from depthwise.codegen.arithmetic.fixedpoint import Mode
from depthwise.host.console import out, table
from depthwise.host.verify.desktop import Comparison

ABOUT: Final = {
    Mode.SINGLE.value: "with a single rounding",
    Mode.RUY.value: "halves upward",
    Mode.XNNPACK.value: "once, from a float32 product",
    Mode.FLOAT64.value: "once, from a double-precision product",
}


def show_comparison(comparison: Comparison) -> None:
    """Print a table of all layers if any differs, and what it means in a few sentences."""
    if any(layer.differing for layer in comparison.layers):
        sizes = (("values", "right"), ("differ", "right"), ("largest", "right"))
        why = (("by rounding as", "name"), ("from layer", "name"))
        rows = table(f"{comparison.desktop.about} beside the board", ("layer", "right"), ("kind", "name"), *sizes, *why)
        for layer in comparison.layers:
            largest = f"{layer.largest}" if layer.differing else ""
            own = f"{layer.own:,} {layer.mode or 'unexplained'}" if layer.own else ""
            carried = ", ".join(map(str, layer.carried)) if layer.differing else ""
            numbers = (f"{layer.values:,}", f"{layer.differing:,}", largest)
            rows.add_row(f"{layer.layer}", layer.kind, *numbers, own, carried)
        out().print(rows)
    out().print(f"{summary(comparison)}\n", soft_wrap=True)


def summary(comparison: Comparison) -> str:
    """What the comparison means, for somebody who wonders why the numbers are not the same."""
    outputs, about = comparison.outputs, comparison.desktop.about
    values, differing = (sum(of) for of in zip(*((o.values, o.differing) for o in outputs), strict=True))
    inputs = f"{comparison.inputs} inputs" if comparison.inputs > 1 else "1 input"
    if not any(layer.differing for layer in comparison.layers):
        return f"{about} and the board agree on every value of every layer, over {inputs}."
    differ = f"differ on {differing:,} of {values:,} output values, by {max(o.largest for o in outputs)} at most"
    if not differing:
        differ = f"agree on all {values:,} output values, though not on every layer"
    said = [
        f"{about} and the board {differ}; the highest score is the same for {comparison.same_class} of {inputs}.",
        *(f"It rounds {ABOUT[mode]} (`{mode}`)." for mode in comparison.modes),
        "The board is right by TensorFlow Lite Micro, whose double rounding is what it is held to.",
    ]
    if comparison.unexplained:
        said.append(f"{comparison.unexplained:,} values are what no rounding known to this tool gives: not explained.")
    if comparison.hidden:
        said.append(
            f"Layers {', '.join(map(str, comparison.hidden))} could not be looked at: LiteRT keeps them to itself."
        )
    if comparison.disturbed:
        said.append(
            "Looking at all tensors changed LiteRT's own output; the layers above are not quite what it computes."
        )
    return " ".join(said)
