"""How close an int8 network is to the float one it was made from: per layer, in its answers, and who is to blame.

SQNR is 10·log10(Σ x² / Σ (x − x̂)²) in dB: 6 dB are one bit. The culprit is found by running the network in real
numbers rounded to the int8 network's steps ("fake quantization"), once for each layer with that layer left in
float: the layer whose rounding costs the answers most is the one without which they are best.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.arithmetic.fixedpoint import Mode
from depthwise.codegen.floats.float_model import compute, steps
from depthwise.codegen.golden import model as golden
from depthwise.codegen.golden.answers import answers_of
from depthwise.codegen.golden.model import checked_inputs
from depthwise.codegen.graph import Array, Graph, Node, Tensor
from depthwise.codegen.operators import LogSoftmax, Softmax, has_weights
from depthwise.codegen.operators.float_scores import KEEP_ORDER
from depthwise.codegen.operators.parameters import quantization_of

from .bias_correction import quantized_inputs
from .calibrate import Batch, Batches, CalibrationProgress
from .quantize import Quantized, first_inputs

Float64 = NDArray[np.float64]
CULPRIT_INPUTS: Final = 16
COMPARING, SEARCHING = "comparing", "searching for the culprit"
COLLAPSED_DB: Final = 12.0
COLLAPSED_AGREEMENT: Final = 0.9
PLAIN: Final = ("inputs", "agreement", "mean_difference", "logits_sqnr_db", "classes")


@dataclass(frozen=True, slots=True)
class LayerReport:
    """One layer: SQNR of the tensor it writes, in dB."""

    layer: int
    name: str
    operator: str
    sqnr_db: float


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
    search: bool = False,
    progress: CalibrationProgress = lambda _what, _done: None,
) -> LossReport:
    """Run inputs through both networks and compare every tensor; the culprit too where they collapse or on `search`."""
    powers: dict[int, Float64] = {}
    answers, outputs = [0, 0, 0.0], set(made.reference.outputs)
    given = list[tuple[int, int]]()
    for batch in batches():
        same: list[NDArray[np.bool_]] = []
        for tensor, real, level in _compared(made, batch):
            powers[tensor] = powers.get(tensor, np.zeros(2)) + _powers(real, level)
            if tensor in outputs:
                same.append(_flat(real).argmax(axis=1) == _flat(level).argmax(axis=1))
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
    if not (search or found.collapsed):
        return found
    return replace(found, culprit=culprit(made, first_inputs(made.reference, batches, CULPRIT_INPUTS), progress))


def _layers(graph: Graph, powers: Mapping[int, Float64]) -> Iterator[LayerReport]:
    for node in graph.nodes:
        if node.output in powers:
            yield LayerReport(node.layer, graph.output_of(node).name, node.op.kind, sqnr_db(powers[node.output]))


def _answers(graph: Graph, tensor: int, *values: Float64) -> Iterator[tuple[int, int]]:
    """Classes of each input, in float and in int8, if a tensor is the first output."""
    if tensor == graph.outputs[0]:
        yield from zip(*(answers_of(graph, v).tolist() for v in values), strict=True)


def sqnr_db(powers: Float64) -> float:
    """SQNR of summed powers (signal, noise), at most 200 dB; 0 where there is no signal."""
    signal, noise = float(powers[0]), float(powers[1])
    if signal <= 0:
        return 0.0 if noise > 0 else 200.0
    return min(10 * float(np.log10(signal / max(noise, signal * 1e-20))), 200.0)


def logits_of(graph: Graph) -> tuple[int, ...]:
    """For each output the tensor before a final SOFTMAX, LOG_SOFTMAX or LOGISTIC; itself where there is none."""
    before = {n.output: n.inputs[0] for n in graph.nodes if isinstance(n.op, KEEP_ORDER)}
    return tuple(before.get(output, output) for output in graph.outputs)


def has_classes(graph: Graph) -> bool:
    """Tell whether an output is scores of classes: written by a SOFTMAX or LOG_SOFTMAX."""
    return any(isinstance(n.op, (Softmax, LogSoftmax)) and n.output in graph.outputs for n in graph.nodes)


def real_values(tensor: Tensor, levels: Array) -> Float64:
    """What int8 levels mean."""
    q = quantization_of(tensor)
    return np.asarray((levels.astype(np.float64) - q.zero_point) * q.scale)


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


def _powers(real: Float64, other: Float64) -> Float64:
    return np.array([(real**2).sum(), ((real - other) ** 2).sum()])


def _flat(values: Float64) -> Float64:
    return values.reshape(len(values), -1)


def culprit(
    made: Quantized, inputs: Mapping[int, Array], progress: CalibrationProgress = lambda _what, _done: None
) -> Culprit:
    """The layer that alone in float brings the answers closest to the float network's; the worst of several counts."""
    reference, ends = made.reference, set(logits_of(made.reference))
    rounded = with_rounded_weights(made)
    wanted = {tensor: values for tensor, values in steps(reference, inputs) if tensor in ends}
    start = {i: _rounded(made, i, values) for i, values in inputs.items()}
    before = _sqnr(wanted, _simulated(made, rounded, start, None, ends))
    best: tuple[float, Node] | None = None
    for place, node in enumerate(reference.nodes):
        reached = _sqnr(wanted, _simulated(made, rounded, start, node, ends))
        if best is None or reached > best[0]:
            best = reached, node
        progress(SEARCHING, place + 1)
    assert best is not None
    after, node = best
    return Culprit(node.layer, reference.output_of(node).name, node.op.kind, before, after)


