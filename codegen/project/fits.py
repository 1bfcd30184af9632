"""Does a network fit a board, by how much, and how fast is it there: for the way that an export takes."""

from collections.abc import Hashable, Iterable
from dataclasses import KW_ONLY, dataclass, replace
from typing import Any, Final

from depthwise.codegen.emit.plan_costs import layer_costs
from depthwise.codegen.emit.state_view import sequence_of
from depthwise.codegen.graph import Graph
from depthwise.codegen.operators.costs import total_macs
from depthwise.codegen.schedule import Point
from depthwise.codegen.targets.boards import Board, bare_core, core_of
from depthwise.codegen.targets.cores import Core
from depthwise.codegen.targets.flash_fields import FLASH_FIELDS
from depthwise.codegen.targets.instructions import about_instructions

from .memory import LEAST_CODE_BYTES, LEAST_RAM_CODE_BYTES, application_bytes
from .picked_way import Wishes, ways_on, with_room
from .placement import USUAL, Placement

TIGHT: Final = "tight"


@dataclass(frozen=True, slots=True)
class Fit:
    """A network on a board, or on a core alone (a board without a name and without memories); sizes in bytes.

    `application_bytes` of RAM are the serial application's with an input row and the outputs. `cycles` are predicted
    with zero flash wait states, None on a core without a model, `waits` beside them for the board's flash;
    `instructions` are about so many then, None where nobody counted. `code_bytes` of the network's code lie in RAM.
    """

    board: Board
    point: Point
    application_bytes: int
    cycles: int | None
    instructions: int | None
    _: KW_ONLY
    code_bytes: int = 0
    waits: int | None = None

    @property
    def ram_needed(self) -> int:
        """RAM of the whole firmware: the network's, the application's, the stack; code, unless it has its own."""
        code = 0 if self.board.code_ram_bytes else self.code_bytes
        return self.point.ram_bytes + code + self.application_bytes + self.board.stack_bytes

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
        return flash and (self.ram_spare is None or self.ram_spare + self._doubtful_bytes >= 0)

    @property
    def word(self) -> str:
        """`yes`, `no`, or `tight`: constants fit, and whether the code does too is seen when it is built."""
        if not self.fits:
            return "no"
        spares = (self.flash_spare, self.ram_spare, self.code_ram_spare)
        return TIGHT if any(spare is not None and spare < 0 for spare in spares) else "yes"

    @property
    def code_ram_spare(self) -> int | None:
        """RAM for code alone that is left over, likely enough; None where code has none."""
        apart = self.board.code_ram_bytes
        return apart - self.code_bytes if apart and self.code_bytes else None

    @property
    def _doubtful_bytes(self) -> int:
        """Of the code that is counted among the data, what is not certain."""
        return 0 if self.board.code_ram_bytes else max(self.code_bytes - LEAST_RAM_CODE_BYTES, 0)

    @property
    def milliseconds(self) -> float | None:
        """Predicted time of an inference at the board's clock, flash wait states included; None without a model."""
        if self.cycles is None or not self.board.clock_hz:
            return None
        return (self.cycles + (self.waits or 0)) / self.board.clock_hz * 1000

    @property
    def flash_factor(self) -> float:
        """All predicted cycles as a multiple of those with zero wait states."""
        return 1.0 + (self.waits or 0) / self.cycles if self.cycles else 1.0

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        of_board = {"board": self.board.name or None, "core": self.board.core, "clock_hz": self.board.clock_hz or None}
        names = ("fits", "word", "ram_needed", "ram_spare", "flash_needed", "flash_spare")
        sizes = {name: getattr(self, name) for name in names}
        of_network = {"network_ram_bytes": self.point.ram_bytes, "constant_bytes": self.point.flash_bytes}
        there = {"ram_bytes": self.board.ram_bytes or None, "flash_bytes": self.board.flash_bytes or None}
        time = {
            "cycles": self.cycles,
            "wait_cycles": self.waits,
            "instructions": self.instructions,
            "milliseconds": self.milliseconds,
        }
        of_network |= {"ram_code_bytes": self.code_bytes} if self.code_bytes else {}
        return {**of_board, **there, **sizes, **of_network, **time, "flash_factor": self.flash_factor}


def fit_on(graph: Graph, board: Board, point: Point, placement: Placement = USUAL) -> Fit:
    """How a way of running a network behind the exact passes fits a board."""
    target = core_of(board)
    outputs = sum(graph.tensors[o].nbytes for o in graph.outputs)
    spent = application_bytes(graph, vectors=target.vectors, sequence=sequence_of(graph.states, outputs))
    cycles = point.cycles if target.predicted else None
    about = None if target.predicted else _instructions(graph, target, point)
    code = placement.code_bytes(graph, board)
    waits = point.waits if target.predicted else None
    return Fit(board, point, spent if board.ram_bytes else 0, cycles, about, code_bytes=code, waits=waits)


def _instructions(graph: Graph, target: Core, point: Point) -> int | None:
    """About how many a network takes: layer by layer where kernels were counted, else by its MACs."""
    if not target.instructions:
        return about_instructions(target.name, total_macs(graph))
    return sum(cost.instructions or 0 for cost in layer_costs(point.plan, point.variant, target))


def fits_on(graph: Graph, targets: Iterable[Board], placement: Placement = USUAL) -> tuple[Fit, ...]:
    """How a network behind the exact passes fits boards, in the order of `by_room`.

    Equal kernels are planned once, as for a core alone, and again for a board that is too small for that.
    """
    planned: dict[Hashable, tuple[Point, ...]] = {}
    found: list[Fit] = []
    for board in map(placement.room, targets):
        kernels = _kernels(core_of(board))
        if kernels not in planned:
            planned[kernels] = ways_on(graph, _alone(board)).points
        fit = fit_on(graph, board, with_room(planned[kernels], Wishes(), board), placement)
        found.append(fit if fit.fits else fit_on(graph, board, _short_of(graph, board, fit), placement))
    return tuple(sorted(found, key=by_room))


def _alone(board: Board) -> Board:
    """A board's core behind its flash, without its memories."""
    fields = {name: getattr(board, name) for name in FLASH_FIELDS}
    return replace(bare_core(board.core), code_in_ram=board.code_in_ram, **fields)


def _short_of(graph: Graph, board: Board, fit: Fit) -> Point:
    """The way that is taken where the usual one does not fit: what lies in RAM beside the network is known."""
    return ways_on(graph, board, application=fit.ram_needed - board.stack_bytes - fit.point.ram_bytes).picked


def _kernels(target: Core) -> Hashable:
    """What plans of two cores have in common: the families of their kernels, each equal only to itself, and flash."""
    return tuple(map(id, target.families)), target.flash


def by_room(fit: Fit) -> tuple[bool, bool, float, int, str]:
    """Order of a list: what fits first, there the fastest, then what has the least RAM."""
    time = fit.milliseconds
    return not fit.fits, time is None, time or 0.0, fit.board.ram_bytes, fit.board.name
