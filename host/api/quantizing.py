"""A float model and example inputs in, an int8 model file out, with how close the two are."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np

from depthwise.codegen.errors import InputError
from depthwise.codegen.formats.front_end import read_network
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.graph import Array, DType, Graph
from depthwise.codegen.naming import shape_text
from depthwise.codegen.project.whole_file import check_target, write_whole
from depthwise.codegen.quantize.calibrate import CALIBRATING, CalibrationProgress, batch_size
from depthwise.codegen.quantize.layer_costs import SEARCHING, WEIGHING
from depthwise.codegen.quantize.layer_fitting import FITTING
from depthwise.codegen.quantize.loss_report import COMPARING, LossReport, report
from depthwise.codegen.quantize.measured_ranges import MEASURING
from depthwise.codegen.quantize.quantize import QuantizeOptions
from depthwise.codegen.quantize.quantize import quantize as quantize_graph
from depthwise.codegen.quantize.quantized import with_ends
from depthwise.host.data.calibration import CalibrationInputs, DataOptions, data_from, spread
from depthwise.host.data.named_inputs import NamedInputs, named_from
from depthwise.host.progress import nobody

from .html import html_table
from .loading import Network, load

Given = CalibrationInputs | NamedInputs
# A folder of images, an .npy or .npz file, or real inputs [N, …] as the model takes them.
ExampleInputs = str | os.PathLike[str] | Array
PLAIN: Final = QuantizeOptions()


@dataclass(frozen=True, slots=True)
class QuantizedFile:
    """An int8 model that was written, and what was lost: agreement with the float model, SQNR layer by layer."""

    network: Network
    report: LossReport

    def _repr_html_(self) -> str:
        r = self.report
        what = f"{self.network.name}: outputs {r.logits_sqnr_db:.1f} dB, largest output the same for {r.agreement:.1%}"
        rows = ((layer.layer, layer.operator, layer.name, layer.sqnr_db) for layer in r.layers)
        return html_table(what, ("layer", "operator", "tensor", "SQNR dB"), rows)


def quantize(
    model: str | os.PathLike[str] | Network,
    out: str | os.PathLike[str],
    data: ExampleInputs,
    *,
    evaluate: ExampleInputs | None = None,
    reading: DataOptions | None = None,
    options: QuantizeOptions = PLAIN,
    io: str = "int8",
    force: bool = False,
    layer_costs: bool = False,
) -> QuantizedFile:
    """Quantize a float model by what it does with example inputs, and write `out`, whole or not at all.

    `reading` says what pixels are to the model, whether pictures are resized, how many are read; `evaluate` are other
    inputs to measure on; `layer_costs` finds what each layer costs. Raises UnsupportedError for an int8 model,
    InputError for inputs that do not fit, or if `out` is there, without `force`.
    """
    source, target = model.path if isinstance(model, Network) else Path(model), Path(out)
    check_target(target, force=force, sources=(source,))
    graph = model.graph if isinstance(model, Network) else read_network(source)
    how = reading or DataOptions()
    inputs = example_inputs(graph, data, how)
    compared = inputs if evaluate is None else example_inputs(graph, evaluate, how)
    options = replace(options, input_range=how.value_range)
    content, found = quantized(graph, inputs, compared, options, DType(io), weigh=layer_costs)
    write_whole(target, content)
    return QuantizedFile(load(target), found)


def example_inputs(graph: Graph, data: ExampleInputs, reading: DataOptions) -> Given:
    """Inputs of a folder, a file or an array, as a stream. Raises InputError for what does not fit."""
    if isinstance(data, str | os.PathLike):
        return (data_from if len(graph.inputs) == 1 else named_from)(graph, Path(data), reading)
    values, shape = np.asarray(data), graph.tensors[graph.inputs[0]].shape[1:]
    if len(graph.inputs) != 1 or values.shape[1:] != shape or values.dtype.kind != "f" or not len(values):
        raise InputError(
            f"an array {values.shape} of {values.dtype} was given, {graph.name} takes (N, {shape_text((1, *shape))})",
            "give real numbers as float32, or a folder or file",
        )
    chosen = spread(len(values), reading.limit)
    return CalibrationInputs("array", len(chosen), partial(_chosen_of, values, chosen))


def _chosen_of(values: Array, chosen: list[int]) -> Iterator[Array]:
    return (values[n].astype(np.float32) for n in chosen)


def totals(graph: Graph, inputs: Given, compared: Given) -> dict[str, int]:
    """How many steps each stage of quantizing has."""
    layers = dict.fromkeys((MEASURING, FITTING, SEARCHING, WEIGHING), len(graph.nodes))
    return {CALIBRATING: inputs.count, COMPARING: compared.count, **layers}


def quantized(
    graph: Graph,
    inputs: Given,
    compared: Given,
    options: QuantizeOptions,
    ends: DType,
    *,
    weigh: bool = False,
    step: CalibrationProgress = nobody,
) -> tuple[bytes, LossReport]:
    """The int8 model file of a float network, and how close it is on inputs to compare with; `weigh` its layers."""
    size = batch_size(graph)
    made = quantize_graph(graph, lambda: inputs.batches(size), options, step)
    found = report(made, lambda: compared.batches(size), weigh=weigh, progress=step)
    return write_model(with_ends(made.graph, ends)), found
