"""Builds an exported project of any kind, and says what it takes of the board."""

from depthwise.host.kinds import room_of
from depthwise.host.progress import Progress, nobody
from depthwise.host.project import Project

from .image_sizes import ImageSizes, measure
from .run_recipe import run


def build(project: Project, report: Progress = nobody) -> ImageSizes:
    """Run the programs that build this kind of project; `report` is told (done, total) where they count.

    MicroPython's modules are built by `build_natmods`. Raises ToolError naming what to install, or with the program's
    last lines; DoesNotFitError if the image is too large for the board.
    """
    recipe = room_of(project.kind).recipe
    assert recipe is not None
    run(project, recipe(project), report)
    return measure(project)
