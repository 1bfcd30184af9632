"""What of a built project goes where in the board's flash memory."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from shlex import quote
from typing import Any, Final

from depthwise.codegen.errors import ProjectError
from depthwise.codegen.targets.boards import Board

from .esp_partitions import APP_OFFSET, BOOT_OFFSETS, TABLE_OFFSET, first_app, ota_data


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


@dataclass(frozen=True, slots=True)
class Payload:
    """All parts, by address; none overlaps another."""

    parts: tuple[PayloadPart, ...]

    @property
    def total_bytes(self) -> int:
        """Bytes of all parts."""
        return sum(len(p.data) for p in self.parts)

    def written(self, address: int) -> int:
        """How many of the bytes lie below an address: progress, for parts that are written in order."""
        return sum(max(0, min(address, p.end) - p.address) for p in self.parts)


def payload(folder: Path, kind: str, board: Board) -> Payload:
    """Parts of a project of a kind that has been built. Raises ProjectError if it has not, or cannot be flashed."""
    if kind not in READERS or (not board.flashing and board.virtual):
        what = f"a project of kind {kind}" if kind not in READERS else f"{board.name}, a virtual board,"
        raise ProjectError(f"{what} cannot be flashed", f"{_run('verify', folder, ' --virtual')} if it runs here")
    parts = sorted(READERS[kind](folder, board), key=lambda p: p.address)
    for first, second in pairwise(parts):
        if first.end > second.address:
            raise ProjectError(
                f"{first.name} ends at {first.end:#x}, {second.name} begins at {second.address:#x}",
                "the partition table has no room for it",
            )
    return Payload(tuple(parts))


def _bare(folder: Path, board: Board) -> list[PayloadPart]:
    return [_part(folder, "build/firmware.bin", board.flash_start)]


def _esp_idf(folder: Path, _: Board) -> list[PayloadPart]:
    """ESP-IDF's build system lists offsets and files in `flasher_args.json`."""
    path = folder / "build" / "flasher_args.json"
    try:
        listed: dict[str, Any] = json.loads(_read(folder, "build/flasher_args.json"))["flash_files"]
        return [_part(folder, f"build/{file}", int(offset, 0)) for offset, file in listed.items()]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ProjectError(f"{path} is damaged: {error!r}", f"{_run('build', folder)} again") from None


def _arduino(folder: Path, board: Board) -> list[PayloadPart]:
    """What `arduino-cli compile --output-dir build` leaves: `<sketch>.ino.bin` and, for ESP boards, more."""
    whole = [p.name for p in sorted((folder / "build").glob("*.ino.bin"))]
    if not whole:
        raise _missing(folder, "build/*.ino.bin")
    app = f"build/{whole[0]}"
    stem = app.removesuffix(".bin")
    return _framework(folder, board, app, f"{stem}.bootloader.bin", f"{stem}.partitions.bin")


def _platformio(folder: Path, board: Board) -> list[PayloadPart]:
    """What `pio run` leaves in the folder of the project's environment."""
    found = sorted((folder / ".pio" / "build").glob("*/firmware.bin"))
    if not found:
        raise _missing(folder, ".pio/build/*/firmware.bin")
    named = [p for p in found if p.parent.name == board.name] or found
    if len(named) > 1:
        raise ProjectError(
            f"{folder} is built for {len(named)} environments: {', '.join(p.parent.name for p in named)}",
            "remove the folders of those that are not to be flashed",
        )
    inside = named[0].parent.relative_to(folder).as_posix()
    return _framework(folder, board, f"{inside}/firmware.bin", f"{inside}/bootloader.bin", f"{inside}/partitions.bin")


def _framework(folder: Path, board: Board, app: str, loader: str, table: str) -> list[PayloadPart]:
    """An application alone, or for an ESP chip with its second-stage boot loader and partition table."""
    chip = dict(board.flashing).get("esptool")
    if chip is None:
        return [_part(folder, app, board.flash_start)]
    parts = [_part(folder, loader, BOOT_OFFSETS.get(chip, 0)), _part(folder, table, TABLE_OFFSET)]
    found = ota_data(parts[1].data)
    blank = [PayloadPart(found[0], "blank OTA data", b"\xff" * found[1])] if found else []
    return [*parts, *blank, _part(folder, app, first_app(parts[1].data) or APP_OFFSET)]


def _zephyr(folder: Path, board: Board) -> list[PayloadPart]:
    """`zephyr.bin`, linked for CONFIG_FLASH_LOAD_OFFSET; on ESP chips with its boot header inside."""
    config = _read(folder, "build/zephyr/.config").decode(errors="replace")
    match = re.search(r"^CONFIG_FLASH_LOAD_OFFSET=(0x[0-9a-fA-F]+|\d+)$", config, re.MULTILINE)
    start = 0 if "esptool" in dict(board.flashing) else board.flash_start
    return [_part(folder, "build/zephyr/zephyr.bin", start + (int(match[1], 0) if match else 0))]


def _part(folder: Path, name: str, address: int) -> PayloadPart:
    return PayloadPart(address, name, _read(folder, name))


def _read(folder: Path, name: str) -> bytes:
    try:
        data = (folder / name).read_bytes()
    except FileNotFoundError:
        raise _missing(folder, name) from None
    except OSError as error:
        raise ProjectError(f"cannot read {folder / name}: {error.strerror or error}") from None
    if not data:
        raise ProjectError(f"{folder / name} is empty", f"{_run('build', folder)} again")
    return data


def _missing(folder: Path, name: str) -> ProjectError:
    return ProjectError(f"{folder} is not built: there is no {name}", _run("build", folder))


READERS: Final[dict[str, Callable[[Path, Board], list[PayloadPart]]]] = {
    "bare": _bare,
    "stm32": _bare,
    "esp-idf": _esp_idf,
    "arduino": _arduino,
    "platformio": _platformio,
    "zephyr": _zephyr,
}


def _run(command: str, folder: Path, options: str = "") -> str:
    return f"run `depthwise {command} {quote(str(folder))}{options}`"
