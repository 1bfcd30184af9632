"""A cable that goes while a board is flashed, and the same command again."""

import hashlib
from pathlib import Path

from depthwise.codegen.targets.boards import board
from depthwise.host.emulate.chips.an3155 import An3155
from depthwise.host.emulate.chips.board_chip import emulated_chip
from depthwise.host.emulate.chips.faults import Fault, FaultKind, Side
from depthwise.host.emulate.chips.served_chip import served
from tests.support.commands import call
from tests.support.projects import built


def digest(folder: Path) -> dict[str, str]:
    files = (p for p in sorted(folder.rglob("*")) if p.is_file())
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def test_when_the_cable_goes_the_same_command_again_finishes_and_nothing_on_disk_has_changed() -> None:
    project = built("netduinoplus2")
    chip = emulated_chip(board("netduinoplus2"))
    assert isinstance(chip, An3155)
    image = (project.folder / "build" / "firmware.bin").read_bytes()
    before = digest(project.folder)
    with served(chip, faults=(Fault(FaultKind.UNPLUG, Side.HOST, len(image) // 2),)) as place:
        command = ("flash", project.folder, "--port", place.url)
        broken = call(*command)
        assert broken.exit_code == 2
        for part in ("half-written", "nothing on this computer has changed", "run the same command again"):
            assert part in broken.stderr
        assert chip.flash.data[: len(image) // 4] == image[: len(image) // 4]
        assert chip.flash.data[: len(image)] != image
        assert digest(project.folder) == before
        place.replug()
        again = call(*command)
        assert again.exit_code == 0
        assert f"depthwise verify {project.folder} --port {place.url}" in again.stdout
    assert chip.flash.data[: len(image)] == image
    assert digest(project.folder) == before
