"""Picks a schedule: which layers run as rows, which as whole tensors, for a budget of RAM and flash."""

from dataclasses import dataclass
from typing import Final

from depthwise.codegen.errors import InputError
from depthwise.codegen.graph import Graph

from .order import order_of, state_bytes
from .plan import RowPlan, plan_rows
from .search import search
from .simulate import all_rows, whole_tensors

SCHEDULES: Final = ("auto", "rows", "whole")
# Cycles that a call and an entry of the order cost on a Cortex-M4, what the layer itself computes left out.
CALL_CYCLES: Final = 60
ENTRY_CYCLES: Final = 25


@dataclass(frozen=True, slots=True)
class Point:
    """A plan and what it costs: bytes of RAM, bytes of constants in flash, cycles that are not a layer's own.

    All schedules multiply equally often, so cycles differ only in how calls are made.
    """

    plan: RowPlan
    ram_bytes: int
    flash_bytes: int
    overhead_cycles: int

    def fits(self, ram: int | None, flash: int | None) -> bool:
        """Tell whether a budget is kept; None is no limit."""
        return (ram is None or self.ram_bytes <= ram) and (flash is None or self.flash_bytes <= flash)

    def beats(self, other: "Point") -> bool:
        """Tell whether this is nowhere worse and somewhere better."""
        mine, its = _costs(self), _costs(other)
        return mine != its and all(a <= b for a, b in zip(mine, its, strict=True))


@dataclass(frozen=True, slots=True)
class Fixed:
    """What kernels take whatever the schedule: bytes of scratch and of constants."""

    scratch_bytes: int = 0
    constant_bytes: int = 0


NOTHING: Final = Fixed()


def point(plan: RowPlan, fixed: Fixed = NOTHING) -> Point:
    """What a plan costs."""
    order = order_of(plan)
    overhead = CALL_CYCLES * order.calls + ENTRY_CYCLES * len(order.entries)
    return Point(plan, state_bytes(plan), fixed.constant_bytes + order.size, overhead)


def points(graph: Graph, schedule: str = "auto", fixed: Fixed = NOTHING) -> tuple[Point, ...]:
    """Plans to choose from: one for `rows` and for `whole`; for `auto` those that no other beats, least RAM first."""
    scratch = fixed.scratch_bytes
    match schedule:
        case "whole":
            return (point(plan_rows(graph, whole_tensors(graph), scratch_bytes=scratch), fixed),)
        case "rows":
            return (point(plan_rows(graph, all_rows(graph), scratch_bytes=scratch), fixed),)
        case "auto":
            found = sorted((point(plan, fixed) for plan in search(graph, scratch)), key=_costs)
            front = [p for p in found if not any(other.beats(p) for other in found)]
            return tuple({_costs(p): p for p in front}.values())
        case _:
            raise InputError(f"there is no schedule {schedule!r}", f"take one of {', '.join(SCHEDULES)}")


def choose(graph: Graph, schedule: str = "auto", fixed: Fixed = NOTHING) -> RowPlan:
    """The plan of a schedule with the least RAM."""
    return pick(points(graph, schedule, fixed), None, None).plan


def pick(found: tuple[Point, ...], ram: int | None, flash: int | None) -> Point:
    """The fastest point within a budget; the one with the least RAM without one, or if none fits."""
    fitting = [p for p in found if p.fits(ram, flash)]
    if ram is None or not fitting:
        return min(fitting or found, key=_costs)
    return min(fitting, key=lambda p: (p.overhead_cycles, *_costs(p)))


def _costs(p: Point) -> tuple[int, int, int]:
    return p.ram_bytes, p.flash_bytes, p.overhead_cycles
