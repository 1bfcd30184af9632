"""The pictures of a report. What they say in words is ours: numbers of layers, kinds of operators, never names."""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from depthwise.codegen.zoo.versus_full import Pair

from .layer_rows import LayerRow
from .memory_map import Living, MemoryMap
from .svg import ACCENT, BAD, FAINT, LINE, PALETTE, SECOND, Axes, Figure, drawn

WIDTH = 9.0
LAYER = 0.2  # inches for a layer


def memory_chart(found: MemoryMap) -> str:
    """What lies where and when: time to the right, bytes of the block upwards."""

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        for living in found.livings:
            _draw_living(axes, living, found)
        for cut in found.cuts:
            axes.axvline(cut, color=LINE, linewidth=0.6, linestyle=":")
        axes.set_xlim(0, found.calls + 1)
        axes.set_ylim(0, max(found.bytes, 1))
        axes.set_xlabel("calls of an inference")
        axes.set_ylabel("bytes of the block")

    return drawn("memory", "Memory over time", (WIDTH, 4.2), draw)


def _draw_living(axes: Axes, living: Living, found: MemoryMap) -> None:
    colour = FAINT if living.layer is None else PALETTE[living.layer % len(PALETTE)]
    length = living.last - living.first + 1
    bar = {"facecolors": colour, "edgecolors": LINE, "linewidth": 0.4, "alpha": 0.75}
    axes.broken_barh([(living.first, length)], (living.offset, living.size), **bar)
    wide = length > 0.014 * found.calls * (len(living.what) if living.layer is None else 2)
    if wide and living.size > found.bytes / 28:
        text = living.what if living.layer is None else str(living.layer)
        middle = (living.first + length / 2, living.offset + living.size / 2)
        axes.annotate(text, middle, ha="center", va="center", fontsize=8)


def layers_chart(rows: Sequence[LayerRow]) -> str:
    """MACs, cycles and bytes of each layer, side by side."""
    panels = [_macs, _bytes]
    if any(row.cycles for row in rows) or any(row.ticks for row in rows):
        panels.insert(1, _cycles)
    if any(row.ring_bytes for row in rows):
        panels.append(_rings)

    def draw(figure: Figure) -> None:
        all_axes = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
        for axes, panel in zip(all_axes, panels, strict=True):
            panel(axes, rows)
            axes.xaxis.set_major_formatter(_short)
            axes.tick_params(axis="x", labelsize=8)
        all_axes[0].set_yticks(range(len(rows)), [row.label for row in rows])
        all_axes[0].set_ylim(len(rows) - 0.4, -0.6)

    return drawn("layers", "Layers", (WIDTH, 1.0 + LAYER * len(rows)), draw)


def _short(value: float, _: int) -> str:
    """A number in few characters."""
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:g} {letter}"
    return f"{value:g}"


def _bars(axes: Axes, title: str, before: Sequence[float], left: Sequence[float | None]) -> None:
    """Faint bars of what was, and bars of what is left in them."""
    at = range(len(before))
    axes.barh(at, before, color=LINE, height=0.75)
    axes.barh(at, [b if value is None else value for b, value in zip(before, left, strict=True)], color=ACCENT)
    axes.set_title(title)


def _macs(axes: Axes, rows: Sequence[LayerRow]) -> None:
    _bars(axes, "MACs", [row.macs for row in rows], [row.macs_left for row in rows])


def _bytes(axes: Axes, rows: Sequence[LayerRow]) -> None:
    _bars(axes, "bytes of weights", [row.weight_bytes for row in rows], [row.weight_bytes_left for row in rows])


def _rings(axes: Axes, rows: Sequence[LayerRow]) -> None:
    axes.barh(range(len(rows)), [row.ring_bytes or 0 for row in rows], color=ACCENT)
    axes.set_title("bytes of its ring")


def _cycles(axes: Axes, rows: Sequence[LayerRow]) -> None:
    axes.barh(range(len(rows)), [row.cycles or 0 for row in rows], color=ACCENT)
    counted = [(at, row.ticks) for at, row in enumerate(rows) if row.ticks is not None]
    if counted:
        axes.plot([ticks for _, ticks in counted], [at for at, _ in counted], "|", color=SECOND, markersize=9)
    axes.set_title("cycles" if not counted else "cycles, | measured")


def pairs_chart(pairs: Sequence[Pair]) -> str:
    """The share of a full convolution's products that each pair takes, beside 1/M + 1/K²."""

    def draw(figure: Figure) -> None:
        axes, at = figure.add_subplot(), range(len(pairs))
        axes.barh(at, [100 * pair.measured for pair in pairs], color=ACCENT)
        axes.plot([100 * pair.predicted for pair in pairs], at, "|", color=SECOND, markersize=9)
        axes.set_yticks(at, [f"{pair.depthwise.layer}, {pair.pointwise.layer}" for pair in pairs])
        axes.set_ylim(len(pairs) - 0.4, -0.6)
        axes.set_xlabel("% of the products of a full convolution; | is 1/M + 1/K²")

    return drawn("pairs", "Pairs beside full convolutions", (WIDTH, 1.0 + LAYER * len(pairs)), draw)


def quantization_chart(layers: Sequence[Mapping[str, Any]], culprit: int | None) -> str:
    """Signal to quantization noise of each layer; the one to blame stands out."""

    def draw(figure: Figure) -> None:
        axes, at = figure.add_subplot(), range(len(layers))
        colours = [BAD if row["layer"] == culprit else ACCENT for row in layers]
        axes.barh(at, [row["sqnr_db"] if isfinite(row["sqnr_db"]) else 0.0 for row in layers], color=colours)
        axes.set_yticks(at, [f"{row['layer']} {row['operator']}"[:40] for row in layers])
        axes.set_ylim(len(layers) - 0.4, -0.6)
        axes.set_xlabel("signal to quantization noise, dB")

    return drawn("quantization", "Quantization", (WIDTH, 1.0 + LAYER * len(layers)), draw)
