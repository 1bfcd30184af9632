"""Picks a schedule: which layers run as rows, which as whole tensors."""

from typing import Final

from depthwise.codegen.errors import InputError
from depthwise.codegen.graph import Graph

from .plan import RowPlan, plan_rows
from .simulate import all_rows, whole_tensors

SCHEDULES: Final = ("auto", "rows", "whole")


def choose(graph: Graph, schedule: str = "auto") -> RowPlan:
    """Plan a graph: `rows`, `whole`, or `auto`, the least RAM of all ways to run the first layers as rows.

    All schedules multiply equally often. Late layers have few and wide rows, so the rings of a pipeline through
    all layers can take more than whole tensors that reuse the memory of the rows before them.
    """
    whole = whole_tensors(graph)
    match schedule:
        case "whole":
            return plan_rows(graph, whole)
        case "rows":
            return plan_rows(graph, all_rows(graph))
        case "auto":
            tried = (plan_rows(graph, ((0, k), *whole[k:])) for k in range(1, len(whole) + 1))
            return min(tried, key=lambda plan: plan.arena_bytes)
        case _:
            raise InputError(f"there is no schedule {schedule!r}", f"take one of {', '.join(SCHEDULES)}")
