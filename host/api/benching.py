"""How long an inference takes on a board, repeated, beside what was predicted."""

import os
from contextlib import nullcontext

from depthwise.host.emulate.qemu import clock_of, virtual_board
from depthwise.host.progress import StepProgress, nobody
from depthwise.host.verify.repeated_runs import RepeatedRuns, repeated_runs
from depthwise.host.verify.verdict import BOARD
from depthwise.host.verify.verify_boards import opened

from .verifying import GivenInputs, chosen_project, found_port, inputs_of


def bench(
    folder: str | os.PathLike[str],
    port: str | None = None,
    *,
    virtual: bool = False,
    repeats: int = 10,
    inputs: GivenInputs = 1,
    baud: int | None = None,
    watch: StepProgress = nobody,
) -> RepeatedRuns:
    """Run one input `repeats` times on the board at a port (found by its USB number if None), or on a virtual one.

    Ticks of a virtual board are those of its emulator; `baud` as in `verify`. Raises as that does.
    """
    project = chosen_project(folder, port, virtual=virtual)
    clock = clock_of(project.board) if virtual else BOARD
    given = inputs_of(project, inputs)
    board = virtual_board(project.firmware, project.board) if virtual else nullcontext(port or found_port(project))
    with board as url, opened(project, url, baud) as (own, link):
        return repeated_runs(own, link, given, repeats, clock=clock, watch=watch)
