"""`depthwise quantize`: a float model and example inputs in, an int8 model out, with how close they are."""

import json
from pathlib import Path
from typing import Final

import click
from rich.markup import escape

from depthwise.codegen.errors import InputError
from depthwise.codegen.formats.front_end import read_network
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.graph import DType, Graph
from depthwise.codegen.project.whole_file import check_target, write_whole
from depthwise.codegen.quantize.calibrate import CALIBRATING, batch_size
from depthwise.codegen.quantize.loss_report import COMPARING, SEARCHING, LossReport, report
from depthwise.codegen.quantize.observers import CALIBRATIONS
from depthwise.codegen.quantize.quantize import QuantizeOptions, quantize
from depthwise.codegen.quantize.quantized import with_ends
from depthwise.host.console import err, out, print_json, stages, table
from depthwise.host.console.quoted import quoted
from depthwise.host.data.calibration import (
    SAY_RANGE,
    CalibrationInputs,
    DataOptions,
    PixelRange,
    data_from,
    left_out_text,
    noise,
)

from .range_type import RangeType

WORST_SHOWN: Final = 6
LONGEST_NAME: Final = 40
PIXELS: Final = RangeType(float, (-1e6, 1e6), "-1..1")


@click.command("quantize")
@click.argument("model", type=click.Path(path_type=Path))
@click.option("-o", "--out", "target", required=True, type=click.Path(path_type=Path), help="int8 .tflite to write.")
@click.option("--data", type=click.Path(path_type=Path), help="Example inputs: a folder of images or .npy, or an .npy.")
@click.option("--range", "value_range", type=PIXELS, help="What pixel values 0 and 255 are to the model: -1..1.")
@click.option("--resize", is_flag=True, help="Scale images to the size the model takes.")
@click.option("--limit", default=500, show_default=True, type=click.IntRange(1), help="Inputs to use at most.")
@click.option("--evaluate", type=click.Path(path_type=Path), help="Other inputs to measure agreement on.")
@click.option("--random", "random_data", is_flag=True, help="Calibrate on noise: for trying out, never for use.")
@click.option(
    "--calibration",
    type=click.Choice(list(CALIBRATIONS)),
    default=QuantizeOptions().calibration,
    show_default=True,
    help="How ranges follow from what was seen.",
)
@click.option("--no-equalize", is_flag=True, help="Leave channels as they are.")
@click.option("--no-bias-correction", is_flag=True, help="Leave biases as they round.")
@click.option(
    "--io",
    "ends",
    type=click.Choice([d.value for d in (DType.INT8, DType.UINT8, DType.FLOAT32)]),
    default=DType.INT8.value,
    show_default=True,
    help="Type of the model's input and output.",
)
@click.option("--report", "report_file", type=click.Path(path_type=Path), help="Write the whole report as JSON.")
@click.option("--force", is_flag=True, help="Replace files that are there.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def command(
    *,
    model: Path,
    target: Path,
    data: Path | None,
    value_range: PixelRange | None,
    limit: int,
    evaluate: Path | None,
    calibration: str,
    ends: str,
    report_file: Path | None,
    resize: bool,
    random_data: bool,
    no_equalize: bool,
    no_bias_correction: bool,
    force: bool,
    as_json: bool,
) -> None:
    """Quantize MODEL (a float .tflite, or .keras) to int8 by what it does with example inputs."""
    for file in (target, report_file):
        if file is not None:
            check_target(file, force=force, sources=(model,))
    if value_range is not None and value_range[0] == value_range[1]:
        raise InputError(f"--range {value_range[0]:g}..{value_range[1]:g} is a single value", SAY_RANGE)
    graph = read_network(model)
    reading = DataOptions(value_range, resize, limit)
    inputs = _data(graph, data, reading, random_data=random_data)
    compared = inputs if evaluate is None else data_from(graph, evaluate, reading)
    options = QuantizeOptions(calibration, not no_equalize, not no_bias_correction, value_range)
    for names in dict.fromkeys((inputs.left_out, compared.left_out)):
        _warn(left_out_text(names))
    if value_range is not None and not value_range[0] <= 0 <= value_range[1]:
        _warn(f"an int8 input holds 0, too: it spans {min(value_range[0], 0):g} to {max(value_range[1], 0):g}")
    content, found = _quantized(graph, inputs, compared, options, DType(ends), quiet=as_json)
    summary = {"model": model.name, "out": str(target), "bytes": len(content), "calibrated_on": inputs.what}
    summary |= {"calibration_inputs": inputs.count, "measured_on": compared.what, **found.as_json()}
    write_whole(target, content)
    if report_file is not None:
        write_whole(report_file, (json.dumps(summary, indent=2) + "\n").encode())
    if as_json:
        print_json(summary)
        return
    for note in graph.notes:
        out().print(f"note: {note}", soft_wrap=True)
    _show(found, compared, held_out=evaluate is not None)
    out().print(f"\n[bold]{target}[/bold]: {len(content):,} bytes ({model.stat().st_size:,} in {model.name})")
    out().print(f"next: depthwise export {quoted(target)} -b BOARD -o FOLDER", soft_wrap=True)


