"""What each layer of a plan costs on a core: the one answer of plan, fit, inspect, report and verify.

A layer that is a view in the plan moves nothing, and costs nothing.
"""

from dataclasses import dataclass

from depthwise.codegen.kernels.choice import Chosen, choose_kernels
from depthwise.codegen.kernels.predict import layer_cycles, layer_instructions, layer_waits
from depthwise.codegen.kernels.weight_storage import has_both
from depthwise.codegen.schedule import RowPlan, Variant, steps
from depthwise.codegen.targets.cores import Core


@dataclass(frozen=True, slots=True)
class LayerCost:
    """A layer of a plan; `cycles` are None on a core without a model, `instructions` where nobody counted them.

    `waits` are cycles of waiting for flash beside `cycles`, and None where those are.
    """

    chosen: Chosen
    is_view: bool
    cycles: int | None
    instructions: int | None
    waits: int | None


def layer_costs(plan: RowPlan, variant: Variant, target: Core) -> tuple[LayerCost, ...]:
    """Each layer but those that move nothing in any plan; following the order of calls is in none."""
    kernels = choose_kernels(plan.graph, target.families, variant.int16_from, variant.most_scratch)
    return tuple(layer_cost(kernels.of(n), target, is_view=n.output in plan.views) for n in steps(plan.graph))


def layer_cost(chosen: Chosen, target: Core, *, is_view: bool) -> LayerCost:
    """What one layer costs on a core."""
    cycles = layer_cycles(chosen) if target.predicted else None
    instructions = layer_instructions(target.instructions, chosen) if target.instructions else None
    waits = None if cycles is None else layer_waits(chosen, target.flash, cycles)
    if is_view:
        cycles, instructions, waits = (None if spent is None else 0 for spent in (cycles, instructions, waits))
    return LayerCost(chosen, is_view, cycles, instructions, waits)


def time_of(chosen: Chosen, target: Core) -> tuple[int, int]:
    """Cycles of a layer that is no view, or its instructions where counted, and cycles of waiting for flash.

    Both are 0 where variants do not differ by them.
    """
    if not has_both(target.families):
        return 0, 0
    if target.instructions:
        return layer_instructions(target.instructions, chosen), 0
    cycles = layer_cycles(chosen)
    return cycles, layer_waits(chosen, target.flash, cycles)
