"""What a project folder and a run tell beside the bytes: files changed since the export, an old image, the stack."""

import hashlib
from dataclasses import dataclass

from depthwise.codegen.errors import ToolError
from depthwise.host.build import measure
from depthwise.host.project import Project


@dataclass(frozen=True, slots=True)
class Facts:
    """`edited`: files that are not as they were exported; `newer`: those changed after the image was built.

    `stack_room` is what RAM leaves for the stack, None where that is not known; `stack_used` the most ever used.
    """

    edited: tuple[str, ...]
    newer: tuple[str, ...]
    stack_used: int
    stack_room: int | None
    canary: bool

    @property
    def overflown(self) -> bool:
        """Tell whether the stack has used all there is, and so went further."""
        return self.stack_room is not None and self.stack_used >= self.stack_room

    @property
    def evidence(self) -> tuple[str, ...]:
        """Observations that go with any cause."""
        found = []
        if self.edited:
            found.append(f"changed since the export: {', '.join(self.edited)}")
        if self.newer:
            found.append(f"changed after the image was built: {', '.join(self.newer)}")
        return tuple(found)


def facts_of(project: Project, stack_used: int) -> Facts:
    """Look at the project folder."""
    hashes = hashes_now(project)
    edited = tuple(name for name, digest in project.manifest["files"].items() if hashes[name] != digest)
    built = project.firmware.stat().st_mtime if project.firmware.exists() else None
    newer = tuple(
        name
        for name in project.manifest["files"]
        if built is not None and hashes[name] and (project.folder / name).stat().st_mtime > built
    )
    return Facts(edited, newer, stack_used, stack_room(project), bool(project.manifest["canary"]))


def hashes_now(project: Project) -> dict[str, str]:
    """SHA-256 of each file of the export as it is now; empty for one that is gone."""

    def digest(name: str) -> str:
        path = project.folder / name
        return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""

    return {name: digest(name) for name in project.manifest["files"]}


def stack_room(project: Project) -> int | None:
    """Bytes between the end of .bss and the end of RAM: bare metal alone, where they are the stack's."""
    if not project.board.linker_script or project.kind.brings or not project.firmware.exists():
        return None
    try:
        return project.board.ram_bytes - measure(project).ram_bytes
    except ToolError:
        return None
