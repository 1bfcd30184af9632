"""Builds an exported project of any kind, and says what it takes of the board."""

from .build_project import build
from .image_sizes import Sizes, measure
from .kinds import RECIPES, Recipe, Tool

__all__ = ["RECIPES", "Recipe", "Sizes", "Tool", "build", "measure"]
