"""What fits a board in some form is taken in that form, and a board that is named as large enough is."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from depthwise.codegen.emit.network_view import variant, variants
from depthwise.codegen.errors import DoesNotFitError
from depthwise.codegen.formats.tflite.reader import read_model
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.graph import Graph
from depthwise.codegen.kernels.weight_storage import BALANCED, NEVER, ways_to_store
from depthwise.codegen.operators import Activation
from depthwise.codegen.passes import optimize
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.project.memory import network_room
from depthwise.codegen.project.within_ram import points_within
from depthwise.codegen.schedule import pick, points
from depthwise.codegen.targets.boards import Board, board
from tests.support.dsp_networks import M4, with_least_weights
from tests.support.network_builder import Builder


def network() -> Graph:
    """Pointwise layers that use each weight 1024, 256 and 16 times, about 17 KB of them that are no lanes of two."""
    build = Builder(1)
    x = build.input(1, 32, 32, 8)
    for channels, stride in ((64, 1), (64, 2), (128, 4)):
        x = build.conv(x, channels, (1, 1), stride=(stride, stride), activation=Activation.RELU)
    return with_least_weights(build.finish("three", x))


def network_of(path: Path) -> Graph:
    return optimize(read_model(path)).graph


def with_flash(flash: int) -> Board:
    """One whose flash does not wait."""
    return replace(board("nucleo-f401re"), flash_bytes=flash, flash_wait_states=0)


def model(folder: Path) -> Path:
    path = folder / "three.tflite"
    path.write_bytes(write_model(network()))
    return path


def test_ways_to_store_are_as_many_as_there_are_uses_and_the_usual_one_is_among_them() -> None:
    assert ways_to_store([]) == (BALANCED,)
    assert ways_to_store([4, 4, 256, 64, 144]) == (NEVER, 256, BALANCED, 64, 4)
    assert ways_to_store([4, 64]) == (BALANCED, 64, 4)


def test_every_way_costs_what_the_network_stored_that_way_costs() -> None:
    graph = network()
    for way in variants(graph, M4):
        assert replace(way, code_bytes=0) == replace(variant(graph, M4, way.int16_from), code_bytes=0)


def test_layers_are_stored_as_int8_one_after_another_as_flash_gets_less() -> None:
    graph = network()
    found = points(graph, "whole", *variants(graph, M4))
    picked = [pick(found, None, None, p.image_bytes) for p in sorted(found, key=lambda p: p.image_bytes)]
    assert [p.variant.int16_from for p in picked] == [NEVER, 1024, BALANCED, BALANCED]
    assert pick(found, None, None, 0).variant.int16_from == NEVER
    assert pick(found, None, None).variant.usual


def test_a_board_with_less_flash_gets_another_form_of_the_same_network(tmp_path: Path) -> None:
    path = model(tmp_path)
    usual = export(path, tmp_path / "usual", ExportOptions(board=with_flash(512 * 1024)))["weight_bytes"]
    small = export(path, tmp_path / "small", ExportOptions(board=with_flash(usual + 16384)))["weight_bytes"]
    assert small < usual
    with pytest.raises(DoesNotFitError, match=r"bytes of flash for constants and at least"):
        export(path, tmp_path / "none", ExportOptions(board=with_flash(small)))


@pytest.mark.parametrize("ram", [None, 256])
def test_the_board_that_is_named_holds_it(ram: int | None, tmp_path: Path) -> None:
    """A board without memory, and a budget that is too small, name boards of other cores."""
    path = model(tmp_path)
    asked = replace(board("nucleo-f401re"), ram_bytes=4096)
    with pytest.raises(DoesNotFitError, match="the closest board that holds it is") as refused:
        export(path, tmp_path / "asked", ExportOptions(board=asked, ram=ram))
    found = re.search(r"holds it is ([\w-]+) with", refused.value.hint)
    assert found is not None
    assert export(path, tmp_path / "named", ExportOptions(board=board(found[1])))["board"] == found[1]


def test_where_ram_is_short_layers_are_computed_with_less_scratch_or_none(tmp_path: Path) -> None:
    build = Builder(2)
    x = build.conv(build.input(1, 8, 8, 64), 8, (3, 3), activation=Activation.RELU)
    path = tmp_path / "wide.tflite"
    path.write_bytes(write_model(build.finish("wide", build.conv(x, 8, (3, 3), activation=Activation.RELU))))
    roomy = board("nucleo-f401re")
    usual = export(path, tmp_path / "usual", ExportOptions(board=roomy))
    room = network_room(network_of(path), roomy)
    assert room is not None
    for less, first in ((1, "conv_2d_dsp"), (1000, "conv_2d_fours")):
        folder = tmp_path / first
        tight = replace(roomy, ram_bytes=roomy.ram_bytes - room + usual["ram_bytes"] - less)
        assert export(path, folder, ExportOptions(board=tight))["ram_bytes"] <= usual["ram_bytes"] - less
        kernels = (folder / "network" / "wide.c").read_text()
        assert f"layer00_{first}(" in kernels
        assert "layer01_conv_2d_columns_dsp(" in kernels  # it keeps its own
    least = points_within(network_of(path), M4, 0)
    assert least[0].variant.scratch_bytes == 0
    with pytest.raises(DoesNotFitError, match=f"at least {least[0].ram_bytes:,} bytes of RAM, the budget is 1;"):
        export(path, tmp_path / "none", ExportOptions(board=roomy, ram=1))
