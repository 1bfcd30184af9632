"""What the frameworks for several chips leave to be flashed: an application, for an ESP chip with what starts it."""

from pathlib import Path

from depthwise.codegen.targets.boards import Board

from .esp_partitions import APP_OFFSET, BOOT_OFFSETS, TABLE_OFFSET, first_app, ota_data
from .payload_part import PayloadPart, part_at


def framework_parts(folder: Path, board: Board, app: str, loader: str, table: str) -> list[PayloadPart]:
    """An application alone, or for an ESP chip with its second-stage boot loader and partition table."""
    chip = dict(board.flashing).get("esptool")
    if chip is None:
        return [part_at(folder, app, board.flash_start)]
    parts = [part_at(folder, loader, BOOT_OFFSETS.get(chip, 0)), part_at(folder, table, TABLE_OFFSET)]
    found = ota_data(parts[1].data)
    blank = [PayloadPart(found[0], "blank OTA data", b"\xff" * found[1])] if found else []
    return [*parts, *blank, part_at(folder, app, first_app(parts[1].data) or APP_OFFSET)]
