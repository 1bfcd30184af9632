"""Builds an exported project of any kind, and says what it takes of the board."""

from depthwise.codegen.project.whole_file import write_whole
from depthwise.host.kinds import room_of, uf2_image
from depthwise.host.progress import Progress, nobody
from depthwise.host.project import Project

from .image_sizes import ImageSizes, measure
from .ram_code import check_ram_code
from .run_recipe import run


def build(project: Project, report: Progress = nobody) -> ImageSizes:
    """Run the programs that build this kind of project; `report` is told (done, total) where they count.

    MicroPython's modules are built by `build_natmods`. Raises ToolError naming what to install, or with the program's
    last lines, or where code did not get into RAM; DoesNotFitError if the image is too large for the board.
    """
    recipe = room_of(project.kind).recipe
    assert recipe is not None
    run(project, recipe(project), report)
    if project.board.linker_script and not project.kind.brings:
        check_ram_code(project)
    _write_uf2(project)
    return measure(project)


def _write_uf2(project: Project) -> None:
    """Where a board's drive takes UF2 images, one beside the image: it can be dropped there by hand."""
    parts, drive = room_of(project.kind).parts, dict(project.board.flashing).get("uf2")
    if parts is None or drive is None:
        return
    (part,) = parts(project.folder, project.board)
    path = project.firmware.with_suffix(".uf2")
    write_whole(path, uf2_image(part.data, part.address, drive))
