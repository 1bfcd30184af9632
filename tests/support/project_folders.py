"""Small projects in folders with files of the user's, and a disk that fails at any step of replacing them."""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

from depthwise.codegen.errors import ProjectError
from depthwise.codegen.project.disk import DISK
from depthwise.codegen.project.replace import replace_project
from depthwise.codegen.version import MANIFEST_VERSION, VERSION

OLD = {"Makefile": b"all:", "network/net.c": b"old", "network/gone/x.h": b"x", "app/main.c": b"main"}
NEW = {"Makefile": b"all:", "network/net.c": b"new, longer", "app/main.c": b"changed", "extra/deep/y.c": b"y"}
MINE = {".git/HEAD": b"ref", "main/my_app.c": b"mine", "network/mine.c": b"beside", "build/firmware.elf": b"\x7fELF"}


def whole(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Contents of a project with the manifest that lists them."""
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    port = {"shape": [1, 4], "scale": 1.0, "zero_point": 0}
    manifest = {
        "manifest_version": MANIFEST_VERSION,
        "tool_version": VERSION,
        **dict.fromkeys(("name", "board", "core", "project", "build_flags", "build_id"), "x"),
        **dict.fromkeys(("trace", "canary"), False),
        **dict.fromkeys(("ram_bytes", "block_bytes", "weight_bytes", "macs", "calls"), 0),
        **{key: [] for key in ("traced", "labels", "layers")},
        **dict.fromkeys(("input", "output"), port),
        "passes": {"input_range": [-128, 127], "rewrite": True, "argmax": False},
        "model": {"file": "m.tflite", "sha256": "0" * 64},
        "files": hashes,
    }
    return {**files, "manifest.json": json.dumps(manifest).encode()}


def put(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def content_of(folder: Path) -> dict[str, bytes]:
    """Every file of a folder; empty folders as names that end with a slash."""
    found = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*"))}
    empty = {f"{name}/": b"" for name, path in found.items() if path.is_dir() and not any(path.iterdir())}
    return {**{name: path.read_bytes() for name, path in found.items() if path.is_file()}, **empty}


class Breaking:
    """Does steps until one is to fail: then, and before it is done, `fails` is called; half a file is written first."""

    def __init__(self, step: int, fails: "Failure") -> None:
        self.left = step
        self.fails = fails

    def __getattr__(self, name: str) -> object:
        def step(*arguments: object) -> None:
            if self.left == 0:
                if name == "write":
                    path, data, *_ = arguments
                    assert isinstance(path, Path)
                    assert isinstance(data, bytes)
                    path.write_bytes(data[: len(data) // 2])
                self.fails(self)
            self.left -= 1
            getattr(DISK, name)(*arguments)

        return step


class Failure:
    """How a step fails."""

    def __init__(self, how: str) -> None:
        self.how = how

    def __call__(self, disk: Breaking) -> None:
        if self.how == "killed":
            os._exit(9)
        if self.how == "once":
            disk.left = -1
        raise OSError(28, "No space left on device")


def steps(folder: Path, files: Mapping[str, bytes], **options: bool) -> int:
    """How many steps a replacement takes."""
    counting = Breaking(-1, Failure("never"))
    replace_project(folder, files, replace=True, disk=counting, **options)  # type: ignore[arg-type]
    return -1 - counting.left


def attempt(folder: Path, disk: Breaking) -> None:
    """Replace in a process of its own, which may end at any step."""
    child = os.fork()
    if not child:
        try:
            replace_project(folder, whole(NEW), replace=True, overwrite_edited=True, disk=disk)  # type: ignore[arg-type]
        except ProjectError:
            os._exit(2)
        os._exit(0)
    os.waitpid(child, 0)


EDITED = {"app/main.c": b"my fix"}
BEFORE = {**whole(OLD), **MINE, **EDITED}
AFTER = {**whole(NEW), **MINE, "app/main.c.orig": b"my fix"}


def fresh(folder: Path) -> Path:
    replace_project(folder, whole(OLD), replace=False)
    put(folder, {**MINE, **EDITED})
    return folder
