"""Float networks that keep tensors from run to run: quantized as if these were inputs and outputs.

What a tensor is before each run is found by running the float network, one input after another in the order of the
data. In int8 a tensor has one quantization before and behind a run, so that nothing is converted in between.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.floats.float_model import run
from depthwise.codegen.golden.model import checked_inputs
from depthwise.codegen.graph import Array, Graph, Quantization, State
from depthwise.codegen.operators.parts.quantization import quantization_of

from .alike import joint_spans
from .calibrate import Batches
from .observers import ValueRange
from .quantized import Built, build, levels

ROUNDS: Final = 8


def opened(graph: Graph) -> Graph:
    """The network without states: what they were before is given, what they are behind is an output."""
    before, after = (tuple(getattr(s, key) for s in graph.states) for key in ("before", "after"))
    outputs = tuple(dict.fromkeys((*graph.outputs, *after)))
    return replace(graph, inputs=(*graph.inputs, *before), outputs=outputs, states=())


def fed(graph: Graph, batches: Batches) -> Batches:
    """Batches of inputs with what each state was before each of them; as they are for a network without states."""
    return (lambda: _fed(graph, batches)) if graph.states else batches


def _fed(graph: Graph, batches: Batches) -> Iterator[Mapping[int, Array]]:
    alone = opened(graph)
    kept = {s.before: s.initial for s in graph.states}
    for batch in batches():
        given = checked_inputs(graph, batch)
        seen: dict[int, list[Array]] = {i: [] for i in kept}
        for at in range(len(given[graph.inputs[0]])):
            for index, value in kept.items():
                seen[index].append(value)
            now = {i: values[at : at + 1] for i, values in given.items()} | kept
            found = run(alone, now)
            kept = {s.before: found[s.after].reshape(s.initial.shape) for s in graph.states}
        yield given | {i: np.concatenate(values) for i, values in seen.items()}


def renamed(graph: Graph, outputs: Mapping[int, int]) -> tuple[tuple[State, ...], tuple[int, ...]]:
    """States and outputs of a network in the tensors that stand for those of the opened one's outputs."""
    return (
        tuple(State(s.before, outputs[s.after], s.initial) for s in graph.states),
        tuple(outputs[i] for i in graph.outputs),
    )


def build_alike(graph: Graph, chosen: Mapping[int, ValueRange], states: Sequence[State]) -> Built:
    """The int8 form in which a state has one quantization before and behind a run.

    Raises UnsupportedError where that follows from itself, wider each time.
    """
    spans = dict(chosen)
    for _ in range(ROUNDS):
        built = build(graph, joint_spans(graph, spans))
        apart = {s.before: _of(built, s.after) for s in states if _of(built, s.before) != _of(built, s.after)}
        if not apart:
            return built
        spans |= {before: _span(found) for before, found in apart.items()}
    kept = graph.tensors[states[0].before]
    raise UnsupportedError(
        f"the scale of state {kept.index} ({kept.name[:60]!r}) follows from itself",
        "keep what a layer writes, or an input",
    )


def _of(built: Built, index: int) -> Quantization:
    return quantization_of(built.graph.tensors[built.tensors[index]])


def _span(q: Quantization) -> ValueRange:
    """What int8 values can be."""
    return ValueRange((-128 - q.zero_point) * q.scale, (127 - q.zero_point) * q.scale)


def closed(built: Built, states: Sequence[State]) -> Graph:
    """The int8 network with the states of the float network that it was made from."""
    kept = tuple(_state(s, built) for s in states)
    before = {s.before for s in kept}
    return replace(built.graph, inputs=tuple(i for i in built.graph.inputs if i not in before), states=kept)


def _state(state: State, built: Built) -> State:
    before, after = built.tensors[state.before], built.tensors[state.after]
    initial = levels(state.initial, quantization_of(built.graph.tensors[before]))
    initial.setflags(write=False)
    return State(before, after, initial)
