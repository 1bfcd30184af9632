"""Builds an exported project of any kind, and says what it takes of the board."""

from depthwise.host.project import Project

from .image_sizes import ImageSizes, measure
from .kinds import RECIPES
from .run_recipe import run
from depthwise.host.progress import Progress, nobody


def build(project: Project, tick: Progress = nobody) -> ImageSizes:
    """Run the programs that build this kind of project; `tick` is told (done, total) where they count.

    Raises ToolError naming what to install, or with the program's last lines; DoesNotFitError if the image is too
    large for the board.
    """
    run(project, RECIPES[project.kind.name](project), tick)
    return measure(project)
