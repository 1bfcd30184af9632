"""Post-training quantization from end to end: calibrate, equalize, choose scales, round, correct, check."""

from dataclasses import dataclass, replace

import numpy as np

from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.floats import simplify
from depthwise.codegen.floats.global_pool import pool_to_mean
from depthwise.codegen.golden.model import checked_inputs
from depthwise.codegen.graph import Array, DType, Graph
from depthwise.codegen.operators.bounds import check_accumulators
from depthwise.codegen.operators.validate import is_float, validate

from .alike import joint_spans, with_conversions
from .calibrate import Batches, Calibration, CalibrationProgress, calibrate
from .equalize import equalized, links
from .layer_fitting import Fitting, fitted, inputs_needed
from .measured_ranges import MEASURED, MEASURED_ON, measured
from .observers import CALIBRATIONS, ValueRange
from .quantized import Built, build


@dataclass(frozen=True, slots=True)
class QuantizeOptions:
    """How to quantize: a name of CALIBRATIONS, or MEASURED, and which techniques to use.

    `input_range` is what every input spans, whatever was seen of it: pixels 0 to 255, for example, are -1 to 1, and a
    program that gives the network `pixel - 128` is right however little contrast the calibration pictures had.
    """

    calibration: str = "mse"
    equalize: bool = True
    correct_bias: bool = True
    input_range: tuple[float, float] | None = None
    adapt_rounding: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Quantized:
    """A float network as the quantizer sees it (rewritten, equalized), its int8 form, and what was calibrated."""

    reference: Graph
    built: Built
    calibration: Calibration

    @property
    def graph(self) -> Graph:
        """The int8 network."""
        return self.built.graph


def quantize(
    graph: Graph,
    batches: Batches,
    options: QuantizeOptions | None = None,
    progress: CalibrationProgress = lambda _what, _done: None,
) -> Quantized:
    """Quantize a float network to int8 by running `batches` of float32 inputs through it.

    Raises UnsupportedError for a network that is int8 already, or has a layer without an int8 form; InputError for
    inputs that do not fit.
    """
    options = options or QuantizeOptions()
    _check(graph)
    reference = with_conversions(pool_to_mean(simplify(graph)))
    calibration = calibrate(reference, batches, progress)
    if options.equalize and links(reference):
        reference = equalized(reference, calibration.seen)
        calibration = calibrate(reference, batches, progress)
    chosen = _spans(reference, calibration, batches, options, progress)
    built = replace(build(reference, joint_spans(reference, chosen)), input_range=options.input_range)
    how = Fitting(options.adapt_rounding, options.correct_bias)
    if how.weights or how.biases:
        some = some_inputs(reference, batches, inputs_needed(reference), calibration.inputs)
        built = fitted(reference, built, some, how, progress)
    validate(built.graph)
    check_accumulators(built.graph)
    return Quantized(reference, built, calibration)


def _spans(
    reference: Graph,
    calibration: Calibration,
    batches: Batches,
    options: QuantizeOptions,
    progress: CalibrationProgress,
) -> dict[int, ValueRange]:
    """The range of every tensor, as the options say."""
    given = options.input_range
    fixed = {} if given is None else dict.fromkeys(reference.inputs, ValueRange(*given))
    if options.calibration == MEASURED:
        some = some_inputs(reference, batches, MEASURED_ON, calibration.inputs)
        return measured(reference, calibration, fixed, some, progress)
    return spans(calibration, options.calibration) | fixed


def spans(calibration: Calibration, how: str) -> dict[int, ValueRange]:
    """The range of every tensor, chosen as `how` (a name of CALIBRATIONS) says."""
    return {index: CALIBRATIONS[how](seen.histogram) for index, seen in calibration.seen.items()}


def some_inputs(graph: Graph, batches: Batches, count: int, of: int) -> dict[int, Array]:
    """At most `count` inputs of a stream of `of`, evenly over all, by tensor: those of a class often lie together."""
    chosen = np.array([at * of // min(count, of) for at in range(min(count, of))])
    taken, seen = list[dict[int, Array]](), 0
    for batch in batches():
        given = checked_inputs(graph, batch)
        size = len(given[graph.inputs[0]])
        here = chosen[(seen <= chosen) & (chosen < seen + size)] - seen
        taken.append({i: values[here] for i, values in given.items()})
        seen += size
    return {i: np.concatenate([given[i] for given in taken]) for i in graph.inputs}


def _check(graph: Graph) -> None:
    if graph.states:
        kept = graph.tensors[graph.states[0].before]
        raise UnsupportedError(
            f"{graph.name} keeps tensor {kept.index} ({kept.name[:60]!r}) from run to run, and is a float network",
            "let TensorFlow quantize it: converter.representative_dataset, int8 operators alone",
        )
    if not is_float(graph):
        dtype = next((t.dtype for n in graph.nodes if (t := graph.output_of(n)).dtype is not DType.FLOAT32), None)
        kind = "float" if dtype is None else dtype.value
        raise UnsupportedError(
            f"{graph.name} is {kind} already", "export it: depthwise export MODEL -b BOARD -o FOLDER"
        )
