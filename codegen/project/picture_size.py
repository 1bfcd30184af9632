"""What a project of `--capture` has more: its application sends the host pictures of the board's own camera."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from depthwise.codegen.errors import InputError
from depthwise.codegen.graph import Graph

from .project_kinds import ProjectKind

FIELDS_BYTES: Final = 20  # capture.c: the picture that is fetched, and its row; camera_pattern.c: how many there were
MOST: Final = 65_535  # of what protocol.md has 16 bits for
SIZE_BINDING: Final = ("camera_size.h", "project/camera_size.h.j2")


@dataclass(frozen=True, slots=True)
class PictureSize:
    """The picture that a network takes: what a board shows that has no camera yet."""

    height: int
    width: int
    channels: int

    @property
    def static_bytes(self) -> int:
        """Static RAM that capturing takes on a board, a row of the picture among it."""
        return FIELDS_BYTES + -(-self.width * self.channels // 4) * 4


def picture_size(graph: Graph, kind: ProjectKind) -> PictureSize:
    """The picture that a network takes; a vector is one of height and width 1.

    Raises InputError for a network with several inputs, one of another form, or a project without an application.
    """
    if kind.app is None:
        raise InputError(f"a project of kind {kind.name} has no application that could capture", "leave --capture away")
    if len(graph.inputs) != 1:
        raise InputError(f"{graph.name} has {len(graph.inputs)} inputs, a picture is one", "leave --capture away")
    shape = graph.tensors[graph.inputs[0]].shape[1:]
    height, width, channels = (*(1,) * (3 - len(shape)), *shape) if len(shape) < 3 else shape[-3:]
    if len(shape) > 3 or max(height, width * channels) > MOST:
        raise InputError(
            f"{graph.name} takes an input {shape}, a picture has three sizes, and rows of {MOST:,} values at most",
            "leave --capture away",
        )
    return PictureSize(height, width, channels)


def with_capture(sources: tuple[Path, ...], firmware: Path) -> tuple[Path, ...]:
    """Sources of the application with those of capturing, which take the place of files of the same name."""
    more = {file.name: file for file in sorted((firmware / "capture").glob("*.[ch]"))}
    return (*(file for file in sources if file.name not in more), *more.values())
