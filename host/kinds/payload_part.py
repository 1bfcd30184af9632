"""A part of what is flashed, and how it is found in the folder of a project that has been built."""

from dataclasses import dataclass
from pathlib import Path
from shlex import quote

from depthwise.codegen.errors import ProjectError


@dataclass(frozen=True, slots=True)
class PayloadPart:
    """Bytes for one place: `address` as the chip sees its flash (STM32), or from the start of the flash (ESP)."""

    address: int
    name: str
    data: bytes

    @property
    def end(self) -> int:
        """Address behind its last byte."""
        return self.address + len(self.data)


def part_at(folder: Path, name: str, address: int) -> PayloadPart:
    """A file of the project as a part. Raises ProjectError as `read_built`."""
    return PayloadPart(address, name, read_built(folder, name))


def read_built(folder: Path, name: str) -> bytes:
    """A file that the build has left. Raises ProjectError if it is not there, empty, or cannot be read."""
    try:
        data = (folder / name).read_bytes()
    except FileNotFoundError:
        raise not_built(folder, name) from None
    except OSError as error:
        raise ProjectError(f"cannot read {folder / name}: {error.strerror or error}") from None
    if not data:
        raise ProjectError(f"{folder / name} is empty", f"run `depthwise build {quote(str(folder))}` again")
    return data


def not_built(folder: Path, name: str) -> ProjectError:
    """The error for a project without a file that its build makes."""
    return ProjectError(f"{folder} is not built: there is no {name}", f"run `depthwise build {quote(str(folder))}`")
