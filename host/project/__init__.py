"""An exported project folder, read back."""

from .exported import Project, open_project
from .exported_way import board_of_project, core_of_project, exported_way

__all__ = ["Project", "board_of_project", "core_of_project", "exported_way", "open_project"]
