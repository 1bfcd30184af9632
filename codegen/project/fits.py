"""Does a network fit a board, by how much, and how fast is it there: for the way that an export takes."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from depthwise.codegen.emit.state_view import sequence_of
from depthwise.codegen.graph import Graph
from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.kernels.predict import FLASH_FACTOR, layer_instructions
from depthwise.codegen.operators.costs import total_macs
from depthwise.codegen.schedule import Point, steps
from depthwise.codegen.targets.boards import Board, bare_core, core_of
from depthwise.codegen.targets.cores import Core
from depthwise.codegen.targets.instructions import about_instructions

from .memory import LEAST_CODE_BYTES, application_bytes
from .picked_way import Wishes, ways_on, with_room

TIGHT: Final = "tight"


@dataclass(frozen=True, slots=True)
class Fit:
    """A network on a board, or on a core alone (a board without a name and without memories); sizes in bytes.

    `application_bytes` of RAM are the serial application's with an input row and the outputs. `cycles` are predicted
    with zero flash wait states, None on a core without a model; `instructions` are about so many then, None where
    nobody counted.
    """

    board: Board
    point: Point
    application_bytes: int
    cycles: int | None
    instructions: int | None

    @property
    def ram_needed(self) -> int:
        """RAM of the whole firmware: the network's, the application's, the stack."""
        return self.point.ram_bytes + self.application_bytes + self.board.stack_bytes

    @property
    def flash_needed(self) -> int:
        """Flash of the whole firmware, likely enough: constants are exact, code is estimated from above."""
        return self.point.image_bytes

    @property
    def ram_spare(self) -> int | None:
        """RAM that is left over, negative where it is missing; None without a limit."""
        return self.board.ram_bytes - self.ram_needed if self.board.ram_bytes else None

    @property
    def flash_spare(self) -> int | None:
        """Flash that is left over, negative where it is missing; None without a limit."""
        return self.board.flash_bytes - self.flash_needed if self.board.flash_bytes else None

    @property
    def fits(self) -> bool:
        """Tell whether the board can be exported for."""
        flash = not self.board.flash_bytes or self.point.flash_bytes + LEAST_CODE_BYTES <= self.board.flash_bytes
        return flash and (self.ram_spare is None or self.ram_spare >= 0)

    @property
    def word(self) -> str:
        """`yes`, `no`, or `tight`: constants fit, and whether the code does too is seen when it is built."""
        if not self.fits:
            return "no"
        return TIGHT if self.flash_spare is not None and self.flash_spare < 0 else "yes"

    @property
    def milliseconds(self) -> float | None:
        """Predicted time of an inference at the board's clock, flash wait states included; None without a model."""
        if self.cycles is None or not self.board.clock_hz:
            return None
        return self.cycles * FLASH_FACTOR / self.board.clock_hz * 1000

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        of_board = {"board": self.board.name or None, "core": self.board.core, "clock_hz": self.board.clock_hz or None}
        names = ("fits", "word", "ram_needed", "ram_spare", "flash_needed", "flash_spare")
        sizes = {name: getattr(self, name) for name in names}
        of_network = {"network_ram_bytes": self.point.ram_bytes, "constant_bytes": self.point.flash_bytes}
        there = {"ram_bytes": self.board.ram_bytes or None, "flash_bytes": self.board.flash_bytes or None}
        time = {"cycles": self.cycles, "instructions": self.instructions, "milliseconds": self.milliseconds}
        return {**of_board, **there, **sizes, **of_network, **time, "flash_factor": FLASH_FACTOR}


def fit_on(graph: Graph, board: Board, point: Point) -> Fit:
    """How a way of running a network behind the exact passes fits a board."""
    target = core_of(board)
    outputs = sum(graph.tensors[o].nbytes for o in graph.outputs)
    spent = application_bytes(graph, vectors=target.vectors, sequence=sequence_of(graph.states, outputs))
    cycles = point.cycles if target.predicted else None
    about = None if target.predicted else _instructions(graph, target, point)
    return Fit(board, point, spent if board.ram_bytes else 0, cycles, about)


def _instructions(graph: Graph, target: Core, point: Point) -> int | None:
    """About how many a network takes: layer by layer where kernels were counted, else by its MACs."""
    if not target.instructions:
        return about_instructions(target.name, total_macs(graph))
    variant = point.variant
    kernels = choose_kernels(graph, target.families, variant.int16_from, variant.most_scratch)
    return sum(layer_instructions(target.instructions, kernels.of(node)) for node in steps(graph))


def fits_on(graph: Graph, targets: Iterable[Board]) -> tuple[Fit, ...]:
    """How a network behind the exact passes fits boards, in the order of `by_room`.

    Equal kernels are planned once, as for a core alone, and again for a board that is too small for that.
    """
    planned: dict[tuple[int, ...], tuple[Point, ...]] = {}
    found: list[Fit] = []
    for board in targets:
        kernels = _kernels(core_of(board))
        if kernels not in planned:
            planned[kernels] = ways_on(graph, _alone(board)).points
        fit = fit_on(graph, board, with_room(planned[kernels], Wishes(), board))
        found.append(fit if fit.fits else fit_on(graph, board, ways_on(graph, board).picked))
    return tuple(sorted(found, key=by_room))


def _alone(board: Board) -> Board:
    """A board's core without its memories."""
    return replace(bare_core(board.core), flash_wait_states=board.flash_wait_states)


def _kernels(target: Core) -> tuple[int, ...]:
    """What plans of two cores have in common: the families of their kernels, each equal only to itself."""
    return tuple(map(id, target.families))


def by_room(fit: Fit) -> tuple[bool, bool, float, int, str]:
    """Order of a list: what fits first, there the fastest, then what has the least RAM."""
    time = fit.milliseconds
    return not fit.fits, time is None, time or 0.0, fit.board.ram_bytes, fit.board.name
