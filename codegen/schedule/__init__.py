"""Rows instead of feature maps: which row of which layer is computed when, and where it lies meanwhile."""

from .bodies import is_view
from .bookkeeping import Bookkeeping, bookkeeping, state_bytes
from .choose import SCHEDULES, Point, Variant, choose, front, pick, plans, point, points, points_of
from .order import Guard, Order, guards_of, order_of, step_numbers, steps
from .placement import RowPlan
from .search import Report, nobody
from .simulate import INPUT, Call, Segments, all_rows, whole_tensors
from .states import StateCopy, state_copies
from .views import plan_rows

__all__ = [
    "INPUT",
    "SCHEDULES",
    "Bookkeeping",
    "Call",
    "Guard",
    "Order",
    "Point",
    "Report",
    "RowPlan",
    "Segments",
    "StateCopy",
    "Variant",
    "all_rows",
    "bookkeeping",
    "choose",
    "front",
    "guards_of",
    "is_view",
    "nobody",
    "order_of",
    "pick",
    "plan_rows",
    "plans",
    "point",
    "points",
    "points_of",
    "state_bytes",
    "state_copies",
    "step_numbers",
    "steps",
    "whole_tensors",
]
