"""Chooses the range of each tensor by what it does to the answers: the way of calibration that loses least there.

Tensors are gone through in order, with those before as they were chosen and those behind as `mse` has them; the
network is computed on with each candidate, in real numbers rounded to int8 steps. One that is not better on both halves
of the inputs is not taken.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from depthwise.codegen.floats.float_model import compute, steps
from depthwise.codegen.graph import Array, Graph, Node

from .alike import joint_spans
from .calibrate import Calibration, CalibrationProgress
from .closeness import least_sqnr
from .observers import CALIBRATIONS, Histogram, ValueRange, least_error, minmax
from .quantized import build
from .simulated import Simulation, on_steps, simulation

MEASURED: Final = "measured"
MEASURED_ON: Final = 48
MEASURING: Final = "measuring ranges"
GAIN_DB: Final = 0.1  # on either half of the inputs: less, or on one alone, is chance
FACTORS: Final = (0.85, 1.2)  # of the range of least error

Spans = dict[int, ValueRange]
Begin = Callable[["_Trial"], tuple[dict[int, Array], int]]


@dataclass(frozen=True, slots=True, eq=False)
class _Trial:
    """Ranges, and the simulated network that has them."""

    spans: Spans
    tried: Simulation


@dataclass(frozen=True, slots=True, eq=False)
class _Wanted:
    """What the float network has at the ends."""

    values: Mapping[int, Array]

    def reached(self, found: Mapping[int, Array]) -> tuple[float, float]:
        """SQNR on either half of the inputs: on every other one, on those between."""
        one, two = (
            least_sqnr(*({i: values[at::2] for i, values in of.items()} for of in (self.values, found)))
            for at in range(2)
        )
        return one, two


def measured(
    reference: Graph,
    calibration: Calibration,
    fixed: Mapping[int, ValueRange],
    inputs: Mapping[int, Array],
    progress: CalibrationProgress = lambda _what, _done: None,
) -> Spans:
    """The range of every tensor; `fixed` ones stay. Inputs are float32, by tensor, two at least."""
    start = {i: least_error(seen.histogram) for i, seen in calibration.seen.items()} | dict(fixed)
    free = {i: candidates(seen.histogram) for i, seen in calibration.seen.items() if i not in fixed}
    best = _trial(reference, start)
    wanted = _Wanted({i: values for i, values in steps(reference, inputs) if i in best.tried.ends})
    passed: frozenset[int] = frozenset()
    for index in reference.inputs:
        others = _others(reference, best, index, free, passed)
        best = _best(best, others, wanted, lambda trial: (trial.tried.start(inputs), 0))
        passed |= {index}
    values = best.tried.start(inputs)
    for place, node in enumerate(reference.nodes):
        made = compute(best.tried.rounded, node, values)
        others = _others(reference, best, node.output, free, passed)
        best = _best(best, others, wanted, partial(_behind, values, node, made, place))
        best.tried.put(values, node, on_steps(made, best.tried.steps[node.output]))
        passed |= {node.output}
        progress(MEASURING, place + 1)
    return best.spans


def _behind(
    values: Mapping[int, Array], node: Node, made: Array, place: int, trial: _Trial
) -> tuple[dict[int, Array], int]:
    """Values behind a layer that has computed `made`, as a trial rounds it, and the place of the next layer."""
    left = dict(values)
    trial.tried.put(left, node, on_steps(made, trial.tried.steps[node.output]))
    return left, place + 1


def _best(now: _Trial, others: Iterator[_Trial], wanted: _Wanted, begin: Begin) -> _Trial:
    """The trial that comes closest on both halves of the inputs, `now` unless another one gains."""
    best, reached = now, None
    for other in others:
        if reached is None:
            reached = wanted.reached(now.tried.rest(*begin(now), lambda _: True))
        found = wanted.reached(other.tried.rest(*begin(other), lambda _: True))
        if all(new > old + GAIN_DB for new, old in zip(found, reached, strict=True)):
            best, reached = other, found
    return best


def _others(
    reference: Graph,
    now: _Trial,
    tensor: int,
    free: Mapping[int, list[ValueRange]],
    passed: frozenset[int],
) -> Iterator[_Trial]:
    """Trials with other ranges of a tensor, as far as they change its steps and none of a tensor before."""
    before = {now.tried.steps[tensor]}
    for span in free.get(tensor, ()):
        other = _trial(reference, {**now.spans, tensor: span})
        same = all(other.tried.steps[i] == now.tried.steps[i] for i in passed)
        if same and other.tried.steps[tensor] not in before:
            before.add(other.tried.steps[tensor])
            yield other


def candidates(histogram: Histogram) -> list[ValueRange]:
    """Ranges that are tried: each way of calibration, and the one of least error narrower and wider."""
    ends, least = minmax(histogram), least_error(histogram)
    scaled = [ValueRange(max(least.low * factor, ends.low), min(least.high * factor, ends.high)) for factor in FACTORS]
    return [*(how(histogram) for how in CALIBRATIONS.values()), *scaled]


def _trial(reference: Graph, spans: Spans) -> _Trial:
    return _Trial(spans, simulation(reference, build(reference, joint_spans(reference, spans))))
