"""Rows instead of feature maps: which row of which layer is computed when, and where it lies meanwhile."""

from .choose import SCHEDULES, choose
from .plan import RowPlan, plan_rows
from .simulate import INPUT, Call, Segments, all_rows, simulate, whole_tensors

__all__ = [
    "INPUT",
    "SCHEDULES",
    "Call",
    "RowPlan",
    "Segments",
    "all_rows",
    "choose",
    "plan_rows",
    "simulate",
    "whole_tensors",
]
