"""What a built project takes of its board, by the sections of the ELF files that its build left."""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from depthwise.codegen.errors import ToolError
from depthwise.codegen.project.placement import CODE_RAM, RAM_CODE
from depthwise.host.project import Project

from .elf import MemorySection, sections

FLASH: Final = frozenset({".text", ".rodata", ".data", RAM_CODE, CODE_RAM})
RAM: Final = frozenset({".data", ".bss", RAM_CODE})
NO_CONTENT: Final = "heap|dummy"


@dataclass(frozen=True, slots=True)
class ImageSizes:
    """Bytes of a firmware image by the ELF's own section sizes; `library_*` is the network's part.

    Of that `ram_code_bytes` are code that lies in RAM, counted with it unless the board has a RAM for code alone.
    """

    flash_bytes: int
    ram_bytes: int
    library_flash_bytes: int
    library_ram_bytes: int
    ram_code_bytes: int = 0

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


def measure(project: Project) -> ImageSizes:
    """Sizes of the built image and of the network's object file. Raises ToolError if one of them is not there."""
    image, library = sections(project.firmware), sections(_library(project))
    if project.kind.brings:
        return ImageSizes(*_of_framework(image), *_of_names(library))
    placed = sum(s.size for s in library if s.name.startswith((RAM_CODE, CODE_RAM)))
    return ImageSizes(*_of_names(image), *_of_names(library), placed)


def _library(project: Project) -> Path:
    """The network's object file, wherever the framework puts it; of a library, the archive itself."""
    if project.firmware.suffix == ".a":
        return project.firmware
    name, built = project.manifest["name"], project.folder / Path(project.kind.image).parts[0]
    found = [p for end in ("o", "c.o", "c.obj") for p in built.rglob(f"{name}.{end}")]
    if not found:
        raise ToolError(f"{built} holds no object file of {name}", "run `depthwise build` again")
    return max(found, key=lambda p: p.stat().st_mtime)


def _of_names(found: Iterable[MemorySection]) -> tuple[int, int]:
    """Flash and RAM by the compiler's names. Constants that a loader relocates (.data.rel.ro) are read-only."""
    flash = ram = 0
    for section in found:
        kind = ".rodata" if section.name.startswith(".data.rel.ro") else f".{section.name.split('.')[1]}"
        flash += section.size if kind in FLASH else 0
        ram += section.size if kind in RAM else 0
    return flash, ram


def _of_framework(found: Iterable[MemorySection]) -> tuple[int, int]:
    """Flash and RAM by what sections are: their names are the framework's own. Room for a heap is none of ours."""
    real = [s for s in found if not re.search(NO_CONTENT, s.name)]
    return sum(s.size for s in real if not s.empty), sum(s.size for s in real if s.writable)
