"""The Pico's image, second stage and UF2 included, on an RP2040 of rp2040js and copied to its drive; the Pico 2's."""

import platform
import shutil
import struct
import threading
import zlib
from pathlib import Path
from typing import Final

import pytest

from depthwise.codegen.errors import FlashError, InputError
from depthwise.host.demo import MODEL
from depthwise.host.flash.flash_method import Job
from depthwise.host.flash.flashing import flash
from depthwise.host.flash.methods import Choice
from depthwise.host.flash.payload import payload
from depthwise.host.flash.programs import Programs
from depthwise.host.kinds import uf2_image
from depthwise.host.link import Link
from depthwise.host.project import Project
from depthwise.host.verify import verify
from depthwise.host.verify.inputs import generated_inputs
from tests.support.projects import built
from tests.support.rp2_chips import CHIPS, Chip, started
from tests.support.rp2040 import rp2040, runs_here

START: Final = 0x10000000
TABLE: Final = bytes(int(f"{n:08b}"[::-1], 2) for n in range(256))


@pytest.fixture(scope="module")
def project() -> Project:
    return built("pico", MODEL, trace=True)


@pytest.mark.skipif(not runs_here(), reason="no node or rp2040js: make rp2040js")
def test_the_image_computes_every_byte_on_an_emulated_rp2040(project: Project) -> None:
    with rp2040(project.folder / "build" / "firmware.uf2") as url, Link.open(url) as link:
        verdict = verify(project, link, generated_inputs(project.graph, 2, seed=0))
    assert (verdict.equal, verdict.board, verdict.tensors) == (True, "pico", 15)


def test_the_second_stage_ends_with_the_checksum_that_the_rom_asks_for(project: Project) -> None:
    """CRC-32, not reflected: that of zlib over bytes whose bits are mirrored (RP2040 Datasheet, 2.8.1.3.1)."""
    stage = (project.folder / "build" / "firmware.bin").read_bytes()[:256]
    mirrored = zlib.crc32(stage[:252].translate(TABLE)) ^ 0xFFFFFFFF
    assert int(f"{mirrored:032b}"[::-1], 2) == struct.unpack("<I", stage[252:])[0]


def test_uf2_blocks_hold_the_image_address_by_address(project: Project) -> None:
    data = (project.folder / "build" / "firmware.bin").read_bytes()
    image = (project.folder / "build" / "firmware.uf2").read_bytes()
    assert image == uf2_image(data, START, "RPI-RP2")
    blocks = [struct.unpack("<8I476sI", image[at : at + 512]) for at in range(0, len(image), 512)]
    assert b"".join(b[8][:256] for b in blocks)[: len(data)] == data
    assert [(b[3], b[5], b[6]) for b in blocks] == [(START + 256 * n, n, len(blocks)) for n in range(len(blocks))]
    assert {(b[0], b[1], b[2], b[7], b[9]) for b in blocks} == {
        (0x0A324655, 0x9E5D5157, 0x2000, 0xE48BFF56, 0x0AB16F30)
    }


def test_a_drive_of_no_known_chip_gets_no_image() -> None:
    with pytest.raises(InputError, match="FEATHER"):
        uf2_image(b"", START, "FEATHER")


def test_the_pico_2s_image_says_what_it_is_where_its_boot_rom_looks() -> None:
    """RP2350 Datasheet, 5.9.5.1, "Minimum Arm IMAGE_DEF", in the first 4 KB; the vectors come first."""
    made = built("pico2", MODEL)
    data = (made.folder / "build" / "firmware.bin").read_bytes()
    assert struct.pack("<5I", 0xFFFFDED3, 0x10210142, 0x000001FF, 0, 0xAB123579) in data[:4096]
    stack, reset = struct.unpack("<2I", data[:8])
    assert (stack, reset % 2) == (0x20082000, 1)
    assert START <= reset < START + len(data)
    assert struct.unpack("<I", (made.folder / "build" / "firmware.uf2").read_bytes()[28:32]) == (0xE48BFF59,)


@pytest.mark.skipif(platform.machine() != "x86_64" or platform.system() != "Linux", reason="registers are mapped")
@pytest.mark.parametrize("chip", CHIPS.values(), ids=CHIPS)
def test_registers_get_the_clock_and_the_speed_that_the_data_sheets_formulas_ask_for(chip: Chip) -> None:
    done = started(chip)
    (feedback,), (divisors,) = done.written(chip.pll + 8), done.written(chip.pll + 12)
    core_hz = 12_000_000 * feedback // (divisors >> 16 & 7) // (divisors >> 12 & 7)
    assert (core_hz, int(done.answer("clock")[0], 16)) == (chip.core_hz, chip.core_hz)
    assert 750_000_000 <= 12_000_000 * feedback <= 1_600_000_000
    (whole,), (rest,) = done.written(chip.uart + 0x24), done.written(chip.uart + 0x28)
    assert abs(core_hz / 16 / (whole + rest / 64) / 115_200 - 1) < 0.002
    assert done.written(chip.resets + 0x3000) == [chip.peripherals]
    assert done.written(chip.io + 4) == done.written(chip.io + 12) == [2]
    pads = [done.written(chip.pads + at)[-1] for at in (4, 8)]
    assert [pad & 1 << 8 for pad in pads] == [0, 0], "isolated"
    assert pads[1] & 0x4C == 0x48, "input, pulled up and not down"
    assert done.written(0xE000E100 + 4 * (chip.interrupt // 32)) == [1 << chip.interrupt % 32]


@pytest.mark.skipif(platform.machine() != "x86_64" or platform.system() != "Linux", reason="registers are mapped")
def test_without_a_crystal_a_chip_does_not_hang() -> None:
    assert int(started(CHIPS["pico2"], crystal=False).answer("clock")[0], 16) == 12_000_000


@pytest.mark.parametrize("taken", [True, False])
def test_the_drive_that_takes_an_image_is_gone_afterwards(
    project: Project, taken: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEPTHWISE_DRIVES", str(tmp_path))
    drive = tmp_path / "RPI-RP2"
    drive.mkdir()
    arrived: list[bytes] = []

    def rom(done: int, of: int) -> None:
        if done == of:
            arrived.append((drive / "firmware.uf2").read_bytes())
            if taken:
                threading.Thread(target=shutil.rmtree, args=(drive,)).start()

    given = payload(project.folder, project.kind, project.board)
    job = Job(project.board, given, argument="RPI-RP2", report=rom, programs=Programs(), drive_seconds=0.2)
    choice = Choice("uf2", "RPI-RP2", "")
    if taken:
        assert flash(job, choice, 1, print).checked is False
    else:
        with pytest.raises(FlashError, match="the drive RPI-RP2 is still there"):
            flash(job, choice, 1, print)
    assert arrived[0] == (project.folder / "build" / "firmware.uf2").read_bytes()
