"""Runs cases of an operator: every tensor of the oracle, the golden model and the C, by rows and whole, sanitized."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Final

import numpy as np
from ai_edge_litert.interpreter import OpResolverType

from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.golden import run
from depthwise.codegen.graph import Array, Graph, Tensor
from depthwise.codegen.operators.select_v2 import conditions
from depthwise.codegen.passes.optimize import lower
from depthwise.codegen.schedule import choose
from tests.support import conformance
from tests.support.conformance.case import Case, Oracle
from tests.support.exactness import problem_of
from tests.support.network_builder import Builder
from tests.support.oracles import litert, tflite_micro, tflite_micro_sequence
from tests.support.programs import Case as Planned
from tests.support.stateful import steps_of

BATCH: Final = 25
IMAGES: Final = 3
STEPS: Final = 8


@dataclass(slots=True)
class Found:
    """Networks that were compared, bytes of tensors that the oracle gave for them, and what differed, by seed."""

    cases: int = 0
    compared: int = 0
    faults: dict[int, str] = field(default_factory=dict)


def all_cases() -> Mapping[str, Case]:
    """The cases of every topic, by the operator's name in TensorFlow Lite (a form of it in lower case behind)."""
    modules = (import_module(f"{conformance.__name__}.{m.name}") for m in iter_modules(conformance.__path__))
    return dict(sorted(item for m in modules for item in getattr(m, "CASES", {}).items()))


def drawn(case: Case, seed: int) -> Graph:
    """The network of a seed."""
    builder = Builder(seed)
    outputs = case.draw(builder)
    return builder.finish(f"net{seed}", *((outputs,) if isinstance(outputs, int) else outputs))


def images(tensor: Tensor, seed: int) -> Array:
    """Inputs [IMAGES, …] for a tensor: noise, few values, both ends of the type."""
    rng = np.random.default_rng(seed)
    limits = np.iinfo(tensor.dtype.value)
    ends = np.array([limits.min, limits.max])
    noise = rng.integers(limits.min, limits.max + 1, tensor.shape)
    few = rng.choice(rng.integers(limits.min, limits.max + 1, 3), tensor.shape)
    return np.concatenate([noise, few, rng.choice(ends, tensor.shape)]).astype(tensor.dtype.value)


def given_to(graph: Graph, seed: int) -> dict[int, Array]:
    """Inputs of a network by tensor: images, or a sequence where it has a state."""
    if graph.states:
        return {graph.inputs[0]: steps_of(graph.tensors[graph.inputs[0]], STEPS, seed)}
    told = conditions(graph)
    found = {i: images(graph.tensors[i], seed + i) for i in graph.inputs}
    return {i: value % 2 if i in told else value for i, value in found.items()}


def compare(case: Case, first: int, count: int, folder: Path) -> Found:
    """Compare the networks of `count` seeds from `first` on."""
    found = Found()
    for start in range(first, first + count, BATCH):
        planned = []
        for seed in range(start, min(start + BATCH, first + count)):
            planned += _against_oracle(case, seed, found)
        problem = problem_of(planned, folder) if planned else None
        if problem is not None:
            found.faults[start] = f"C: {problem}"
    return found


def _against_oracle(case: Case, seed: int, found: Found) -> list[Planned]:
    """Compare the golden model with the oracle; the plans, by rows and whole, whose C is compared with it."""
    graph = drawn(case, seed)
    given = given_to(graph, seed)
    if graph.states:
        return _sequence_against_oracle(graph, given, seed, found)
    golden = run(graph, given)
    for number in range(IMAGES):
        one = {i: value[number : number + 1] for i, value in given.items()}
        for tensor, right in _oracle(case, graph, one).items():
            share = len(golden[tensor]) // IMAGES
            mine = golden[tensor][number * share : (number + 1) * share]
            found.compared += right.nbytes
            if mine.dtype != right.dtype or not np.array_equal(mine.ravel(), right.ravel()):
                found.faults[seed] = f"golden: tensor {tensor} of image {number} differs"
    found.cases += 1
    lowered = lower(graph)
    return _planned(lowered, given, seed) if lowered.nodes else []


def _sequence_against_oracle(graph: Graph, given: Mapping[int, Array], seed: int, found: Found) -> list[Planned]:
    """As `_against_oracle` for a network with state: inputs one after another, every other time behind a reset."""
    (steps,) = given.values()
    golden = run(graph, given)
    for tensor, right in tflite_micro_sequence(write_model(graph), graph, steps, again=seed % 2 == 1).items():
        found.compared += right.nbytes
        mine = golden[tensor]
        if mine.dtype != right.dtype or not np.array_equal(mine.ravel(), right.ravel()):
            found.faults[seed] = f"golden: tensor {tensor} differs"
    found.cases += 1
    return _planned(lower(graph), given, seed)


def _planned(lowered: Graph, given: Mapping[int, Array], seed: int) -> list[Planned]:
    return [Planned.of(f"net{seed}_{way}", choose(lowered, way), given) for way in ("rows", "whole")]


def _oracle(case: Case, graph: Graph, given: Mapping[int, Array]) -> dict[int, Array]:
    model = write_model(graph)
    if case.oracle is Oracle.LITERT:
        return litert(model, graph, given, OpResolverType.BUILTIN_REF)
    return tflite_micro(model, graph, given)
