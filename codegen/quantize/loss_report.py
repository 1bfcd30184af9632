"""How close an int8 network is to the float one it was made from: per layer, in its answers, and who is to blame.

The culprit of a collapse is the layer whose rounding costs the answers most: without it they are best (layer_costs).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.arithmetic.fixedpoint import Mode
from depthwise.codegen.floats.float_model import steps
from depthwise.codegen.golden import model as golden
from depthwise.codegen.golden.answers import answers_of
from depthwise.codegen.golden.model import checked_inputs
from depthwise.codegen.graph import Graph

from .calibrate import Batch, Batches, CalibrationProgress
from .closeness import has_classes, logits_of, noise_powers, real_values, same_answers, sqnr_db
from .input_levels import quantized_inputs
from .layer_costs import LayerCosts, layer_costs
from .quantize import Quantized, some_inputs

Float64 = NDArray[np.float64]
WEIGHED_ON: Final = 16
COMPARING: Final = "comparing"
COLLAPSED_DB: Final = 12.0
COLLAPSED_AGREEMENT: Final = 0.9
PLAIN: Final = ("inputs", "agreement", "mean_difference", "logits_sqnr_db", "classes")


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerReport:
    """One layer: SQNR of the tensor it writes, in dB; where layers were weighed, what this one costs (LayerCosts)."""

    layer: int
    name: str
    operator: str
    sqnr_db: float
    alone_int8_db: float | None = None
    alone_float_db: float | None = None


@dataclass(frozen=True, slots=True)
class Culprit:
    """The layer that, left in float alone, brings the answers closest: their SQNR without and with it in int8."""

    layer: int
    name: str
    operator: str
    sqnr_db: float
    sqnr_alone_float_db: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LossReport:
    """Agreement of int8 and float on some inputs; `logits_sqnr_db` is taken before final scores.

    Of several outputs, the worst one's SQNR is `logits_sqnr_db`, and they agree where all do.
    `agreement` is the share of inputs with the same largest output, which says something of `classes` alone: where a
    SOFTMAX writes an output. `mean_difference` is the mean absolute difference of outputs in their own units.
    `culprit` is searched for where `collapsed`, or when asked. `answers` are the classes of each input, in float and
    in int8, by the first output.
    """

    inputs: int
    agreement: float
    mean_difference: float
    logits_sqnr_db: float
    classes: bool
    layers: tuple[LayerReport, ...]
    culprit: Culprit | None = None
    answers: tuple[tuple[int, int], ...] = ()

    @property
    def collapsed(self) -> bool:
        """Tell whether the int8 network is of little use."""
        return self.logits_sqnr_db < COLLAPSED_DB or (self.classes and self.agreement < COLLAPSED_AGREEMENT)

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        plain = {key: getattr(self, key) for key in PLAIN}
        layers = [{k: getattr(layer, k) for k in LayerReport.__slots__} for layer in self.layers]
        culprit = None if self.culprit is None else {k: getattr(self.culprit, k) for k in Culprit.__slots__}
        return {**plain, "collapsed": self.collapsed, "layers": layers, "culprit": culprit}


def report(
    made: Quantized,
    batches: Batches,
    *,
    weigh: bool = False,
    progress: CalibrationProgress = lambda _what, _done: None,
) -> LossReport:
    """Run inputs through both networks and compare every tensor; find the culprit where they collapse.

    `weigh` finds what each layer costs, and the culprit whatever the answers are.
    """
    powers: dict[int, Float64] = {}
    answers, outputs = [0, 0, 0.0], set(made.reference.outputs)
    given = list[tuple[int, int]]()
    for batch in batches():
        same: list[NDArray[np.bool_]] = []
        for tensor, real, level in _compared(made, batch):
            powers[tensor] = powers.get(tensor, np.zeros(2)) + noise_powers(real, level)
            if tensor in outputs:
                same.append(same_answers(made.reference, tensor, real, level))
                given += _answers(made.reference, tensor, real, level)
                answers[2] += float(np.abs(real - level).mean()) * len(real) / len(outputs)
        answers[0] += len(same[0])
        answers[1] += int(np.all(same, axis=0).sum())
        progress(COMPARING, int(answers[0]))
    count = max(int(answers[0]), 1)
    logits = min(sqnr_db(powers[end]) for end in logits_of(made.reference))
    found = LossReport(
        inputs=int(answers[0]),
        agreement=answers[1] / count,
        mean_difference=answers[2] / count,
        logits_sqnr_db=logits,
        classes=has_classes(made.reference),
        layers=tuple(_layers(made.reference, powers)),
        answers=tuple(given),
    )
    if not (weigh or found.collapsed):
        return found
    some = some_inputs(made.reference, batches, WEIGHED_ON, found.inputs)
    return _weighed(found, made, layer_costs(made.reference, made.built, some, progress, each_in_int8=weigh))


def _weighed(found: LossReport, made: Quantized, costs: LayerCosts) -> LossReport:
    """A report with what layers cost, and the one that costs most."""
    nodes = [n for n in made.reference.nodes if n.output in costs.alone_float_db]
    worst = max(nodes, key=lambda n: costs.alone_float_db[n.output])
    best = costs.alone_float_db[worst.output]
    blamed = Culprit(worst.layer, made.reference.output_of(worst).name, worst.op.kind, costs.all_int8_db, best)
    if not costs.alone_int8_db:
        return replace(found, culprit=blamed)
    layers = tuple(
        replace(layer, alone_int8_db=costs.alone_int8_db[n.output], alone_float_db=costs.alone_float_db[n.output])
        for layer, n in zip(found.layers, nodes, strict=True)
    )
    return replace(found, culprit=blamed, layers=layers)


def _layers(graph: Graph, powers: Mapping[int, Float64]) -> Iterator[LayerReport]:
    for node in graph.nodes:
        if node.output in powers:
            yield LayerReport(
                layer=node.layer,
                name=graph.output_of(node).name,
                operator=node.op.kind,
                sqnr_db=sqnr_db(powers[node.output]),
            )


def _answers(graph: Graph, tensor: int, *values: Float64) -> Iterator[tuple[int, int]]:
    """Classes of each input, in float and in int8, if a tensor is the first output."""
    if tensor == graph.outputs[0]:
        yield from zip(*(answers_of(graph, v).tolist() for v in values), strict=True)


def _compared(made: Quantized, batch: Batch) -> Iterator[tuple[int, Float64, Float64]]:
    """(float tensor, its values, what the int8 network has there) for each layer."""
    graph, tensors = made.graph, made.built.tensors
    given = checked_inputs(made.reference, batch)
    values = quantized_inputs(made.built, given)
    last = {i: node for node in graph.nodes for i in node.inputs}
    pairs = zip(steps(made.reference, given), graph.nodes, strict=True)
    for (tensor, real), node in pairs:
        values[node.output] = golden.compute_cases(graph, node, values, Mode.TFLM)
        yield tensor, real.astype(np.float64), real_values(graph.tensors[tensors[tensor]], values[node.output])
        for read in node.inputs:
            if last[read] is node:
                values.pop(read, None)
