"""Draws docs/pictures/*.svg, the pictures of docs/how.md, from plans, passes and kernels of real models.

`make pictures`. Each is an SVG whose colours follow the reader's light or dark; the site takes it into its pages.
"""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.dsp.lines import lines_of
from depthwise.codegen.kernels.sums import sums_of
from depthwise.codegen.passes import PassOptions, optimize
from depthwise.codegen.schedule import RowPlan, plan_rows, points, whole_tensors
from depthwise.host.api.loading import load
from depthwise.host.report.layer_rows import layer_rows
from depthwise.host.report.memory_map import memory_map
from depthwise.host.report.subject import subject_of
from depthwise.host.report.svg import ACCENT, FAINT, INK, LINE, PALETTE, SECOND, Axes, Figure, drawn
from tests.support.models import FOLDER

from .pages import DOCS

PICTURES: Final = DOCS / "pictures"
MODEL: Final = FOLDER / "vww_96_int8.tflite"
WIDTH: Final = 9.0
LAYERS: Final = 9
# Layer and channel whose thresholds are drawn, and how many of them.
LAYER, CHANNEL, SHOWN = 2, 3, 7
DARK: Final = {
    "--ink": "#e6eaf0",
    "--faint": "#a3adba",
    "--line": "#46505e",
    "--accent": "#6cb2f5",
    "--second": "#f59e5b",
}
LIGHT: Final = {
    "--ink": "#1c2430",
    "--faint": "#5b6675",
    "--line": "#c9d1db",
    "--accent": "#1668b8",
    "--second": "#c2410c",
}
BOTH: Final = ("#4e79a7", "#f28e2b", "#59a14f", "#b07aa1", "#76b7b2", "#e15759", "#edc948", "#9c755f")


ROUNDINGS: Final = "two roundings of TensorFlow Lite Micro"
LINE_FORM: Final = "one multiplication and one shift"
BEFORE: Final = "the line, before it is cut"


def main() -> None:
    """Draw them all."""
    live = optimize(load(MODEL).graph, PassOptions()).graph
    rows = min(points(live), key=lambda p: p.ram_bytes).plan
    whole = plan_rows(live, whole_tensors(live))
    for name, svg in {
        "calls": calls_picture(rows, whole),
        "memory": memory_picture(rows, whole),
        "passes": passes_picture(),
        "thresholds": thresholds_picture(live),
    }.items():
        PICTURES.mkdir(exist_ok=True)
        (PICTURES / f"{name}.svg").write_text(with_colours(svg))


def with_colours(svg: str) -> str:
    """The drawing as a file of its own, with colours for light and for dark."""
    shared = {f"--c{number}": colour for number, colour in enumerate(BOTH)}
    style = f"<style>:root{_rule({**LIGHT, **shared})}@media(prefers-color-scheme:dark){{:root{_rule(DARK)}}}</style>"
    head, end, rest = svg.partition(">")
    return f"{head}{end}{style}{rest}\n"


def _rule(colours: Mapping[str, str]) -> str:
    return "{" + "".join(f"{name}:{colour};" for name, colour in colours.items()) + "}"


def calls_picture(rows: RowPlan, whole: RowPlan) -> str:
    """Which layer computes a row when: by rows above, by whole tensors below."""

    def draw(figure: Figure) -> None:
        for axes, plan, title in zip(
            figure.subplots(2, 1, sharex=True), (rows, whole), ("by rows", "by whole tensors"), strict=True
        ):
            _draw_calls(axes, list(plan.order.steps), title)
        axes.set_xlabel("calls of an inference, one row each")

    return drawn("calls", "Which layer computes a row when", (WIDTH, 4.6), draw)


def _runs(steps: list[int], layer: int) -> list[tuple[int, int]]:
    """Where a layer is called, and how often in a row."""
    found: list[tuple[int, int]] = []
    for number, step in enumerate(steps):
        if step == layer:
            start, length = found[-1] if found else (number, 0)
            if start + length == number:
                found[-1:] = [(start, length + 1)]
            else:
                found.append((number, 1))
    return found


