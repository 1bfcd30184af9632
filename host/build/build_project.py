"""Builds an exported project of any kind, and says what it takes of the board."""

from depthwise.host.project import Project

from .image_sizes import Sizes, measure
from .kinds import RECIPES
from .run import Tick, run


def build(project: Project, tick: Tick = lambda *_: None) -> Sizes:
    """Run the programs that build this kind of project; `tick` is told (done, total) where they count.

    Raises ToolError naming what to install, or with the program's last lines; DoesNotFitError if the image is too
    large for the board.
    """
    run(project, RECIPES[project.kind.name](project), tick)
    return measure(project)
