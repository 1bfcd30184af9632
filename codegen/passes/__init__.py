"""Graph to Graph rewrites that never change an output bit."""

from .absorb_pad import absorb_pad
from .as_convolutions import as_convolutions
from .as_tables import as_tables
from .compose_moves import compose_moves
from .dead import drop_dead
from .drop_identities import drop_identities
from .ends import strip_ends
from .fold_constants import fold_constants
from .fold_shuffles import fold_shuffles
from .fuse_clamps import fuse_clamps
from .fuse_forks import fuse_forks
from .fuse_tables import fuse_tables
from .narrow import narrow
from .optimize import Optimized, PassOptions, Survivor, lower, optimize
from .skip_softmax import skip_softmax

__all__ = [
    "Optimized",
    "PassOptions",
    "Survivor",
    "absorb_pad",
    "as_convolutions",
    "as_tables",
    "compose_moves",
    "drop_dead",
    "drop_identities",
    "fold_constants",
    "fold_shuffles",
    "fuse_clamps",
    "fuse_forks",
    "fuse_tables",
    "lower",
    "narrow",
    "optimize",
    "skip_softmax",
    "strip_ends",
]
