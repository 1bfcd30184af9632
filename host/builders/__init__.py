"""How each kind of project is built: which programs it takes, and what is called."""

from .kinds import RECIPES, Recipe, Tool
from .run import run
from .sizes import Sizes, measure

__all__ = ["RECIPES", "Recipe", "Sizes", "Tool", "measure", "run"]
