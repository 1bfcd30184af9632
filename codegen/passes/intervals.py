"""Interval analysis: which values every element of every activation can take, whatever the input.

Each operation is monotone in every input element: sums of products fall or rise with the sign of the weight,
requantizers, clamps and means never fall where their argument rises. How intervals pass through an operation stands
in its room (`operators/parts/intervals.py`); its ends are exact for each operation by itself. Between operations
intervals forget that elements depend on each other, so they may be wider than the truth, never narrower.
"""

from typing import Final

import numpy as np

from depthwise.codegen.graph import DType, Graph, Node, State
from depthwise.codegen.operators import operator_of
from depthwise.codegen.operators.parts.activation import Range
from depthwise.codegen.operators.parts.intervals import WIDEST, Interval, Intervals, widest

__all__ = ["WIDEST", "Interval", "Intervals", "Range", "interval_of", "intervals"]

ROUNDS: Final = 4


def intervals(graph: Graph, promised: Range = WIDEST) -> dict[int, Interval]:
    """Intervals of all int8 activations of a graph; `promised` is what the caller says of the input.

    A state is what it was first, joined with what a run can make of it, again and again until nothing is added; one
    that still grows after ROUNDS runs can be anything.
    """
    inputs = {i: _constant_interval(graph.tensors[i].shape, promised) for i in graph.inputs}
    before = {s.before: Interval(s.initial, s.initial) for s in _int8_states(graph)}
    for _ in range(ROUNDS):
        found = _in_one_run(graph, {**inputs, **before})
        after = {s.before: _joined(before[s.before], found[s.after]) for s in _int8_states(graph)}
        if all(_equal(before[i], after[i]) for i in before):
            return found
        before = after
    anything = {i: _constant_interval(graph.tensors[i].shape, WIDEST) for i in before}
    return _in_one_run(graph, {**inputs, **anything})


def _in_one_run(graph: Graph, given: Intervals) -> dict[int, Interval]:
    """Intervals of all int8 activations, from those of inputs and states."""
    found = dict(given)
    for node in graph.nodes:
        out = graph.output_of(node)
        if out.dtype is DType.INT8:
            found[node.output] = interval_of(graph, node, found)
    return found


def _int8_states(graph: Graph) -> tuple[State, ...]:
    return tuple(s for s in graph.states if graph.tensors[s.before].dtype is DType.INT8)


def _constant_interval(shape: tuple[int, ...], ends: Range) -> Interval:
    return Interval(np.full(shape, ends[0], np.int8), np.full(shape, ends[1], np.int8))


def _joined(one: Interval, other: Interval) -> Interval:
    return Interval(np.minimum(one.lower, other.lower), np.maximum(one.upper, other.upper))


def _equal(one: Interval, other: Interval) -> bool:
    return np.array_equal(one.lower, other.lower) and np.array_equal(one.upper, other.upper)


def interval_of(graph: Graph, node: Node, found: Intervals) -> Interval:
    """Interval of what one node writes, from the intervals of what it reads."""
    if any(i not in found and graph.tensors[i].data is None for i in node.inputs):
        return widest(graph, node, found)
    return operator_of(node.op).interval(graph, node, found)
