"""Builds an exported project with make, and reads from the image what it takes of the board."""

import re
import shutil
import subprocess
from dataclasses import asdict, dataclass
from typing import Any, Final

from depthwise.codegen.errors import DoesNotFitError, ToolError

from .project import Project

PACKAGES: Final = {
    "arm-none-eabi-": "gcc-arm-none-eabi libnewlib-arm-none-eabi",
    "riscv64-unknown-elf-": "gcc-riscv64-unknown-elf",
    "": "gcc binutils",
}


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes of a firmware image by the ELF's own section sizes; `library_*` is the network's part."""

    flash_bytes: int
    ram_bytes: int
    library_flash_bytes: int
    library_ram_bytes: int

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


def build(project: Project) -> Sizes:
    """Run make in the project. Raises ToolError naming what to install, or with the compiler's last lines."""
    prefix = project.board.toolchain
    for tool, package in (
        ("make", "make"),
        (f"{prefix}gcc", PACKAGES[prefix]),
        (f"{prefix}size", PACKAGES[prefix]),
    ):
        if shutil.which(tool) is None:
            raise ToolError(f"{tool} is not installed", f"apt install {package}")
    run = subprocess.run(["make", "-j2", "-C", str(project.folder)], capture_output=True, text=True, check=False)
    if run.returncode:
        overflow = re.search(r"region `(\w+)' overflowed by (\d+) bytes", run.stderr)
        if overflow is not None:
            raise DoesNotFitError(
                f"{project.manifest['name']} is {int(overflow[2]):,} bytes too long for the {overflow[1]} of "
                f"{project.board.name} ({project.board.flash_bytes:,} bytes of flash)",
                "take a board with more flash, give export --flash, or build without --trace",
            )
        last = "\n".join(run.stderr.strip().splitlines()[-12:])
        raise ToolError(f"make failed in {project.folder}:\n{last}")
    return measure(project)


def measure(project: Project) -> Sizes:
    """Sizes of the built image and of the library's object file."""
    image = _sections(project, "build/firmware.elf")
    library = _sections(project, f"build/network/{project.manifest['name']}.o")
    return Sizes(
        flash_bytes=_sum(image, ".text", ".data", ".rodata"),
        ram_bytes=_sum(image, ".data", ".bss"),
        library_flash_bytes=_sum(library, ".text", ".rodata", ".data"),
        library_ram_bytes=_sum(library, ".data", ".bss"),
    )


def _sections(project: Project, name: str) -> dict[str, int]:
    command = [f"{project.board.toolchain}size", "-A", str(project.folder / name)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        raise ToolError(f"cannot measure {name}: {run.stderr.strip()}", "run `depthwise build` again")
    rows = (line.split() for line in run.stdout.splitlines() if line.startswith("."))
    return {row[0]: int(row[1]) for row in rows if len(row) == 3}


def _sum(sections: dict[str, int], *kinds: str) -> int:
    """Bytes of sections of these kinds. Constants that a loader relocates (.data.rel.ro) are read-only: as .rodata."""
    known = {".rodata" if n.startswith(".data.rel.ro") else n: 0 for n in sections}
    for name, size in sections.items():
        known[".rodata" if name.startswith(".data.rel.ro") else name] += size
    return sum(size for name, size in known.items() if any(name == k or name.startswith(f"{k}.") for k in kinds))
