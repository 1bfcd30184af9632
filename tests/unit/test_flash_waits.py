"""Boards whose flash waits: what their files say is what their firmware sets, and what is decided by it."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from depthwise.codegen.errors import InputError
from depthwise.codegen.graph import Graph
from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.kernels.predict import layer_cycles, layer_waits
from depthwise.codegen.kernels.weight_storage import NEVER
from depthwise.codegen.passes import optimize
from depthwise.codegen.project.picked_way import Wishes, ways_on
from depthwise.codegen.project.placement import Placement
from depthwise.codegen.schedule import Point
from depthwise.codegen.targets.boards import Board, board, boards, core_of, read_board
from tests.support.models import read

WAIT_STATES = re.compile(r"\.wait_states = (\d+)")
WAITING = {name: b for name, b in boards().items() if any("stm32" in source for source in b.sources)}
L4R5 = board("nucleo-l4r5zi")
# Some whose flash reads lines as wide as two weights for three pixels need, and some that are narrower.
FLASHES = {
    "narrow": L4R5,
    "wide": replace(L4R5, flash_line_bytes=32, flash_wait_states=1),
    "no data cache": board("nrf52840dk"),
}


def int16_layers(point: Point, target: Board) -> list[int]:
    kernels = choose_kernels(point.plan.graph, core_of(target).families, point.variant.int16_from)
    return [c.layer.node.layer for c in kernels.chosen.values() if c.layer.int16_weights]


def time_behind(graph: Graph, made_for: Board, target: Board) -> int:
    """Predicted cycles behind a board's flash with the kernels that are picked for another's, weights always int8."""
    kernels = choose_kernels(graph, core_of(made_for).families, NEVER)
    cycles = {tensor: layer_cycles(chosen) for tensor, chosen in kernels.chosen.items()}
    return sum(cycles[t] + layer_waits(c, target.flash, cycles[t]) for t, c in kernels.chosen.items())


@pytest.mark.parametrize("name", WAITING)
def test_a_board_says_the_wait_states_that_its_firmware_sets(name: str) -> None:
    found = [m for source in WAITING[name].source_files for m in WAIT_STATES.findall(source.read_text())]
    assert [int(m) for m in found] in ([], [WAITING[name].flash_wait_states])


@pytest.mark.parametrize("flash", [None, 500_000])
def test_weights_become_int16_where_flash_does_not_wait_and_stay_int8_where_it_waits_long(flash: int | None) -> None:
    graph = optimize(read("kws_dscnn_int8")).graph
    slow, at_once = replace(L4R5, flash_wait_states=30), replace(L4R5, flash_wait_states=0)
    picked = {b: ways_on(graph, b, Wishes(flash=flash)).picked for b in (slow, at_once)}
    assert not int16_layers(picked[slow], slow)
    assert int16_layers(picked[at_once], at_once)
    assert picked[slow].flash_bytes < picked[at_once].flash_bytes


@pytest.mark.parametrize("name", FLASHES)
@pytest.mark.parametrize("model", ["kws_dscnn_int8", "vww_96_int8"])
def test_what_is_picked_for_a_flash_is_predicted_to_be_no_slower_there_than_what_is_for_others(
    model: str, name: str
) -> None:
    """Kernels for another flash, or for one that never waits, take no fewer cycles behind this one."""
    graph, target = optimize(read(model)).graph, FLASHES[name]
    own = time_behind(graph, target, target)
    for other in (*FLASHES.values(), replace(target, flash_wait_states=0)):
        assert own <= time_behind(graph, other, target)


def test_code_in_ram_waits_for_constants_alone() -> None:
    graph = optimize(read("kws_dscnn_int8")).graph
    usual, placed = (ways_on(graph, Placement(ram_code=n).room(L4R5)).picked for n in (False, True))
    assert 0 < placed.waits < usual.waits
    assert placed.time < usual.time


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("flash_line_bytes = 12", "flash_line_bytes is 12, it must be 4, 8, 16, 32 or 64"),
        ("flash_line_bytes = 0", "flash_line_bytes is 0, it must be 4, 8, 16, 32 or 64"),
        ("flash_data_cache_bytes = 100", "flash_data_cache_bytes is 100, it must be a multiple of flash_line_bytes"),
        ("flash_wait_states = 5000", "flash_wait_states is 5,000, it must be at most 1,000"),
        ("flash_prefetch = 4", "flash_prefetch is 4, it must be 0 or 1"),
        ("flash_cache_bytes = 4096", "has flash_instruction_cache_bytes and flash_cache_bytes"),
        ("flash_line_bytes = -8", "it must be a number from 0"),
        ("flash_lines = 8", "has a field 'flash_lines' that no board has"),
    ],
)
def test_a_value_that_no_flash_has_is_refused_with_its_field_and_what_it_must_be(
    line: str, why: str, tmp_path: Path
) -> None:
    text = (L4R5.folder / "board.toml").read_text()
    key = line.split(" = ", maxsplit=1)[0]
    without = re.sub(rf"^{key} = .*\n", "", text, flags=re.MULTILINE)
    (tmp_path / "board.toml").write_text(without.replace("ram_start", f"{line}\nram_start", 1))
    with pytest.raises(InputError, match=re.escape(why)):
        read_board(tmp_path / "board.toml")


def test_a_board_that_says_its_wait_states_alone_has_narrow_lines_and_no_cache(tmp_path: Path) -> None:
    text = (L4R5.folder / "board.toml").read_text()
    text = re.sub(r"^flash_(line|\w*cache|prefetch)\w* = .*\n", "", text, flags=re.MULTILINE)
    (tmp_path / "board.toml").write_text(text)
    found = read_board(tmp_path / "board.toml").flash
    assert (found.wait_states, found.line, found.instruction_cache, found.data_cache) == (5, 8, 0, 0)
