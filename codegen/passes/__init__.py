"""Graph to Graph rewrites that never change an output bit."""

from .dead import drop_dead
from .ends import strip_ends
from .fold_constants import fold_constants
from .optimize import Optimized, PassOptions, Survivor, lower, optimize

__all__ = [
    "Optimized",
    "PassOptions",
    "Survivor",
    "drop_dead",
    "fold_constants",
    "lower",
    "optimize",
    "strip_ends",
]