def _draw_calls(axes: Axes, steps: list[int], title: str) -> None:
    for layer in range(LAYERS):
        axes.broken_barh(_runs(steps, layer), (layer - 0.42, 0.84), facecolors=PALETTE[layer % len(PALETTE)])
    axes.set_ylim(LAYERS - 0.4, -0.6)
    axes.set_yticks(range(LAYERS))
    axes.set_ylabel("layer")
    axes.set_title(title, loc="left")


def memory_picture(rows: RowPlan, whole: RowPlan) -> str:
    """What lies in RAM when, both ways on one scale."""

    def draw(figure: Figure) -> None:
        panels = figure.subplots(1, 2, sharey=True)
        for axes, plan, title in zip(panels, (whole, rows), ("whole tensors", "rows"), strict=True):
            found = memory_map(plan)
            for living in found.livings:
                colour = FAINT if living.layer is None else PALETTE[living.layer % len(PALETTE)]
                span, place = (living.first, living.last - living.first + 1), (living.offset, living.size)
                axes.broken_barh([span], place, facecolors=colour, edgecolors=LINE, linewidth=0.3, alpha=0.85)
            axes.axhline(found.bytes, color=SECOND, linewidth=1)
            axes.annotate(f"{found.bytes:,} bytes", (found.calls, found.bytes), ha="right", va="bottom", color=INK)
            axes.set_title(title, loc="left")
            axes.set_xlabel("calls of an inference")
        panels[0].set_ylabel("bytes of the block")

    return drawn("memory", "What lies in RAM when", (WIDTH, 3.8), draw)


def passes_picture() -> str:
    """Multiply-accumulates of each layer in the model, and what the exact passes leave."""
    found = [row for row in layer_rows(subject_of(MODEL), ()) if row.macs]

    def draw(figure: Figure) -> None:
        axes, at = figure.add_subplot(), range(len(found))
        axes.bar(at, [row.macs / 1000 for row in found], color=LINE, label="in the model")
        axes.bar(at, [(row.macs_left or 0) / 1000 for row in found], color=ACCENT, label="left")
        axes.set_xticks(at, [str(row.layer) for row in found])
        axes.set_xlabel("layer")
        axes.set_ylabel("thousand multiply-accumulates")
        axes.legend(frameon=False)

    return drawn("passes", "What exact passes leave of each layer", (WIDTH, 3.4), draw)


def thresholds_picture(live: Graph) -> str:
    """The output of one channel over its sum, near a few thresholds: both forms, and the line that one of them cuts."""
    node = _lined(live)
    draw = _thresholds(live, node)
    return drawn("thresholds", "Outputs of a channel over its sums", (WIDTH, 3.8), draw)


def _lined(live: Graph) -> Node:
    node = next(n for n in live.nodes if n.layer == LAYER)
    assert lines_of(live, node) is not None
    return node


def _thresholds(live: Graph, node: Node) -> Callable[[Figure], None]:
    lines, sums = lines_of(live, node), sums_of(live, node)
    assert lines is not None
    bias, multiplier = lines[0][CHANNEL], lines[1][CHANNEL]
    first, last = (round((2**44 / multiplier * output - bias) / 256) for output in (-120, SHOWN - 120))
    products = np.arange(first, last)
    line = (256 * products + bias) * multiplier
    every = np.repeat((products + int(sums.biases[CHANNEL]))[None], len(lines[0]), axis=0)
    plain = sums.steps(every)[CHANNEL]
    assert (np.clip(line >> 44, -128, 127) == plain).all()

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.step(products, plain, where="post", color=ACCENT, linewidth=5, alpha=0.45, label=ROUNDINGS)
        axes.step(products, line >> 44, where="post", color=SECOND, linewidth=1.3, label=LINE_FORM)
        axes.plot(products, line / 2**44, color=FAINT, linewidth=0.8, linestyle="--", label=BEFORE)
        axes.set_xlabel(f"sum of products of channel {CHANNEL} of layer {LAYER}")
        axes.set_ylabel("output")
        axes.legend(frameon=False)

    return draw


if __name__ == "__main__":
    main()
