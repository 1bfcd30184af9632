"""Steps on the file system that a transaction is made of: each is done or not done, and lasts once it is done."""

import os
import shutil
import stat
from pathlib import Path
from typing import Final, Protocol


class Disk(Protocol):
    """What a transaction does to a file system, step by step; tests stand in for it to fail at every one."""

    def make_folder(self, folder: Path) -> None:
        """Make one folder, which is not there."""

    def write(self, path: Path, data: bytes, like: Path) -> None:
        """Write a new file and wait until it is on the disk; its permissions are those of `like`, if that is there."""

    def keep(self, path: Path, copy: Path) -> None:
        """Give the content of a file a second name: as a link where the file system has them, else as a copy."""

    def move(self, path: Path, target: Path) -> None:
        """Rename a file; one that is at the target is replaced in the same instant."""

    def remove(self, path: Path) -> None:
        """Remove a file."""

    def remove_folder(self, folder: Path) -> None:
        """Remove an empty folder."""

    def sync(self, folder: Path) -> None:
        """Wait until the names in a folder are on the disk."""


class _RealDisk:
    def make_folder(self, folder: Path) -> None:
        folder.mkdir()

    def write(self, path: Path, data: bytes, like: Path) -> None:
        with path.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if like.is_file():
            path.chmod(stat.S_IMODE(like.stat().st_mode))

    def keep(self, path: Path, copy: Path) -> None:
        try:
            copy.hardlink_to(path)
        except OSError:
            shutil.copy2(path, copy)
            self.sync(copy)

    def move(self, path: Path, target: Path) -> None:
        path.replace(target)

    def remove(self, path: Path) -> None:
        path.unlink()

    def remove_folder(self, folder: Path) -> None:
        folder.rmdir()

    def sync(self, folder: Path) -> None:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


DISK: Final[Disk] = _RealDisk()
