"""Runs the programs of a build: shows how far they are, and makes one error of what goes wrong."""

import re
import shutil
from typing import Final

from depthwise.codegen.errors import DepthwiseError, DoesNotFitError, ToolError
from depthwise.host.children import child
from depthwise.host.kinds import BuildRecipe
from depthwise.host.progress import Progress, nobody
from depthwise.host.project import Project

LAST_LINES: Final = 12
STEP: Final = re.compile(r"^\[ *(\d+)(?:/(\d+)|%)\]")
SMALLER: Final = "take a board with more memory, give export --ram or --flash, or build without --trace"
# What the linkers and frameworks say of an image that is too large: groups `memory` and `bytes` where they are told.
TOO_LARGE: Final = (
    re.compile(r"region [`'](?P<memory>\w+)':? overflowed by (?P<bytes>\d+) bytes"),
    re.compile(r"app partition(?:s are| is) too small for binary .*?\(overflow (?P<bytes>0x[0-9a-f]+)\)", re.DOTALL),
    re.compile(r"(?P<memory>text|data) section exceeds available space in board"),
    re.compile(r"Error: The (?P<memory>program) size \(\d+ bytes\) is greater than maximum allowed \(\d+ bytes\)"),
)


def run(project: Project, recipe: BuildRecipe, report: Progress = nobody) -> None:
    """Build a project. Raises ToolError for a missing program or a failed one, DoesNotFitError for too large an image.

    `report` is told (done, total) where a program counts its steps.
    """
    for tool in recipe.tools:
        if shutil.which(tool.name) is None:
            raise ToolError(f"{tool.name} is not installed", tool.install)
    for command in recipe.commands:
        code, said = _run(project, command, report)
        if code:
            raise _explained(project, recipe, command, said)


def _run(project: Project, command: tuple[str, ...], report: Progress) -> tuple[int, list[str]]:
    """Exit code and lines of a program, errors among them."""
    lines = []
    with child(command, folder=project.folder) as process:
        assert process.stdout is not None
        for line in process.stdout:
            lines.append(line.rstrip())
            step = STEP.match(line)
            if step is not None:
                report(int(step[1]), int(step[2] or 100))
        return process.wait(), lines


def _explained(project: Project, recipe: BuildRecipe, command: tuple[str, ...], said: list[str]) -> DepthwiseError:
    text = "\n".join(said)
    for pattern in TOO_LARGE:
        found = pattern.search(text)
        if found is not None:
            return _too_large(project, found.groupdict())
    last = "\n".join([line for line in said if line.strip()][-LAST_LINES:])
    hint = next((hint for words, hint in recipe.hints if re.search(words, text)), "")
    return ToolError(f"{command[0]} failed in {project.folder}:\n{last}", hint)


def _too_large(project: Project, told: dict[str, str | None]) -> DoesNotFitError:
    board, count = project.board, told.get("bytes")
    by = f"{int(count, 0):,} bytes too long" if count else "too long"
    placed = bool(project.manifest.get("options", {}).get("ram_code"))
    alone = f", {board.code_ram_bytes:,} for code alone" if placed and board.code_ram_bytes else ""
    return DoesNotFitError(
        f"{project.manifest['name']} is {by} for the {told.get('memory') or 'application partition'} of "
        f"{board.name} ({board.flash_bytes:,} bytes of flash, {board.ram_bytes:,} of RAM{alone})",
        f"{SMALLER}, or without --ram-code" if placed else SMALLER,
    )
