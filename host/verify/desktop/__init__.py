"""The desktop beside the board: what LiteRT makes of the same inputs, layer by layer, and why it differs."""

from .comparison import Comparison, LayerFinding, compare_desktop
from .litert import DESKTOPS, Desktop

__all__ = ["DESKTOPS", "Comparison", "Desktop", "LayerFinding", "compare_desktop"]
