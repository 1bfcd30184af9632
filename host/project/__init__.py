"""An exported project folder, read back."""

from .exported import Project, open_project
from .exported_way import core_of_project, exported_way

__all__ = ["Project", "core_of_project", "exported_way", "open_project"]
