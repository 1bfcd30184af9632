"""The bundled digits quantized here: as good as in float, and a loss has its culprit."""

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from depthwise.codegen.floats import run as run_float
from depthwise.codegen.floats.affine import scaled_input, scaled_output
from depthwise.codegen.golden import run
from depthwise.codegen.graph import Graph
from depthwise.codegen.quantize.calibrate import calibrate
from depthwise.codegen.quantize.equalize import links
from depthwise.codegen.quantize.input_levels import quantized_input
from depthwise.codegen.quantize.loss_report import LossReport, report
from depthwise.codegen.quantize.quantize import QuantizeOptions, quantize
from depthwise.host.demo import load_digits
from tests.support.collapse import float_digits, shifted_digits, unbalanced
from tests.support.quantizing import in_batches


@cache
def collapsed(*, equalize: bool) -> LossReport:
    options = QuantizeOptions("minmax", equalize=equalize, correct_bias=False)
    graph = unbalanced(float_digits(), 10, 3)
    return report(quantize(graph, in_batches(shifted_digits(4, 1)), options), in_batches(shifted_digits(10, 2)))


def test_depthwise_layers_collapse_without_equalization_and_recover_with_it() -> None:
    before, after = collapsed(equalize=False), collapsed(equalize=True)
    assert before.collapsed
    assert before.culprit is not None
    assert before.culprit.sqnr_alone_float_db > before.culprit.sqnr_db
    assert not after.collapsed
    assert after.culprit is None
    assert after.agreement > 0.9 > before.agreement
    assert after.logits_sqnr_db > before.logits_sqnr_db + 15


@pytest.mark.parametrize("spoilt", range(8))
def test_the_culprit_is_the_layer_that_was_spoiled(spoilt: int) -> None:
    """One activation with one channel a hundred times the others.

    Without bias correction: biases that make up for its loss would be wrong once it is in float.
    """
    graph, batches = float_digits(), in_batches(shifted_digits(2, 1))
    link = links(graph)[spoilt]
    reach = calibrate(graph, batches).seen[link.first.output].reach
    factors = np.ones(len(reach))
    factors[reach.argmax()] = 100
    options = QuantizeOptions("minmax", equalize=False, correct_bias=False)
    spoiled = scaled_input(scaled_output(graph, link.first, factors), link.second, 1 / factors)
    found = report(quantize(spoiled, batches, options), batches, weigh=True)
    assert found.culprit is not None
    assert found.culprit.name == graph.output_of(link.first).name


def accuracy(graph: Graph, scores: Callable[[Graph], np.ndarray], labels: np.ndarray) -> float:
    return float((scores(graph).reshape(len(labels), -1).argmax(axis=1) == labels).mean())


def test_the_digits_quantized_here_read_as_well_as_in_float() -> None:
    graph, x = float_digits(), shifted_digits(10, 2)
    labels = np.tile(load_digits().labels, 10)
    made = quantize(graph, lambda: iter([shifted_digits(4, 1)])).graph
    real = accuracy(graph, lambda g: run_float(g, x)[g.outputs[0]], labels)
    levels = accuracy(made, lambda g: run(g, quantized_input(g, x))[g.outputs[0]], labels)
    assert real > 0.9
    assert levels >= real - 0.015