def _sqnr(wanted: Mapping[int, Array], found: Mapping[int, Array]) -> float:
    pairs = ((values.astype(np.float64), found[tensor].astype(np.float64)) for tensor, values in wanted.items())
    return min(sqnr_db(_powers(*pair)) for pair in pairs)


def _simulated(
    made: Quantized, rounded: Graph, start: Mapping[int, Array], alone: Node | None, ends: set[int]
) -> dict[int, Array]:
    """The tensors `ends` of the network in real numbers rounded as int8 has them, but for the layer `alone`."""
    values, found = dict(start), dict[int, Array]()
    last = {i: node for node in rounded.nodes for i in node.inputs}
    for node in rounded.nodes:
        if alone is not None and node.output == alone.output:
            values[node.output] = compute(made.reference, alone, values)
        else:
            values[node.output] = _rounded(made, node.output, compute(rounded, node, values))
        if node.output in ends:
            found[node.output] = values[node.output]
        if len(found) == len(ends):
            break
        for read in node.inputs:
            if last[read] is node:
                values.pop(read, None)
    return found


def _rounded(made: Quantized, tensor: int, values: Array) -> Array:
    q = quantization_of(made.graph.tensors[made.built.tensors[tensor]])
    levels = np.clip(np.rint(values.astype(np.float64) / q.scale) + q.zero_point, -128, 127)
    return np.asarray((levels - q.zero_point) * q.scale, np.float32)


def with_rounded_weights(made: Quantized) -> Graph:
    """The float network with the weights and biases that the int8 network has."""
    tensors = list(made.reference.tensors)
    for node, twin in zip(made.reference.nodes, made.graph.nodes, strict=True):
        if has_weights(node.op):
            for index, mirror in zip(node.inputs[1:], twin.inputs[1:], strict=False):
                tensors[index] = replace(tensors[index], data=_real_constant(made.graph.tensors[mirror]))
    return replace(made.reference, tensors=tuple(tensors))


def _real_constant(tensor: Tensor) -> Array:
    q = quantization_of(tensor)
    assert tensor.data is not None
    along = [-1 if i == q.axis else 1 for i in range(tensor.data.ndim)]
    return np.asarray(tensor.data.astype(np.float64) * np.array(q.scales).reshape(along), np.float32)
