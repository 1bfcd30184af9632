"""Inputs with what a board has to make of them: computed once, for as many boards as there are."""

import threading
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import tee

import numpy as np

from depthwise.codegen.errors import InputError
from depthwise.codegen.golden import run
from depthwise.codegen.golden.model import checked_inputs
from depthwise.codegen.graph import Array
from depthwise.host.link import BoardLink, Capture, Hello, InferenceResult, PatternedInput, PatternedPiece
from depthwise.host.project import Project

from .generated import Generated, Values, values_of
from .verdict import Difference, ElementPlace

# Inputs by name: arrays [1, …] by tensor, or one array for a network with one input; [T, …] for one with state; or
# the patterns that they follow.
Given = Generated | Values | Array
Inputs = Iterable[tuple[str, Given]]


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """Inputs [1, …] by tensor, and what the board has to make of them: every tensor it computes, in its channels.

    Of a network with state they are a sequence [T, …] from its initial state on. `false_claim` is set if a channel
    that was proven constant is not. `fills` are what a board may make the inputs of; none where they follow no pattern.
    """

    name: str
    inputs: Values
    golden: Mapping[int, Array]
    false_claim: Difference | None
    fills: tuple[PatternedPiece, ...] = ()

    @property
    def runs(self) -> int:
        """How often the network runs."""
        return len(next(iter(self.inputs.values())))


def cases_of(project: Project, inputs: Inputs) -> Iterator[Case]:
    """Run the golden model on inputs, one after another. Raises InputError for one outside of the promised range."""
    for name, values in inputs:
        given = checked_inputs(project.reference, values_of(project.graph, values))
        check_promise(project, name, given)
        golden = run(project.reference, given)
        yield Case(name, given, project.computed(golden), _false_claim(project, name, golden), _fills(project, values))


def run_case(
    project: Project, link: BoardLink, hello: Hello, case: Case, capture: Capture | None = None
) -> InferenceResult:
    """Run a case on a board. Raises LinkError."""
    data = project.sent(case.inputs)
    return link.infer(PatternedInput(data, case.fills) if case.fills else data, hello, capture)


def _fills(project: Project, given: Given) -> tuple[PatternedPiece, ...]:
    return given.fills(project) if isinstance(given, Generated) else ()


def ahead(cases: Iterator[Case]) -> Iterator[Case]:
    """The same cases, each computed while the one before it is on the board: that is mostly waiting for the line."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, cases, None)
        while (case := coming.result()) is not None:
            coming = pool.submit(next, cases, None)
            yield case


def shared(cases: Iterator[Case], boards: int) -> tuple[Iterator[Case], ...]:
    """The same cases for several boards, each in a thread of its own; a case lives until the slowest has had it."""
    lock = threading.Lock()

    def one_by_one(own: Iterator[Case]) -> Iterator[Case]:
        while True:
            with lock:
                case = next(own, None)
            if case is None:
                return
            yield case

    return tuple(one_by_one(own) for own in tee(cases, boards))


def check_promise(project: Project, name: str, inputs: Given) -> None:
    """Refuse an input outside of the range the network was exported for. Raises InputError naming the value."""
    low, high = project.passes.input_range
    given = checked_inputs(project.reference, values_of(project.graph, inputs))
    values = np.concatenate([value.ravel().astype(np.int64) for value in given.values()])
    outside = np.flatnonzero((values < low) | (values > high))
    if len(outside):
        raise InputError(
            f"input {name!r} has value {values[outside[0]]} at position {outside[0]}, "
            f"the project was exported with --assume-input-range {low}..{high}",
            "export it again with a wider range, or without",
        )


def _false_claim(project: Project, name: str, golden: Mapping[int, Array]) -> Difference | None:
    """First channel that was proven constant and is not: never, unless this tool is wrong."""
    for node in project.reference.nodes:
        survivor = project.made.survivors.get(node.output)
        if survivor is None:
            continue
        value = golden[node.output][..., survivor.known]
        places = np.argwhere(value != survivor.values)
        if len(places):
            at = tuple(int(i) for i in places[0])
            row, column = at[1:3] if value.ndim == 4 else (0, 0)
            claimed = int(np.broadcast_to(survivor.values, value.shape)[at])
            place = ElementPlace(row, column, int(survivor.known[at[-1]]), int(value[at]), claimed)
            return replace(Difference.of(node, name, 1, 1), place=place)
    return None
