"""What a kind of project has to say of itself on the desk."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from depthwise.codegen.project.project_kinds import ProjectKind
from depthwise.codegen.targets.boards import Board
from depthwise.host.project import Project

from .build_recipe import BuildRecipe
from .payload_part import PayloadPart


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRoom:
    """A kind of project: the recipe that builds it, and what of its folder goes where in a board's flash memory.

    `recipe` is None for modules that no program of others builds (host/build/natmod.py); `parts` for what is no image.
    """

    kind: ProjectKind
    recipe: Callable[[Project], BuildRecipe] | None
    parts: Callable[[Path, Board], list[PayloadPart]] | None
