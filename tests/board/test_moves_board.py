"""Bytes that are moved and set on virtual boards: at every address, by rows and whole."""

import socket
import subprocess
from pathlib import Path
from typing import Final

import pytest

from depthwise.codegen.emit.network_view import variant
from depthwise.codegen.kernels.library import library_header
from depthwise.codegen.passes.optimize import lower
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.schedule import choose
from depthwise.codegen.targets.boards import board
from depthwise.codegen.targets.cores import core
from depthwise.host.demo import MODEL
from depthwise.host.emulate.qemu import virtual_board
from depthwise.host.project import open_project
from tests.support.conformance.harness import given_to
from tests.support.core_program import core_program
from tests.support.programs import Case
from tests.support.turned_networks import SEEDS, bordered, turned
from tests.support.waiting import received, started

BOARDS: Final = ("mps2-m4", "mps2-m0plus", "mps3-m55")
SETTING_BOARDS: Final = (*BOARDS, "mps2-m3")
# Sets every number of bytes at every address in a word, and reports how many bytes are not as they should be.
SETTING: Final = """
#include "board.h"
#include "dw_set_bytes.h"
enum { AROUND = 8, MOST = 300 };
static int8_t bytes[AROUND + 4 + MOST + AROUND] __attribute__((aligned(4)));
static uint32_t wrong(int first, int count, int value)
{
    uint32_t found = 0;
    for (int i = 0; i < (int)sizeof bytes; i++) {
        bytes[i] = (int8_t)(i * 7 + 1);
    }
    dw_set_bytes(bytes + first, value, count);
    for (int i = 0; i < (int)sizeof bytes; i++) {
        found += bytes[i] != (int8_t)(i >= first && i < first + count ? value : i * 7 + 1);
    }
    return found;
}
int main(void)
{
    dw_board_init();
    while (dw_board_receive() < 0) {
    }
    uint32_t found[2] = {0, 0};
    for (int first = AROUND; first < AROUND + 4; first++) {
        for (int count = 0; count <= MOST; count++) {
            found[0] += wrong(first, count, count % 3 - 128);
            found[1] += (uint32_t)count;
        }
    }
    dw_board_send((const uint8_t *)found, sizeof found);
    for (;;) {
    }
}
"""


@pytest.mark.parametrize("board_name", BOARDS)
def test_what_is_moved_on_a_board_equals_the_golden_model(board_name: str, tmp_path: Path) -> None:
    target, made = core(board(board_name).core), list[Case]()
    for seed in SEEDS:
        for name, draw in (("turned", turned), ("bordered", bordered)):
            graph = lower(draw(seed))
            if graph.nodes:
                plan = choose(graph, ("rows", "whole")[seed // 2 % 2], variant(graph, target))
                made.append(Case.of(f"{name}{seed}", plan, given_to(graph, seed), target))
    assert core_program(made, board_name, tmp_path / "project", trace=True).faults() == {}


@pytest.mark.parametrize("board_name", SETTING_BOARDS)
def test_bytes_are_set_at_every_address_and_none_beside_them(board_name: str, tmp_path: Path) -> None:
    folder = tmp_path / "p"
    export(MODEL, folder, ExportOptions(board=board(board_name)))
    for path in [*(folder / "network").iterdir(), *(folder / "app").glob("*.c")]:
        path.unlink()
    (folder / "app" / "main.c").write_text(SETTING)
    for name in ("dw_set_bytes.h", "dw_asm.h", "dw_fixedpoint.h"):
        (folder / "network" / name).write_bytes(library_header(name).read_bytes())
    subprocess.run(["make", "--silent", "-C", str(folder)], check=True, capture_output=True)
    project = open_project(folder)
    with virtual_board(project.firmware, project.board) as url:
        host, port = url.removeprefix("socket://").split(":")
        with socket.create_connection((host, int(port))) as line:
            reported = started(line)
            while len(reported) < 8:
                reported += received(line)
    assert [int.from_bytes(reported[at : at + 4], "little") for at in (0, 4)] == [0, 4 * sum(range(301))]
