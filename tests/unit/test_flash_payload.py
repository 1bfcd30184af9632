"""What of a built project goes where: made-up build folders as each build system leaves them."""

import json
import struct
from dataclasses import replace
from pathlib import Path

import pytest

from depthwise.codegen.errors import ProjectError
from depthwise.codegen.project.project_kinds import KINDS
from depthwise.codegen.targets.boards import Board, board
from depthwise.host.flash.payload import Payload, payload
from depthwise.host.kinds import PayloadPart

STM32 = board("netduinoplus2")


def esp(chip: str) -> Board:
    return replace(
        STM32, name=f"{chip}-board", flashing=(("esptool", chip),), emulator=None, projects=(("arduino", ""),)
    )


def entry(kind: int, subtype: int, offset: int, size: int) -> bytes:
    return struct.pack("<2sBBII16sI", b"\xaa\x50", kind, subtype, offset, size, b"name", 0)


NVS = entry(1, 2, 0x9000, 0x5000)
OTA_DATA = entry(1, 0, 0xE000, 0x2000)
TWO_APPS = (
    NVS + OTA_DATA + entry(0, 0x11, 0x150000, 0x140000) + entry(0, 0x10, 0x10000, 0x140000) + b"\xeb\xeb" + bytes(30)
)
ONE_APP = NVS + entry(0, 0, 0x20000, 0x100000) + b"\xff" * 64


def put(folder: Path, **files: bytes) -> None:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def places(found: Payload) -> list[tuple[int, bytes]]:
    return [(p.address, p.data) for p in found.parts]


@pytest.mark.parametrize("kind", ["bare", "stm32"])
def test_bare_metal_is_one_image_at_the_start_of_the_flash(tmp_path: Path, kind: str) -> None:
    put(tmp_path, **{"build/firmware.bin": b"image"})
    assert places(payload(tmp_path, KINDS[kind], STM32)) == [(0x08000000, b"image")]


def test_esp_idf_lists_its_parts_itself(tmp_path: Path) -> None:
    listed = {"0x10000": "app.bin", "0x0": "bootloader/bootloader.bin", "0x8000": "partition_table/partition-table.bin"}
    put(tmp_path, **{f"build/{name}": name.encode() for name in listed.values()})
    put(tmp_path, **{"build/flasher_args.json": json.dumps({"flash_files": listed}).encode()})
    assert [p.address for p in payload(tmp_path, KINDS["esp-idf"], esp("esp32c3")).parts] == [0, 0x8000, 0x10000]


@pytest.mark.parametrize("text", ["{", "{}", "[]", '{"flash_files": {"x": "app.bin"}}', '{"flash_files": 3}'])
def test_a_damaged_list_of_esp_idf_is_one_clear_error(tmp_path: Path, text: str) -> None:
    put(tmp_path, **{"build/flasher_args.json": text.encode(), "build/app.bin": b"app"})
    with pytest.raises(ProjectError, match=r"flasher_args.json is damaged.*; run `depthwise build"):
        payload(tmp_path, KINDS["esp-idf"], esp("esp32"))


@pytest.mark.parametrize(("chip", "offset"), [("esp32", 0x1000), ("esp32s3", 0), ("esp32c3", 0), ("esp32c6", 0)])
def test_arduino_on_an_esp_brings_boot_loader_table_and_forgets_which_app_ran(
    tmp_path: Path, chip: str, offset: int
) -> None:
    stem = "build/verify.ino"
    put(tmp_path, **{f"{stem}.bin": b"app", f"{stem}.bootloader.bin": b"boot", f"{stem}.partitions.bin": TWO_APPS})
    put(tmp_path, **{f"{stem}.merged.bin": b"not this", f"{stem}.elf": b"nor this"})
    expected = [(offset, b"boot"), (0x8000, TWO_APPS), (0xE000, b"\xff" * 0x2000), (0x10000, b"app")]
    assert places(payload(tmp_path, KINDS["arduino"], esp(chip))) == expected


