"""The folder of a class: pictures 00001.png, 00002.png and so on, of which none is ever written over."""

import os
import re
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from depthwise.codegen.errors import InputError
from depthwise.codegen.naming import shape_text
from depthwise.codegen.project.inside import is_inside
from depthwise.host.link import CameraFormat

from .captured_files import array_shape, file_of, shape_in, suffix_of

NUMBERED: Final = re.compile(r"(\d+)\.(png|npy)")
DIGITS: Final = 5


@dataclass(frozen=True, slots=True)
class LabelFolder:
    """FOLDER/LABEL, for pictures of one camera."""

    path: Path
    camera: CameraFormat

    @property
    def numbers(self) -> list[int]:
        """Numbers of the pictures that are there."""
        found = (NUMBERED.fullmatch(entry.name) for entry in self.path.iterdir())
        return [int(match[1]) for match in found if match]

    def add(self, data: bytes) -> Path:
        """Put a picture, rows as the board sends them, behind those that are there; whole or not at all.

        Raises InputError where it cannot be written.
        """
        content, number = file_of(self.camera, data), max(self.numbers, default=0)
        while True:
            number += 1
            path = self.path / f"{number:0{DIGITS}}{suffix_of(self.camera)}"
            try:
                _write_new(path, content)
            except FileExistsError:  # another board's picture came in between
                continue
            except OSError as error:
                raise InputError(f"cannot write {path}: {error.strerror or error}", "choose another place") from None
            return path


def label_folder(folder: Path, label: str, camera: CameraFormat) -> LabelFolder:
    """Make FOLDER/LABEL, if it is not there.

    Raises InputError for a label that is no name of a folder, and where pictures of another size lie in any class.
    """
    if not is_inside(label) or "/" in label or "\\" in label or label.startswith("."):
        raise InputError(f"label {label!r} cannot be the name of a folder", "give a word, as --label cat")
    _check_sizes(folder, camera)
    path = folder / label
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot make folder {path}: {error.strerror}", "choose another place") from None
    return LabelFolder(path, camera)


def _check_sizes(folder: Path, camera: CameraFormat) -> None:
    """Look at one picture of each class."""
    wanted = camera.shape if camera.is_image else array_shape(camera)
    for place in sorted(folder.iterdir()) if folder.is_dir() else ():
        names = sorted(entry.name for entry in place.iterdir()) if place.is_dir() else []
        first = next((place / name for name in names if NUMBERED.fullmatch(name)), None)
        found = () if first is None else shape_in(first)
        if found and found != wanted:
            raise InputError(
                f"{first} is {shape_text(found)}, the board's camera takes {shape_text(wanted)}",
                "choose another folder, or flash the firmware that took those",
            )


def _write_new(path: Path, content: bytes) -> None:
    """Write a file that appears whole. Raises FileExistsError where there is one of that name."""
    handle, name = tempfile.mkstemp(prefix=".depthwise-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
        Path(name).chmod(0o644)
        try:
            path.hardlink_to(name)
        except FileExistsError:
            raise
        except OSError:  # a file system without links
            with path.open("xb") as out:
                out.write(content)
    finally:
        with suppress(FileNotFoundError):
            Path(name).unlink()
