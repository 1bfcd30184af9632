"""What an int8 network has lost, layer by layer, as a table; and the layer to blame."""

from typing import Final

from rich.markup import escape

from depthwise.codegen.quantize.loss_report import LayerReport, LossReport
from depthwise.host.console import err, out, table

WORST_SHOWN: Final = 6
LONGEST_NAME: Final = 40
HEADINGS: Final = (("layer", "right"), ("operator", "name"), ("tensor", "left"), ("SQNR dB", "right"))
WEIGHED: Final = (("alone in int8", "right"), ("alone in float", "right"))


def show_layers(found: LossReport) -> None:
    """The least exact layers; where they were weighed those that cost most, by what the answers lose to each."""
    weighed = [layer for layer in found.layers if layer.alone_int8_db is not None]
    if weighed:
        rows = table("layers that cost most, dB of the answers", *HEADINGS, *WEIGHED)
        for layer in sorted(weighed, key=lambda r: r.alone_int8_db or 0.0)[:WORST_SHOWN]:
            rows.add_row(*_cells(layer), f"{layer.alone_int8_db:.1f}", f"{layer.alone_float_db:.1f}")
    else:
        rows = table("least exact layers", *HEADINGS)
        for layer in sorted(found.layers, key=lambda r: r.sqnr_db)[:WORST_SHOWN]:
            rows.add_row(*_cells(layer))
    out().print(rows)


def _cells(layer: LayerReport) -> tuple[str, str, str, str]:
    return str(layer.layer), layer.operator, _short(layer.name), f"{layer.sqnr_db:.1f}"


def show_culprit(found: LossReport) -> None:
    """The layer that is to blame for a collapse, if there was one."""
    c = found.culprit
    if c is None or not found.collapsed:
        return
    err().print(
        f"[red]collapsed:[/red] layer {c.layer} ({c.operator}, {escape(_short(c.name))}) costs most: "
        f"left in float alone, logits come from {c.sqnr_db:.1f} to {c.sqnr_alone_float_db:.1f} dB",
        soft_wrap=True,
    )
    err().print("[yellow]next:[/yellow]  look at its inputs and weights, give more data, or train with quantization")


def _short(name: str) -> str:
    """The first of the names that converters join by semicolons, without its scope."""
    first = name.split(";", maxsplit=1)[0]
    return first if len(first) <= LONGEST_NAME else f"…{first[-LONGEST_NAME + 1 :]}"
