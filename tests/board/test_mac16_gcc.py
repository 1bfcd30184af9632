"""GCC for the ESP32 builds the firmware of the virtual board whole: its windowed code, MAC16 by its own assembler."""

import shutil
from pathlib import Path
from typing import Final

import pytest

from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.graph import Graph
from depthwise.codegen.operators import Activation
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.targets.boards import board
from depthwise.host.build import build
from depthwise.host.emulate.qemu import virtual_board
from depthwise.host.link import Link
from depthwise.host.project import open_project
from depthwise.host.verify import verify
from depthwise.host.verify.inputs import generated_inputs
from tests.support.compilers import NO_LIBC
from tests.support.dsp_networks import at_minimum, separable_chain
from tests.support.esp_idf import XTENSA_HAS
from tests.support.projects import skip_without_tools

GCC: Final = "xtensa-esp32-elf-gcc"
BOARD: Final = "xtensa-lx"
DRIVER: Final = f"""#!/bin/sh
case " $* " in
*" -c "*) exec {GCC} {" ".join(XTENSA_HAS)} -mtext-section-literals -ffreestanding -isystem {NO_LIBC} "$@" ;;
*) exec {GCC} -nostdlib "$@" ;;
esac
"""
NETWORKS: Final = {
    "linear": lambda: separable_chain(11, Activation.NONE),
    "relu": lambda: at_minimum(separable_chain(12, Activation.RELU)),
}


@pytest.mark.skipif(shutil.which(GCC) is None, reason=f"no {GCC} (Espressif's toolchain)")
@pytest.mark.parametrize("name", NETWORKS)
def test_a_firmware_that_gcc_builds_is_equal_on_the_virtual_board(name: str, tmp_path: Path) -> None:
    skip_without_tools(board(BOARD))
    graph: Graph = NETWORKS[name]()
    model = tmp_path / "net.tflite"
    model.write_bytes(write_model(graph))
    export(model, tmp_path / "p", ExportOptions(board=board(BOARD), trace=True))
    (tmp_path / "p" / "board" / "xtensa-cc.sh").write_text(DRIVER)
    project = open_project(tmp_path / "p")
    build(project)
    with virtual_board(project.firmware, project.board) as url, Link.open(url) as link:
        verdict = verify(project, link, generated_inputs(project.graph, 1, seed=0))
    assert verdict.equal, str(verdict.difference)
