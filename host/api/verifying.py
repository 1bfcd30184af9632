"""Holds a board, or its virtual twin, against the golden model of a project, with whatever inputs are given."""

import os
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Final

from depthwise.codegen.errors import InputError, ToolError
from depthwise.codegen.graph import Array
from depthwise.host.emulate.qemu import clock_of, virtual_board
from depthwise.host.flash.usb_ports import find_port
from depthwise.host.micropython.find_board import find_board
from depthwise.host.progress import StepProgress, nobody
from depthwise.host.project import Project, open_project
from depthwise.host.verify.generated import Generated, Values, generated_sequences
from depthwise.host.verify.inputs import in_sequences, inputs_from_file
from depthwise.host.verify.verdict import Verdict
from depthwise.host.verify.verify_boards import BoardOutcome, BoardsProgress, verify_boards

# How many to generate, or a file of them, or arrays [N, …] (by the inputs' names in C, where there are several).
GivenInputs = int | str | os.PathLike[str] | Array | Mapping[str, Array]
NamedValues = list[tuple[str, Values | Generated]]
GIVE: Final = "give a port, or run it on the virtual board"


def verify(
    folder: str | os.PathLike[str],
    port: str | None = None,
    *,
    virtual: bool = False,
    inputs: GivenInputs = 6,
    seed: int = 0,
    full: bool = False,
    baud: int | None = None,
    watch: StepProgress = nobody,
) -> Verdict:
    """Compare the board at a port (found by its USB number if None), or a virtual one, with a project's golden model.

    Tensors of a trace build are compared by checksums; `full`: byte by byte, which takes a run for each 64 bytes.
    A serial line is raised to what both ends take; `baud` is the one speed to be tried, 115200 none.
    Raises LinkError if it cannot be talked to, StaleFirmwareError or OtherBuildError if it runs something else,
    ToolError where there is no virtual twin, InputError for inputs that do not fit.
    """
    project = chosen_project(folder, port, virtual=virtual)
    ports = () if virtual else (port if port is not None else found_port(project),)
    given = inputs_of(project, inputs, seed)
    (outcome,) = outcomes_of(project, ports, given, lambda _, step: watch(step), full=full, baud=baud)
    if outcome.error is not None:
        raise outcome.error
    assert outcome.report is not None
    return outcome.report.verdict


def chosen_project(folder: str | os.PathLike[str], port: str | None, *, virtual: bool) -> Project:
    """The project in a folder. Raises InputError for two places to run it, ToolError where no virtual board does."""
    if port is not None and virtual:
        raise InputError("a port and a virtual board were given", "give one of the two")
    project = open_project(Path(folder))
    if virtual and not project.runs_here:
        board = project.board.name or project.board.title
        raise ToolError(
            f"a project of kind {project.kind.name} for {board} has no virtual twin",
            "flash it and give --port" if project.kind.app else "it has no application to speak to",
        )
    return project


def can_be_found(project: Project) -> bool:
    """Tell whether the project's board shows at a port which one it is."""
    known = bool(project.board.name) and bool(project.board.usb or not project.runs_here)
    return project.kind.detached or (project.kind.app is not None and known)


def found_port(project: Project) -> str:
    """The port that the board is at, found as `flash` finds it.

    Raises LinkError if it cannot be told, InputError for a project whose board never shows which it is.
    """
    if not can_be_found(project):
        raise InputError(f"nothing tells at which port {project.board.name or project.board.title} is", GIVE)
    return find_board(project.board) if project.kind.detached else find_port(project.board)


def inputs_of(project: Project, given: GivenInputs, seed: int = 0) -> NamedValues:
    """Inputs with their names, in sequences for a network with state. Raises InputError for those that do not fit."""
    match given:
        case int():
            count, length = given * project.sequence, project.sequence
            return list(generated_sequences(project.graph, count, seed, project.passes.input_range, length))
        case str() | os.PathLike():
            found: Iterator[tuple[str, Values]] = inputs_from_file(project, Path(given))
        case _:
            found = iter(_from_arrays(project, given))
    return [*in_sequences(found, project.sequence)]


def outcomes_of(
    project: Project,
    ports: tuple[str, ...],
    inputs: NamedValues,
    watch: BoardsProgress,
    *,
    full: bool = False,
    baud: int | None = None,
) -> tuple[BoardOutcome, ...]:
    """Verify the boards at the ports, or a virtual one if there are none; its ticks are of the emulator's clock."""
    board = nullcontext() if ports else virtual_board(project.firmware, project.board)
    with board as url:
        outcomes = verify_boards(project, ports or (str(url),), inputs, watch, full=full, baud=baud)
    return outcomes if ports else tuple(o.timed_by(clock_of(project.board)) for o in outcomes)


def _from_arrays(project: Project, given: Array | Mapping[str, Array]) -> list[tuple[str, Values]]:
    names = dict(zip(project.input_names, project.graph.inputs, strict=True))
    arrays = given if isinstance(given, Mapping) else {project.input_names[0]: given}
    if set(arrays) != set(names):
        raise InputError(f"arrays {', '.join(arrays)} were given", f"give {', '.join(names)}")
    counts = sorted({len(values) for values in arrays.values()})
    if len(counts) > 1:
        raise InputError(f"there are {counts[0]} of one input and {counts[-1]} of another", "give as many of each")
    return [(f"input {n}", {names[k]: v[n : n + 1] for k, v in arrays.items()}) for n in range(counts[0])]
