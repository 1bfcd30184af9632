"""Builds an exported project of any kind, and says what it takes of the board."""

from .build_project import build
from .image_sizes import ImageSizes, measure

__all__ = ["ImageSizes", "build", "measure"]
