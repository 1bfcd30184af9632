"""Runs a quantized graph on numpy arrays and returns every tensor it computes."""

from collections.abc import Mapping

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Mode
from depthwise.codegen.errors import InputError
from depthwise.codegen.graph import Array, Graph, Node
from depthwise.codegen.operators import operator_of
from depthwise.codegen.operators.parts.computing import Operands

from .case_by_case import over_cases, stacked


def run(graph: Graph, inputs: Mapping[int, Array] | Array, mode: Mode = Mode.TFLM) -> dict[int, Array]:
    """Compute every tensor of a graph, by tensor index, the inputs included.

    `inputs` is one array for a network with one input, or arrays by tensor index; each is [N, …] where the
    graph says [1, …], of the tensor's own type. Value n of a tensor is that of input n: [N, …] where the graph says
    [1, …], else [N, *shape]. A network with state takes them as N runs, one after another, from its initial state
    on. Raises InputError for a wrong shape or type, or different numbers of cases.
    """
    values = checked_inputs(graph, inputs)
    if graph.states:
        return run_sequence(graph, values, {s.before: s.initial for s in graph.states}, mode)
    for node in graph.nodes:
        values[node.output] = compute_cases(graph, node, values, mode)
    return values


def run_sequence(
    graph: Graph, inputs: Mapping[int, Array], states: Mapping[int, Array], mode: Mode = Mode.TFLM
) -> dict[int, Array]:
    """Compute every tensor in T runs, one after another: inputs [T, …] by tensor index, and so all results.

    `states` are what the network keeps ahead of the first run, by the tensor that reads it (`State.before`), each of
    that tensor's shape. Behind the last run they are the last of `State.after`.
    """
    runs = list[dict[int, Array]]()
    kept = {i: stacked(graph.tensors[i], [value]) for i, value in states.items()}
    for time in range(len(next(iter(inputs.values())))):
        values = {i: value[time : time + 1] for i, value in inputs.items()} | kept
        for node in graph.nodes:
            values[node.output] = compute_cases(graph, node, values, mode)
        kept = {s.before: values[s.after] for s in graph.states}
        runs.append(values)
    return {i: np.concatenate([values[i] for values in runs]) for i in runs[0]}


def checked_inputs(graph: Graph, inputs: Mapping[int, Array] | Array) -> dict[int, Array]:
    """Inputs by tensor index, checked. Raises InputError for a wrong number, shape or type."""
    if not isinstance(inputs, Mapping):
        if len(graph.inputs) != 1:
            raise InputError(
                f"{graph.name} has {len(graph.inputs)} inputs, 1 array was given", "give one for each, by tensor"
            )
        inputs = {graph.inputs[0]: inputs}
    checked = {i: _checked(graph, i, inputs) for i in graph.inputs}
    counts = sorted({len(value) for value in checked.values()})
    if len(counts) > 1:
        raise InputError(
            f"the inputs of {graph.name} have {counts[0]} and {counts[-1]} cases, they must be as many",
            "give each input the same number of cases",
        )
    return checked


def compute_cases(graph: Graph, node: Node, values: Mapping[int, Array], mode: Mode = Mode.TFLM) -> Array:
    """Compute one node for all cases of the values it reads (cases.py says how they lie). Raises as `compute`."""
    operator = operator_of(node.op)
    return over_cases(graph, node, values, lambda operands: operator.compute(graph, node, operands, mode))


def compute(graph: Graph, node: Node, values: Mapping[int, Array], mode: Mode = Mode.TFLM) -> Array:
    """Compute one node from values of exactly its tensors' shapes; constants are taken from the graph.

    Raises UnsupportedError for a layer of a float network.
    """
    return operator_of(node.op).compute(graph, node, Operands(graph, node, values), mode)


def _checked(graph: Graph, index: int, inputs: Mapping[int, Array]) -> Array:
    tensor = graph.tensors[index]
    if index not in inputs:
        raise InputError(f"no value for input tensor {index} ({tensor.name})", "give one for each input")
    value = np.asarray(inputs[index])
    if value.ndim != len(tensor.shape) or value.shape[1:] != tensor.shape[1:] or not len(value):
        raise InputError(f"input has shape {value.shape}, {graph.name} takes (N, {tensor.shape[1:]})", "reshape it")
    if value.dtype != np.dtype(tensor.dtype.value):
        raise InputError(
            f"input is {value.dtype}, {graph.name} takes {tensor.dtype.value}", "convert it: values.astype(...)"
        )
    return value