def test_the_application_goes_where_the_partition_table_has_room_for_it(tmp_path: Path) -> None:
    inside = ".pio/build/esp32-board"
    names = ("firmware", "bootloader", "partitions")
    put(tmp_path, **{f"{inside}/{n}.bin": d for n, d in zip(names, (b"app", b"boot", ONE_APP), strict=True)})
    assert places(payload(tmp_path, KINDS["platformio"], esp("esp32")))[-1] == (0x20000, b"app")


def test_platformio_for_an_stm32_is_one_image(tmp_path: Path) -> None:
    put(tmp_path, **{".pio/build/nucleo/firmware.bin": b"app"})
    assert places(payload(tmp_path, KINDS["platformio"], STM32)) == [(0x08000000, b"app")]


def test_of_several_environments_the_one_called_as_the_board_is_taken(tmp_path: Path) -> None:
    put(tmp_path, **{".pio/build/a/firmware.bin": b"a", ".pio/build/b/firmware.bin": b"b"})
    with pytest.raises(ProjectError, match="2 environments: a, b"):
        payload(tmp_path, KINDS["platformio"], STM32)
    put(tmp_path, **{".pio/build/netduinoplus2/firmware.bin": b"mine"})
    assert places(payload(tmp_path, KINDS["platformio"], STM32)) == [(0x08000000, b"mine")]


@pytest.mark.parametrize(
    ("made", "line", "address"),
    [
        (STM32, b"", 0x08000000),
        (STM32, b"# CONFIG_FLASH_LOAD_OFFSET is not set\n", 0x08000000),
        (STM32, b"CONFIG_X=y\nCONFIG_FLASH_LOAD_OFFSET=0x20000\n", 0x08020000),
        (esp("esp32"), b"CONFIG_FLASH_LOAD_OFFSET=0x1000\n", 0x1000),
        (esp("esp32c3"), b"CONFIG_FLASH_LOAD_OFFSET=0\n", 0),
    ],
)
def test_zephyr_goes_where_it_was_linked_for(tmp_path: Path, made: Board, line: bytes, address: int) -> None:
    put(tmp_path, **{"build/zephyr/.config": line or b"CONFIG_ARM=y\n", "build/zephyr/zephyr.bin": b"zephyr"})
    assert places(payload(tmp_path, KINDS["zephyr"], made)) == [(address, b"zephyr")]


@pytest.mark.parametrize("kind", ["bare", "stm32", "esp-idf", "arduino", "platformio", "zephyr"])
def test_a_project_that_is_not_built_is_answered_with_the_command(tmp_path: Path, kind: str) -> None:
    with pytest.raises(ProjectError, match=rf"is not built: there is no .*; run `depthwise build {tmp_path}`"):
        payload(tmp_path, KINDS[kind], esp("esp32"))


def test_an_empty_image_is_an_error(tmp_path: Path) -> None:
    put(tmp_path, **{"build/firmware.bin": b""})
    with pytest.raises(ProjectError, match=r"firmware.bin is empty"):
        payload(tmp_path, KINDS["stm32"], STM32)


def test_parts_that_overlap_are_an_error(tmp_path: Path) -> None:
    stem = "build/verify.ino"
    put(tmp_path, **{f"{stem}.bin": b"app", f"{stem}.bootloader.bin": bytes(0x8000), f"{stem}.partitions.bin": ONE_APP})
    with pytest.raises(ProjectError, match=r"bootloader.bin ends at 0x9000, .*partitions.bin begins at 0x8000"):
        payload(tmp_path, KINDS["arduino"], esp("esp32"))


@pytest.mark.parametrize(("name", "kind"), [("mps2-m3", "bare"), ("host", "host"), ("netduinoplus2", "library")])
def test_what_has_no_flash_cannot_be_flashed(tmp_path: Path, name: str, kind: str) -> None:
    with pytest.raises(ProjectError, match="cannot be flashed"):
        payload(tmp_path, KINDS[kind], board(name))


def test_progress_counts_the_bytes_below_an_address() -> None:
    two = Payload((PayloadPart(0x100, "a", bytes(16)), PayloadPart(0x200, "b", bytes(16))))
    assert [two.written(a) for a in (0, 0x108, 0x150, 0x204, 0x999)] == [0, 8, 16, 20, 32]
    assert two.total_bytes == 32
