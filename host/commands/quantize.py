"""`depthwise quantize`: a float model and example inputs in, an int8 model out, with how close they are."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import click
from rich.markup import escape

from depthwise.codegen.errors import InputError
from depthwise.codegen.formats.front_end import read_network
from depthwise.codegen.golden.answers import classes_told
from depthwise.codegen.graph import DType, Graph
from depthwise.codegen.project.labels import check_labels, read_labels
from depthwise.codegen.project.whole_file import check_target, write_whole
from depthwise.codegen.quantize.loss_report import LossReport
from depthwise.codegen.quantize.measured_ranges import MEASURED
from depthwise.codegen.quantize.observers import CALIBRATIONS
from depthwise.codegen.quantize.quantize import QuantizeOptions
from depthwise.host.api.evaluating import Evaluation, evaluation
from depthwise.host.api.quantizing import Given, example_inputs, quantized, totals
from depthwise.host.console import err, out, print_json, stages
from depthwise.host.console.quoted import quoted
from depthwise.host.data.calibration import SAY_RANGE, CalibrationInputs, DataOptions, left_out_text
from depthwise.host.data.named_inputs import noise_of

from .accuracy_views import show_evaluation
from .grouped_options import grouped
from .loss_views import show_culprit, show_layers
from .range_type import PIXELS


def _quantizing(
    calibration: str, *, no_equalize: bool, no_bias_correction: bool, adaptive_rounding: bool
) -> QuantizeOptions:
    return QuantizeOptions(calibration, not no_equalize, not no_bias_correction, adapt_rounding=adaptive_rounding)


@dataclass(frozen=True, slots=True)
class Writing:
    """What is written: the type of the model's ends, the report (of layers' costs, too), whether files are replaced."""

    ends: str
    report_file: Path | None
    layer_costs: bool
    force: bool


reading_options: Final = grouped(
    "reading",
    DataOptions,
    click.option("--range", "value_range", type=PIXELS, help="What pixel values 0 and 255 are to the model: -1..1."),
    click.option("--resize", is_flag=True, help="Scale images to the size the model takes."),
    click.option("--limit", default=500, show_default=True, type=click.IntRange(1), help="Inputs to use at most."),
)
quantizing_options: Final = grouped(
    "options",
    _quantizing,
    click.option(
        "--calibration",
        type=click.Choice([*CALIBRATIONS, MEASURED]),
        default=QuantizeOptions().calibration,
        show_default=True,
        help="How ranges follow from what was seen; measured: tensor by tensor by what the answers lose (slow).",
    ),
    click.option("--adaptive-rounding", is_flag=True, help="Round weights by what their layer's sums lose (slow)."),
    click.option("--no-equalize", is_flag=True, help="Leave channels as they are."),
    click.option("--no-bias-correction", is_flag=True, help="Leave biases as they round."),
)
written_options: Final = grouped(
    "written",
    Writing,
    click.option(
        "--io",
        "ends",
        type=click.Choice([d.value for d in (DType.INT8, DType.UINT8, DType.FLOAT32)]),
        default=DType.INT8.value,
        show_default=True,
        help="Type of the model's input and output.",
    ),
    click.option("--report", "report_file", type=click.Path(path_type=Path), help="Write the whole report as JSON."),
    click.option("--layer-costs", is_flag=True, help="Weigh layers: what each costs in int8 alone, or saves in float."),
    click.option("--force", is_flag=True, help="Replace files that are there."),
)


@click.command("quantize")
@click.argument("model", type=click.Path(path_type=Path))
@click.option("-o", "--out", "target", required=True, type=click.Path(path_type=Path), help="int8 .tflite to write.")
@click.option("--data", type=click.Path(path_type=Path), help="Example inputs: folder of images or .npy, .npy, .npz.")
@reading_options
@click.option(
    "--evaluate",
    type=click.Path(path_type=Path),
    help="Other inputs to measure agreement on; accuracy, too, of FOLDER/CLASS/… (a folder for each class).",
)
@click.option("--labels", type=click.Path(path_type=Path), help="Names of the scores: a file, one on each line.")
@click.option("--random", "random_data", is_flag=True, help="Calibrate on noise: for trying out, never for use.")
@quantizing_options
@written_options
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def command(
    *,
    model: Path,
    target: Path,
    data: Path | None,
    reading: DataOptions,
    evaluate: Path | None,
    labels: Path | None,
    random_data: bool,
    options: QuantizeOptions,
    written: Writing,
    as_json: bool,
) -> None:
    """Quantize MODEL (a float .tflite, or .keras) to int8 by what it does with example inputs."""
    for file in filter(None, (target, written.report_file)):
        check_target(file, force=written.force, sources=(model,))
    _check_range(reading)
    graph = read_network(model)
    inputs = _data(graph, data, reading, random_data=random_data)
    compared = inputs if evaluate is None else example_inputs(graph, evaluate, reading)
    for names in dict.fromkeys((inputs.left_out, compared.left_out)):
        _warn(left_out_text(names))
    options = replace(options, input_range=reading.value_range)
    names = read_labels(labels) if labels is not None else ()
    check_labels(graph, names)
    content, found = _quantized(graph, (inputs, compared), options, written, quiet=as_json)
    evaluated = None if evaluate is None else _evaluated(graph, found, compared, names)
    summary = {"model": model.name, "out": str(target), "bytes": len(content), "calibrated_on": inputs.what}
    summary |= {"calibration_inputs": inputs.count, "measured_on": compared.what, **found.as_json()}
    summary["evaluation"] = None if evaluated is None else evaluated.as_json()
    write_whole(target, content)
    if written.report_file is not None:
        write_whole(written.report_file, (json.dumps(summary, indent=2) + "\n").encode())
    if as_json:
        print_json(summary)
        return
    for note in graph.notes:
        out().print(f"note: {note}", soft_wrap=True)
    _show(found, compared, held_out=evaluate is not None)
    if evaluated is not None:
        show_evaluation(evaluated)
    _show_files(model, target)


def _show_files(model: Path, target: Path) -> None:
    sizes = f"{target.stat().st_size:,} bytes ({model.stat().st_size:,} in {model.name})"
    out().print(f"\n[bold]{escape(str(target))}[/bold]: {escape(sizes)}")
    out().print(f"next: depthwise export {quoted(target)} -b BOARD -o FOLDER", soft_wrap=True)


def _check_range(reading: DataOptions) -> None:
    if reading.value_range is None:
        return
    low, high = reading.value_range
    if low == high:
        raise InputError(f"--range {low:g}..{high:g} is a single value", SAY_RANGE)
    if not low <= 0 <= high:
        _warn(
            f"an int8 input holds 0, too: it spans {min(low, 0):g} to {max(high, 0):g}, "
            "and is not pixel - 128 (its scale and zero point say what it is)"
        )


def _warn(text: str) -> None:
    if text:
        err().print(f"[yellow]warning:[/yellow] {escape(text)}", soft_wrap=True)


def _data(graph: Graph, data: Path | None, options: DataOptions, *, random_data: bool) -> Given:
    if data is not None:
        if random_data:
            raise InputError("--data and --random exclude each other", "leave one of them out")
        return example_inputs(graph, data, options)
    if not random_data:
        raise InputError(
            "there is nothing to calibrate with",
            "give some of the training inputs by --data FOLDER or FILE.npy (--random tries it out with noise)",
        )
    _warn("calibrated on noise: ranges, and with them accuracy, will be wrong")
    return noise_of(graph, options)


def _quantized(
    graph: Graph, given: tuple[Given, Given], options: QuantizeOptions, written: Writing, *, quiet: bool
) -> tuple[bytes, LossReport]:
    """The file's content and the report, by inputs to calibrate and to compare with."""
    with stages(totals(graph, *given), quiet=quiet) as step:
        return quantized(graph, *given, options, DType(written.ends), weigh=written.layer_costs, step=step)


def _evaluated(graph: Graph, found: LossReport, compared: Given, names: tuple[str, ...]) -> Evaluation | None:
    """Accuracy, where inputs lie in a folder for each class; a warning where these are not the network's classes."""
    shown = compared.labelled if isinstance(compared, CalibrationInputs) else None
    if shown is None:
        return None
    if not names and len(shown.classes) != classes_told(graph):
        apart = f"the network tells {classes_told(graph)} classes apart"
        _warn(f"{compared.what} has {len(shown.classes)} folders, {apart}: accuracy is not measured")
        return None
    return evaluation(graph, found, shown, names)


def _show(found: LossReport, compared: Given, *, held_out: bool) -> None:
    where = "other inputs" if held_out else "of the calibration inputs"
    ends = "logits" if found.classes else "outputs"
    same = f"largest output the same for {found.agreement:.1%}, " if found.classes else ""
    out().print(
        f"int8 against float on {found.inputs} {where} ({compared.what}): {same}"
        f"mean difference {found.mean_difference:.4f}, {ends} {found.logits_sqnr_db:.1f} dB",
        soft_wrap=True,
    )
    show_layers(found)
    show_culprit(found)
