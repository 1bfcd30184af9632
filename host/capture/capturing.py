"""Takes pictures from a board until there are as many as are wanted, or until Ctrl-C."""

import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from depthwise.codegen.errors import LinkError
from depthwise.host.link import CameraFormat, Hello, Link
from depthwise.host.progress import Progress

from .captured_files import suffix_of
from .label_folder import LabelFolder, label_folder


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureRequest:
    """Where pictures go: FOLDER/LABEL; how many there are to be in it (None: no end), seconds from one to the next."""

    folder: Path
    label: str
    count: int | None
    every: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured:
    """What was taken: the new files, how many there are now, whether Ctrl-C ended it, damaged frames on the line."""

    folder: Path
    label: str
    camera: CameraFormat
    files: tuple[Path, ...]
    there: int
    interrupted: bool
    damaged: int

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        camera = self.camera
        return {
            "folder": str(self.folder),
            "label": self.label,
            "height": camera.height,
            "width": camera.width,
            "channels": camera.channels,
            "type": camera.type.name.lower(),
            "format": suffix_of(camera).removeprefix("."),
            "taken": len(self.files),
            "there": self.there,
            "written": [str(file) for file in self.files],
            "interrupted": self.interrupted,
            "damaged_frames": self.damaged,
        }


def capture(
    link: Link, request: CaptureRequest, progress: Progress, pause: Callable[[float], None] = time.sleep
) -> Captured:
    """Take pictures into FOLDER/LABEL; those that are there stay, and count.

    `progress` is told of rows; Ctrl-C leaves the whole pictures. Raises LinkError, with how many are whole, if the
    board cannot be talked to or takes none, InputError for a folder that does not fit.
    """
    hello, camera = link.hello(), link.camera()
    into = label_folder(request.folder, request.label, camera)
    wanted, files, interrupted = _wanted(into, request), list[Path](), False
    try:
        for data in _pictures(link, hello, camera, wanted, progress):
            files.append(into.add(data))
            if len(files) != wanted:
                pause(request.every)
    except KeyboardInterrupt:
        interrupted = True
    except LinkError as error:
        raise type(error)(f"{error.message} ({len(files)} new pictures are whole)", error.hint) from None
    return Captured(
        folder=request.folder,
        label=request.label,
        camera=camera,
        files=tuple(files),
        there=len(into.numbers),
        interrupted=interrupted,
        damaged=link.damaged,
    )


def _wanted(into: LabelFolder, request: CaptureRequest) -> int | None:
    """How many pictures are still to be taken; None: no end."""
    return None if request.count is None else max(request.count - len(into.numbers), 0)


def _pictures(
    link: Link, hello: Hello, camera: CameraFormat, wanted: int | None, progress: Progress
) -> Iterator[bytes]:
    """Rows of one picture after another. Their numbers begin by the clock: no picture of an earlier run has one."""
    first = time.time_ns() // 1000 % 2**31
    for taken in itertools.count() if wanted is None else range(wanted):
        before, total = taken * camera.height, (wanted or 0) * camera.height

        def fetched(row: int, _: int, before: int = before, total: int = total) -> None:
            progress(before + row, total or before + camera.height)

        yield link.picture(first + taken, camera, hello, fetched)