def _warn(text: str) -> None:
    if text:
        err().print(f"[yellow]warning:[/yellow] {escape(text)}", soft_wrap=True)


def _data(graph: Graph, data: Path | None, options: DataOptions, *, random_data: bool) -> CalibrationInputs:
    if data is not None:
        if random_data:
            raise InputError("--data and --random exclude each other", "leave one of them out")
        return data_from(graph, data, options)
    if not random_data:
        raise InputError(
            "there is nothing to calibrate with",
            "give some of the training inputs by --data FOLDER or FILE.npy (--random tries it out with noise)",
        )
    _warn("calibrated on noise: ranges, and with them accuracy, will be wrong")
    return noise(graph, options)


def _quantized(
    graph: Graph,
    inputs: CalibrationInputs,
    compared: CalibrationInputs,
    options: QuantizeOptions,
    ends: DType,
    *,
    quiet: bool,
) -> tuple[bytes, LossReport]:
    size = batch_size(graph)
    totals = {CALIBRATING: inputs.count, COMPARING: compared.count, SEARCHING: len(graph.nodes)}
    with stages(totals, quiet=quiet) as step:
        made = quantize(graph, lambda: inputs.batches(size), options, step)
        found = report(made, lambda: compared.batches(size), progress=step)
    return write_model(with_ends(made.graph, ends)), found


def _show(found: LossReport, compared: CalibrationInputs, *, held_out: bool) -> None:
    where = "other inputs" if held_out else "of the calibration inputs"
    out().print(
        f"int8 against float on {found.inputs} {where} ({compared.what}): largest output the same for "
        f"{found.agreement:.1%}, mean difference {found.mean_difference:.4f}, logits {found.logits_sqnr_db:.1f} dB",
        soft_wrap=True,
    )
    shown = table(
        "least exact layers", ("layer", "right"), ("operator", "name"), ("tensor", "left"), ("SQNR dB", "right")
    )
    for layer in sorted(found.layers, key=lambda r: r.sqnr_db)[:WORST_SHOWN]:
        shown.add_row(str(layer.layer), layer.operator, _short(layer.name), f"{layer.sqnr_db:.1f}")
    out().print(shown)
    if found.culprit is not None:
        c = found.culprit
        err().print(
            f"[red]collapsed:[/red] layer {c.layer} ({c.operator}, {_short(c.name)}) costs most: left in float alone, "
            f"logits come from {c.sqnr_db:.1f} to {c.sqnr_alone_float_db:.1f} dB",
            soft_wrap=True,
        )
        err().print(
            "[yellow]next:[/yellow]  look at its inputs and weights, give more data, or train with quantization"
        )


def _short(name: str) -> str:
    """The first of the names that converters join by semicolons, without its scope."""
    first = name.split(";", maxsplit=1)[0]
    return first if len(first) <= LONGEST_NAME else f"…{first[-LONGEST_NAME + 1 :]}"
