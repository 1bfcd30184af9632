"""An exported project folder, read back."""

from .exported import Project, open_project

__all__ = ["Project", "open_project"]
