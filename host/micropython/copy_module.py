"""Copies a module and its weights to a board: what is there already is left, what arrives damaged is refused."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from depthwise.codegen.errors import FlashError, FlashInterruptedError, LinkError, ProjectError, StaleFirmwareError
from depthwise.host.progress import Progress
from depthwise.host.project import Project

from .firmware import Firmware, built_in, firmware_of, pick
from .repl_board import SAME_AGAIN, WORK_SECONDS, ReplBoard, open_board

METHOD: Final = "mpremote"
# Bytes in one piece of code: the board holds it as text, and again as bytes.
CHUNK: Final = 1024
OPEN: Final = """from binascii import a2b_base64 as d
f=open({path!r},'wb')
w=f.write"""
MOVE: Final = """import os
os.rename({old!r},{new!r})
if hasattr(os,'sync'):
 os.sync()"""


@dataclass(frozen=True, slots=True)
class BoardFile:
    """A file on the board; `copied` is False if it was there already, by its hash."""

    name: str
    bytes: int
    sha256: str
    copied: bool


@dataclass(frozen=True, slots=True)
class Copied:
    """What a board now holds; no files where the module is a part of its firmware."""

    port: str
    firmware: Firmware
    tries: int
    files: tuple[BoardFile, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        files = [asdict(f) for f in self.files]
        firmware = {**asdict(self.firmware), "arch": self.firmware.arch}
        told = {"method": METHOD, "port": self.port, "tries": self.tries, "built_in": not self.files}
        return {**told, "micropython": firmware, "files": files}


def copy(project: Project, port: str, tries: int, report: Progress, announce: Callable[[str], None]) -> Copied:
    """Copy the module that was built for the board's architecture, and its weights, in up to `tries` tries.

    A file is written under another name, compared by SHA-256 and only then renamed: each is the old one or the new
    one at any time. Raises ProjectError if no module is built for the board, FlashError if the line broke each time.
    """
    failed = LinkError(f"no try was made at {port}")
    for number in range(1, tries + 1):
        try:
            with open_board(port) as board:
                return copied(project, board, number, report)
        except LinkError as error:
            failed = error
            if number < tries:
                announce(f"try {number} of {tries} failed: {error.message}")
        except KeyboardInterrupt:
            raise FlashInterruptedError(
                f"interrupted: files on the board at {port} are whole, old or new", SAME_AGAIN
            ) from None
    raise FlashError(
        f"copying to the board at {port} broke off ({tries} {'try' if tries == 1 else 'tries'}): {failed.message}; "
        "each file on it is whole, the old one or the new one",
        failed.hint or SAME_AGAIN,
    )


def copied(project: Project, board: ReplBoard, tries: int, report: Progress) -> Copied:
    """Try number `tries` to copy: as `copy`, on an open board. Raises LinkError if the line is lost."""
    firmware = firmware_of(board)
    if _built_in(project, board):
        return Copied(board.port, firmware, tries, ())
    module = pick(project, firmware)
    contents = [(path.name, _read(path)) for path in (module.weights, module.path)]
    total, files, done = sum(len(data) for _, data in contents), list[BoardFile](), 0
    for name, data in contents:
        digest = hashlib.sha256(data).hexdigest()
        there = board.sha256(name) == digest
        if not there:
            _put(board, name, data, digest, lambda part, before=done: report(before + part, total))  # type: ignore[misc]
        done += len(data)
        report(done, total)
        files.append(BoardFile(name, len(data), digest, not there))
    return Copied(board.port, firmware, tries, tuple(files))


def _built_in(project: Project, board: ReplBoard) -> bool:
    """Tell whether the module is a part of the firmware. Raises StaleFirmwareError if that is of another model."""
    name, sha = str(project.manifest["name"]), project.model_sha256
    there = built_in(board, name)
    if there and there != sha:
        raise StaleFirmwareError(
            f"the firmware of the board at {board.port} has {name} of model {there[:12]}, "
            f"this project is of model {sha[:12]}: stale firmware",
            "build this project's module into the firmware again",
        )
    return there is not None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ProjectError(f"cannot read {path}: {error.strerror or error}", "run `depthwise build` again") from None


def _put(board: ReplBoard, name: str, data: bytes, digest: str, report: Callable[[int], None]) -> None:
    """Write a file whole, or leave the one that was there. Raises LinkError if it did not arrive as it was sent."""
    fresh = f"{name}.new"
    board.run(OPEN.format(path=fresh), WORK_SECONDS)
    for start in range(0, len(data), CHUNK):
        part = data[start : start + CHUNK]
        board.run(f"w(d('{base64.b64encode(part).decode()}'))", WORK_SECONDS)
        report(start + len(part))
    board.run("f.close()", WORK_SECONDS)
    found = board.sha256(fresh)
    if found != digest:
        raise LinkError(f"{name} arrived damaged: SHA-256 {found[:12]}, sent was {digest[:12]}", SAME_AGAIN)
    board.run(MOVE.format(old=fresh, new=name), WORK_SECONDS)
