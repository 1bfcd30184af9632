"""Picks a schedule: which layers run as rows, which as whole tensors, for a budget of RAM and flash."""

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Final

from depthwise.codegen.errors import InputError
from depthwise.codegen.graph import Graph

from .bookkeeping import state_bytes
from .order import order_of
from .placement import RowPlan
from .search import Report, nobody, search
from .simulate import all_rows, whole_tensors
from .views import plan_rows

SCHEDULES: Final = ("auto", "rows", "whole")
ENTRY_CYCLES: Final = 25  # of a Cortex-M4, for an entry of the order


@dataclass(frozen=True, slots=True)
class Variant:
    """What kernels take whatever the schedule: bytes of scratch and of constants, cycles where they are predicted.

    Weights used at least `int16_from` times are stored as int16 (kernels/weight_storage.py): by that variants of the
    same kernels differ. The `usual` one is taken unless there is a budget for flash. Kernels are those that take no
    more than `most_scratch` bytes. `code_bytes` of flash are likely to be enough for the code of the firmware. `moved`
    are cycles of layers that plans may make views of, by the tensor they compute; `cycles` count them as copies.
    `waits` are cycles that layers wait for flash, beside those.
    """

    scratch_bytes: int = 0
    constant_bytes: int = 0
    cycles: int = 0
    int16_from: int = 0
    usual: bool = True
    _: KW_ONLY
    code_bytes: int = 0
    most_scratch: int = 2**31
    moved: tuple[tuple[int, int], ...] = ()
    waits: int = 0

    def cycles_with(self, views: frozenset[int]) -> int:
        """Cycles of the layers where some are views, which take none."""
        return self.cycles - sum(cycles for tensor, cycles in self.moved if tensor in views)


USUAL: Final = Variant()


@dataclass(frozen=True, slots=True)
class Point:
    """A plan with a variant of kernels and what it costs: bytes of RAM, bytes of constants in flash, cycles.

    Cycles are the layers' with zero flash wait states, where they are predicted, and those of following the order.
    """

    plan: RowPlan
    variant: Variant
    ram_bytes: int
    flash_bytes: int
    cycles: int

    @property
    def waits(self) -> int:
        """Predicted cycles of waiting for flash, beside the others."""
        return self.variant.waits

    @property
    def time(self) -> int:
        """All predicted cycles."""
        return self.cycles + self.waits

    @property
    def image_bytes(self) -> int:
        """Flash of the whole firmware, as far as is known before it is compiled."""
        return self.flash_bytes + self.variant.code_bytes

    def fits(self, ram: int | None, flash: int | None, image: int | None = None) -> bool:
        """Tell whether a budget is kept, `image` being one for the whole firmware; None is no limit."""
        limits = ((self.ram_bytes, ram), (self.flash_bytes, flash), (self.image_bytes, image))
        return all(limit is None or size <= limit for size, limit in limits)

    def beats(self, other: "Point") -> bool:
        """Tell whether this is nowhere worse and somewhere better."""
        mine, its = _costs(self), _costs(other)
        return mine != its and all(a <= b for a, b in zip(mine, its, strict=True))


def point(plan: RowPlan, variant: Variant = USUAL) -> Point:
    """What a plan costs."""
    return points_of(plan, (variant,))[0]


def points_of(plan: RowPlan, variants: Sequence[Variant]) -> tuple[Point, ...]:
    """What a plan costs with the kernels, and so with the scratch, of each variant."""
    order = order_of(plan)
    walked = ENTRY_CYCLES * len(order.entries)
    with_scratch = {size: plan.with_scratch(size) for size in {v.scratch_bytes for v in variants}}
    ways = [(with_scratch[v.scratch_bytes], v) for v in variants]
    return tuple(
        Point(p, v, state_bytes(p), v.constant_bytes + order.size, v.cycles_with(p.views) + walked) for p, v in ways
    )


def points(graph: Graph, schedule: str = "auto", *variants: Variant, report: Report = nobody) -> tuple[Point, ...]:
    """Plans to choose from, as `plans` finds them, each with every variant of the kernels that no other beats."""
    return front(plans(graph, schedule, report), variants or (USUAL,))


def front(plans: Sequence[RowPlan], variants: Sequence[Variant]) -> tuple[Point, ...]:
    """Plans with variants of the kernels that no other beats, least RAM first; of equal ones the usual variant."""
    tried = [p for plan in plans for p in points_of(plan, variants)]
    found = sorted(tried, key=lambda p: (_costs(p), not p.variant.usual))
    first: dict[tuple[int, int, int], Point] = {}
    for p in (p for p in found if not any(other.beats(p) for other in found)):
        first.setdefault(_costs(p), p)
    return tuple(first.values())


def plans(graph: Graph, schedule: str = "auto", report: Report = nobody) -> tuple[RowPlan, ...]:
    """Plans without scratch: one for `rows` and for `whole`; for `auto` those of a search that no other beats.

    `report` is told how far the search is.
    """
    match schedule:
        case "whole":
            return (plan_rows(graph, whole_tensors(graph)),)
        case "rows":
            return (plan_rows(graph, all_rows(graph)),)
        case "auto":
            return search(graph, report)
        case _:
            raise InputError(f"there is no schedule {schedule!r}", f"take one of {', '.join(SCHEDULES)}")


def choose(graph: Graph, schedule: str = "auto", variant: Variant = USUAL) -> RowPlan:
    """The plan of a schedule with the least RAM."""
    return pick(points(graph, schedule, variant), None, None).plan


def pick(found: tuple[Point, ...], ram: int | None, flash: int | None, image: int | None = None) -> Point:
    """The fastest point within a budget, or the one with the least of everything if none fits.

    Without a budget for flash, kernels are the usual ones, or the fastest for which `image` bytes have room beside the
    code; without one for RAM, it is the least.
    """
    fitting = [p for p in found if p.fits(ram, flash, image)]
    if not fitting:
        return min([p for p in found if p.fits(ram, flash)] or found, key=_costs)
    usual = [p for p in fitting if p.variant.usual] if flash is None else fitting
    least = min(p.ram_bytes for p in usual or fitting)
    kept = [p for p in usual or fitting if ram is not None or p.ram_bytes == least]
    return min(kept, key=lambda p: (p.time, *_costs(p)))


def _costs(p: Point) -> tuple[int, int, int]:
    return p.ram_bytes, p.flash_bytes, p.time
